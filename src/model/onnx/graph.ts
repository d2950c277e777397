import type { ForestPredictor, Pipeline, TreesPredictor } from '../pipeline.ts';
import { featuresOf, memberPipeline, membersOf } from '../pipeline.ts';
import { calibrationNodes, calibrationTensors } from './calibration.ts';
import { combinationNodes, combinationTensors, type Ending } from './combination.ts';
import { denseNodes, denseTensors } from './dense.ts';
import { derivedGraph, doubleInputs, valueNames } from './derived-graph.ts';
import { encodingNodes } from './encoding-graph.ts';
import { ensembleAttributes } from './ensemble.ts';
import { placeMember, type PlacedMember } from './members.ts';
import { naiveBayesNodes, naiveBayesTensors } from './naive-bayes.ts';
import { neighbourNodes, neighbourTensors } from './neighbours.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model-proto.ts';
import { features, inputName, internal, outputNames, scores } from './names.ts';
import { cast, int, ints, learningNode, range, standardNode, string, strings } from './nodes.ts';

/** Version of the graphs that we write; a change of any byte for the same pipeline needs the next number. */
export const modelSchema = 'model/1';
/** Version of the graphs with derived columns, which readers of `model/1` don't know. */
export const derivedSchema = 'model/2';

const margins = `${internal}margins`;
const constant = `${internal}constant`;

/**
 * The graph of a pipeline: one input per column, pre-processing, scores (summed in double and then rounded to float,
 * as `score.ts` does), probabilities and label.
 */
export function graphOf(pipeline: Pipeline): OnnxModel {
  const { task, classes, inputs, derived } = pipeline;
  const doubles = doubleInputs(pipeline);
  const { nodes, tensors } = derivedGraph(pipeline);
  return {
    nodes: [...nodes, ...nodesOf(pipeline)],
    initializers: [...initializersOf(pipeline), ...tensors],
    inputs: inputs.map(({ name, type }) => ({
      name: inputName(name),
      element: type === 'category' ? 'string' : doubles.has(name) ? 'double' : 'float',
      columns: 1,
      doc: type,
    })),
    outputs: outputValues(classes.length),
    metadata: [
      ['schema', derived ? derivedSchema : modelSchema],
      ['task', task],
      ['classes', JSON.stringify(classes)],
      ...(derived ? [['derived', JSON.stringify(derived)] as const] : []),
    ],
  };
}

function outputValues(classes: number): OnnxValue[] {
  const doc = '';
  if (classes === 0) return [{ name: outputNames.variable, element: 'float', columns: 1, doc }];
  return [
    { name: outputNames.label, element: 'string', columns: null, doc },
    { name: outputNames.probabilities, element: 'float', columns: classes, doc },
  ];
}

function nodesOf(pipeline: Pipeline): OnnxNode[] {
  const { predictor, steps, inputs, task, classes } = pipeline;
  const values = valueNames(pipeline);
  const encoding = (): OnnxNode[] => encodingNodes(steps, (name) => values.get(name)!);
  switch (predictor.kind) {
    case 'constant':
      return constantNodes(inputName(inputs[0]!.name), classes);
    case 'linear':
      return [...encoding(), ...linearNodes(), ...outputNodes(task, classes)];
    case 'dense':
      return [...encoding(), ...denseNodes(predictor), ...outputNodes(task, classes)];
    case 'neighbours':
      return [
        ...encoding(),
        ...neighbourNodes(predictor),
        ...(task === 'regression' ? outputNodes(task, classes) : meanNodes(classes)),
      ];
    case 'naive-bayes':
      return [...encoding(), ...naiveBayesNodes(featuresOf(steps)), ...outputNodes('multiclass', classes)];
    case 'trees':
    case 'forest': {
      const levels = featuresOf(steps).map((feature) => feature.levels);
      return [
        ...encoding(),
        cast(features, `${internal}double`, 'double'),
        learningNode(
          'TreeEnsembleRegressor',
          `${internal}double`,
          scores,
          ensembleAttributes(predictor, levels),
        ),
        ...treeOutputNodes(predictor, task, classes),
      ];
    }
    case 'ensemble': {
      const placed = placedMembers(pipeline);
      return composedNodes(placed, combinationNodes(pipeline, predictor, placed), classes);
    }
    case 'calibrated': {
      const placed = placedMembers(pipeline);
      return composedNodes(placed, calibrationNodes(pipeline, predictor, placed[0]!), classes);
    }
  }
}

function placedMembers(pipeline: Pipeline): PlacedMember[] {
  const shared = new Set([
    ...pipeline.inputs.map(({ name }) => inputName(name)),
    ...valueNames(pipeline).values(),
  ]);
  return membersOf(pipeline.predictor).map((member, m) => {
    const alone = memberPipeline(pipeline, member);
    return placeMember(m, nodesOf(alone), initializersOf(alone), shared);
  });
}

