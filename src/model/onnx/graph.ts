import type { Link, Pipeline } from '../pipeline.ts';
import { featuresOf, linkOf, memberPipeline, membersOf } from '../pipeline.ts';
import { calibrationNodes, calibrationTensors } from './calibration.ts';
import { combinationNodes, combinationTensors, type Ending } from './combination.ts';
import { denseNodes, denseTensors } from './dense.ts';
import { derivedGraph, doubleInputs, valueNames } from './derived-graph.ts';
import { encodingNodes } from './encoding-graph.ts';
import { endingNodes, labelNodes, type LinkPrecision } from './ending.ts';
import { ensembleAttributes } from './ensemble.ts';
import { placeMember, type PlacedMember } from './members.ts';
import { naiveBayesNodes, naiveBayesTensors } from './naive-bayes.ts';
import { neighbourNodes, neighbourTensors } from './neighbours.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model-proto.ts';
import { features, inputName, internal, outputNames, scores } from './names.ts';
import { cast, learningNode, standardNode } from './nodes.ts';

/**
 * Versions of the graphs that we write; a change of any byte for the same pipeline needs the next number. `model/1` is the
 * first one, `model/2` has derived columns, and in `model/3` probabilities are computed from scores in double.
 */
export const modelSchemas = ['model/1', 'model/2', 'model/3'] as const;
export type ModelSchema = (typeof modelSchemas)[number];

const constant = `${internal}constant`;

/**
 * The graph of a pipeline: one input per column, pre-processing, scores (summed in double and then rounded to float,
 * as `score.ts` does), probabilities and label.
 * @param precision of the step from scores to probabilities: float in files of `model/1` and `model/2`
 */
export function graphOf(pipeline: Pipeline, precision: LinkPrecision = 'double'): OnnxModel {
  const { task, classes, inputs, derived } = pipeline;
  const doubles = doubleInputs(pipeline);
  const { nodes, tensors } = derivedGraph(pipeline);
  return {
    nodes: [...nodes, ...nodesOf(pipeline, precision)],
    initializers: [...initializersOf(pipeline), ...tensors],
    inputs: inputs.map(({ name, type }) => ({
      name: inputName(name),
      element: type === 'category' ? 'string' : doubles.has(name) ? 'double' : 'float',
      columns: 1,
      doc: type,
    })),
    outputs: outputValues(classes.length),
    metadata: [
      ['schema', schemaOf(pipeline, precision)],
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

function nodesOf(pipeline: Pipeline, precision: LinkPrecision): OnnxNode[] {
  const { predictor, steps, inputs, classes } = pipeline;
  const values = valueNames(pipeline);
  const encoding = (): OnnxNode[] => encodingNodes(steps, (name) => values.get(name)!);
  const ending = (): OnnxNode[] => endingNodes(linkOfOwn(pipeline), classes, precision);
  switch (predictor.kind) {
    case 'constant':
      return constantNodes(inputName(inputs[0]!.name), classes);
    case 'linear':
      return [...encoding(), ...linearNodes(), ...ending()];
    case 'dense':
      return [...encoding(), ...denseNodes(predictor), ...ending()];
    case 'neighbours':
      return [...encoding(), ...neighbourNodes(predictor), ...ending()];
    case 'naive-bayes':
      return [...encoding(), ...naiveBayesNodes(featuresOf(steps)), ...ending()];
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
        ...ending(),
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

/** What leads from the scores to the outputs; a composed model has none of its own. */
function linkOfOwn({ task, predictor }: Pipeline): Link {
  return predictor.kind === 'ensemble' || predictor.kind === 'calibrated'
    ? 'identity'
    : linkOf({ task, predictor });
}

/** `model/3` where it makes a difference, so that other files stay as they were. */
function schemaOf(pipeline: Pipeline, precision: LinkPrecision): ModelSchema {
  const link = linkOfOwn(pipeline);
  if (precision === 'double' && (link === 'logistic' || link === 'softmax')) return 'model/3';
  return pipeline.derived ? 'model/2' : 'model/1';
}

function placedMembers(pipeline: Pipeline): PlacedMember[] {
  const shared = new Set([
    ...pipeline.inputs.map(({ name }) => inputName(name)),
    ...valueNames(pipeline).values(),
  ]);
  return membersOf(pipeline.predictor).map((member, m) => {
    const alone = memberPipeline(pipeline, member);
    return placeMember(m, nodesOf(alone, 'float'), initializersOf(alone), shared);
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
