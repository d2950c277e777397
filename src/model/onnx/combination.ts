import type { EnsemblePredictor, Pipeline, StackingCombination } from '../pipeline.ts';
import { linkOf, scoreLinks } from '../pipeline.ts';
import { GraphFault } from './attributes.ts';
import { linkNodes, memberPrefix, type PlacedMember } from './members.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { internal } from './names.ts';
import { int, standardNode } from './nodes.ts';

/** A value that holds the outputs in double, and the one that labels are taken from. */
export interface Ending {
  readonly nodes: readonly OnnxNode[];
  readonly outputs: string;
  readonly decides: string;
}

const names = {
  total: `${internal}total`,
  lowest: `${internal}lowest`,
  highest: `${internal}highest`,
  coefficients: `${internal}coefficients`,
  intercepts: `${internal}intercepts`,
  stacked: `${internal}stacked`,
};

/** From the members' scores to what the ensemble answers, all in double. */
export function combinationNodes(
  { task }: Pipeline,
  { members, combination }: EnsemblePredictor,
  placed: readonly PlacedMember[],
): Ending {
  const linked = members.map(({ predictor }, m) => {
    const nodes = linkNodes(placed[m]!.scores, memberPrefix(m), linkOf({ task, predictor }));
    return { nodes, outputs: nodes.at(-1)?.outputs[0] ?? placed[m]!.scores };
  });
  const nodes = linked.flatMap((member) => member.nodes);
  const outputs = linked.map((member) => member.outputs);
  return combination.kind === 'average' ? averageNodes(nodes, outputs) : stackingNodes(nodes, outputs, task);
}

function averageNodes(linked: readonly OnnxNode[], outputs: readonly string[]): Ending {
  const weighted = outputs.map((_, m) => `${memberPrefix(m)}weighted`);
  const sum = `${internal}sum`;
  const mean = `${internal}mean`;
  return {
    nodes: [
      ...linked,
      ...outputs.map((output, m) => standardNode('Mul', [output, weightName(m)], weighted[m]!)),
      standardNode('Sum', weighted, sum),
      standardNode('Div', [sum, names.total], mean),
    ],
    outputs: mean,
    decides: mean,
  };
}

function stackingNodes(
  linked: readonly OnnxNode[],
  outputs: readonly string[],
  task: Pipeline['task'],
): Ending {
  const logs = task === 'regression' ? outputs : outputs.map((_, m) => `${memberPrefix(m)}log`);
  const all = `${internal}stack`;
  const product = `${internal}product`;
  const nodes = [
    ...linked,
    ...(task === 'regression' ? [] : outputs.flatMap((output, m) => logNodes(output, memberPrefix(m)))),
    standardNode('Concat', logs, all, [int('axis', 1)]),
    standardNode('MatMul', [all, names.coefficients], product),
    standardNode('Add', [product, names.intercepts], names.stacked),
  ];
  const last = linkNodes(names.stacked, internal, scoreLinks[task]);
  return {
    nodes: [...nodes, ...last],
    outputs: last.at(-1)?.outputs[0] ?? names.stacked,
    decides: task === 'binary' ? `${internal}both` : names.stacked,
  };
}

function logNodes(outputs: string, prefix: string): OnnxNode[] {
  return [
    standardNode('Max', [outputs, names.lowest], `${prefix}raised`),
    standardNode('Min', [`${prefix}raised`, names.highest], `${prefix}bounded`),
    standardNode('Log', [`${prefix}bounded`], `${prefix}log`),
  ];
}

/** The constants of `combinationNodes`. */
export function combinationTensors(task: Pipeline['task'], { combination }: EnsemblePredictor): OnnxTensor[] {
  if (combination.kind === 'average') {
    const { weights } = combination;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [
      ...[...weights].map((weight, m) => constant(weightName(m), weight)),
      constant(names.total, total),
    ];
  }
  const { floor, meta } = combination;
  return [
    ...(task === 'regression' ? [] : [constant(names.lowest, floor), constant(names.highest, 1 - floor)]),
    coefficientTensor(task, meta),
    { name: names.intercepts, dims: [meta.intercepts.length], data: Float64Array.from(meta.intercepts) },
  ];
}

/** Features × scores. Of two classes there are two logarithms a member, the first with the opposite sign. */
function coefficientTensor(task: Pipeline['task'], { width, coefficients, intercepts }: Meta): OnnxTensor {
  const outputs = intercepts.length;
  if (task === 'binary')
    return {
      name: names.coefficients,
      dims: [2 * width, 1],
      data: Float64Array.from([...coefficients].flatMap((value) => [-value, value])),
    };
  const data = new Float64Array(coefficients.length);
  for (let k = 0; k < outputs; k++)
    for (let j = 0; j < width; j++) data[j * outputs + k] = coefficients[k * width + j]!;
  return { name: names.coefficients, dims: [width, outputs], data };
}

type Meta = StackingCombination['meta'];

/** The combination behind `combinationNodes` and `combinationTensors`. */
export function readCombination(
  task: Pipeline['task'],
  tensors: readonly OnnxTensor[],
): EnsemblePredictor['combination'] {
  const data = (name: string): Float64Array | undefined => tensors.find((own) => own.name === name)?.data;
  const intercepts = data(names.intercepts);
  if (intercepts === undefined) {
    const weights = tensors.filter(({ name }) => name !== names.total).flatMap((own) => [...own.data]);
    return { kind: 'average', weights: Float64Array.from(weights) };
  }
  const written = data(names.coefficients);
  if (written === undefined) throw new GraphFault('its stack has no coefficients');
  return {
    kind: 'stacking',
    floor: data(names.lowest)?.[0] ?? 0,
    meta: readMeta(task, written, Float32Array.from(intercepts)),
  };
}

function readMeta(task: Pipeline['task'], written: Float64Array, intercepts: Float32Array): Meta {
  const outputs = intercepts.length;
  if (task === 'binary') {
    const coefficients = Float32Array.from(written.filter((_, i) => i % 2 === 1));
    return { kind: 'linear', width: coefficients.length, coefficients, intercepts };
  }
  const width = written.length / outputs;
  const coefficients = new Float32Array(written.length);
  written.forEach((value, i) => (coefficients[(i % outputs) * width + Math.floor(i / outputs)] = value));
  return { kind: 'linear', width, coefficients, intercepts };
}

function weightName(member: number): string {
  return `${internal}weight${member}`;
}

function constant(name: string, value: number): OnnxTensor {
  return { name, dims: [1], data: Float64Array.of(value) };
}