function composedNodes(
  placed: readonly PlacedMember[],
  { nodes, outputs, decides }: Ending,
  classes: readonly string[],
): OnnxNode[] {
  const output = classes.length === 0 ? outputNames.variable : outputNames.probabilities;
  return [
    ...placed.flatMap((member) => member.nodes),
    ...nodes,
    cast(outputs, output, 'float'),
    ...(classes.length === 0 ? [] : labelNodes(decides, classes)),
  ];
}

/** The same outputs for each row of the first input. */
function constantNodes(input: string, classes: readonly string[]): OnnxNode[] {
  const rows = `${internal}shape`;
  const repeated = `${internal}repeated`;
  const output = classes.length === 0 ? outputNames.variable : outputNames.probabilities;
  return [
    standardNode('Shape', [input], rows),
    standardNode('Expand', [constant, rows], repeated),
    cast(repeated, output, 'float'),
    ...(classes.length === 0 ? [] : labelNodes(repeated, classes)),
  ];
}

function linearNodes(): OnnxNode[] {
  const double = `${internal}double`;
  const product = `${internal}product`;
  const sum = `${internal}sum`;
  return [
    cast(features, double, 'double'),
    standardNode('MatMul', [double, `${internal}coefficients`], product),
    standardNode('Add', [product, `${internal}intercepts`], sum),
    cast(sum, scores, 'float'),
  ];
}

/** Binary with one score: logistic of -score and of score. The label compares scores, because rounded probabilities may be equal. */
function outputNodes(task: Pipeline['task'], classes: readonly string[]): OnnxNode[] {
  switch (task) {
    case 'regression':
      return [standardNode('Identity', [scores], outputNames.variable)];
    case 'multiclass':
      return [
        standardNode('Softmax', [scores], outputNames.probabilities, [int('axis', 1)]),
        ...labelNodes(scores, classes),
      ];
    case 'binary':
      return [
        standardNode('Neg', [scores], `${internal}negated`),
        standardNode('Concat', [`${internal}negated`, scores], margins, [int('axis', 1)]),
        standardNode('Sigmoid', [margins], outputNames.probabilities),
        ...labelNodes(margins, classes),
      ];
  }
}

function treeOutputNodes(
  predictor: TreesPredictor | ForestPredictor,
  task: Pipeline['task'],
  classes: readonly string[],
): OnnxNode[] {
  if (predictor.kind === 'forest') return meanNodes(classes);
  return predictor.link === 'log' ? exponentialNodes() : outputNodes(task, classes);
}

/** In double, which leaves the same float whatever the engine's way to compute e^x. */
function exponentialNodes(): OnnxNode[] {
  const exponent = `${internal}exponent`;
  const exponential = `${internal}exponential`;
  return [
    cast(scores, exponent, 'double'),
    standardNode('Exp', [exponent], exponential),
    cast(exponential, outputNames.variable, 'float'),
  ];
}

/** A forest's scores are probabilities, and so are those of neighbours. */
function meanNodes(classes: readonly string[]): OnnxNode[] {
  return [standardNode('Identity', [scores], outputNames.probabilities), ...labelNodes(scores, classes)];
}

function labelNodes(values: string, classes: readonly string[]): OnnxNode[] {
  const best = `${internal}class`;
  return [
    standardNode('ArgMax', [values], best, [int('axis', 1), int('keepdims', 0)]),
    learningNode('LabelEncoder', best, outputNames.label, [
      ints('keys_int64s', range(classes.length)),
      strings('values_strings', classes),
      string('default_string', ''),
    ]),
  ];
}

function initializersOf(pipeline: Pipeline): OnnxTensor[] {
  const { predictor, steps, task, classes } = pipeline;
  switch (predictor.kind) {
    case 'constant':
      return [{ name: constant, dims: [1, predictor.outputs.length], data: predictor.outputs }];
    case 'linear': {
      const { width, coefficients, intercepts } = predictor;
      const outputs = intercepts.length;
      const transposed = new Float64Array(coefficients.length);
      for (let k = 0; k < outputs; k++)
        for (let j = 0; j < width; j++) transposed[j * outputs + k] = coefficients[k * width + j]!;
      return [
        { name: `${internal}coefficients`, dims: [width, outputs], data: transposed },
        { name: `${internal}intercepts`, dims: [outputs], data: Float64Array.from(intercepts) },
      ];
    }
    case 'neighbours':
      return neighbourTensors(predictor);
    case 'naive-bayes':
      return naiveBayesTensors(predictor, featuresOf(steps));
    case 'dense':
      return denseTensors(predictor);
    case 'trees':
    case 'forest':
      return [];
    case 'ensemble':
    case 'calibrated': {
      const own =
        predictor.kind === 'ensemble'
          ? combinationTensors(task, predictor)
          : calibrationTensors(classes.length, predictor);
      return [...placedMembers(pipeline).flatMap(({ tensors }) => tensors), ...own];
    }
  }
}
