import type { Activation, DenseLayer, DensePredictor } from '../pipeline.ts';
import { GraphFault } from './attributes.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { features, internal, scores } from './names.ts';
import { cast, standardNode } from './nodes.ts';

/** Last operator of each activation. */
const operators: Readonly<Record<Activation, string | null>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  logistic: 'Sigmoid',
  identity: null,
  elu: 'Add',
};
const one = `${internal}one`;

/** From the features to the scores, all in double; the runtime's own order of sums then changes no float of a score. */
export function denseNodes({ activations, layers }: DensePredictor): OnnxNode[] {
  const nodes = [cast(features, `${internal}double`, 'double')];
  const last = (): string => nodes.at(-1)!.outputs[0]!;
  layers.forEach((_, l) => {
    nodes.push(standardNode('MatMul', [last(), weightsName(l)], `${internal}product${l}`));
    nodes.push(standardNode('Add', [last(), biasesName(l)], `${internal}sum${l}`));
    const activation = activations[l];
    if (activation !== undefined) nodes.push(...activationNodes(activation, last(), l));
  });
  return [...nodes, cast(last(), scores, 'float')];
}

function activationNodes(activation: Activation, sums: string, layer: number): OnnxNode[] {
  const operator = operators[activation];
  const hidden = `${internal}hidden${layer}`;
  if (operator === null) return [];
  if (activation === 'elu') return eluNodes(sums, hidden, layer);
  return [standardNode(operator, [sums], hidden)];
}

/** max(x, 0) + (e^min(x, 0) - 1): runtimes have the operator Elu for floats only. */
function eluNodes(sums: string, hidden: string, layer: number): OnnxNode[] {
  const name = (part: string): string => `${internal}${part}${layer}`;
  return [
    standardNode('Relu', [sums], name('above')),
    standardNode('Neg', [sums], name('mirrored')),
    standardNode('Relu', [name('mirrored')], name('depth')),
    standardNode('Neg', [name('depth')], name('below')),
    standardNode('Exp', [name('below')], name('power')),
    standardNode('Sub', [name('power'), one], name('curve')),
    standardNode('Add', [name('above'), name('curve')], hidden),
  ];
}

/** Weights (inputs × outputs) and biases of each layer, widened to double, then what activations need. */
export function denseTensors({ activations, layers }: DensePredictor): OnnxTensor[] {
  const constants = activations.includes('elu') ? [{ name: one, dims: [1], data: Float64Array.of(1) }] : [];
  const weights = layers.flatMap(({ inputs, outputs, weights, biases }, l) => [
    { name: weightsName(l), dims: [inputs, outputs], data: Float64Array.from(weights) },
    { name: biasesName(l), dims: [outputs], data: Float64Array.from(biases) },
  ]);
  return [...weights, ...constants];
}

/** The net behind a graph of `denseNodes` and `denseTensors`. */
export function readDense(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[]): DensePredictor {
  const layers: DenseLayer[] = [];
  for (let t = 0; t + 1 < tensors.length; t += 2) {
    const [weights, biases] = [tensors[t]!, tensors[t + 1]!];
    layers.push({
      inputs: weights.dims[0] ?? 0,
      outputs: biases.data.length,
      weights: Float32Array.from(weights.data),
      biases: Float32Array.from(biases.data),
    });
  }
  return { kind: 'dense', activations: layers.slice(1).map((_, l) => readActivation(nodes, l)), layers };
}

const known: readonly Activation[] = ['relu', 'tanh', 'logistic', 'identity', 'elu'];

function readActivation(nodes: readonly OnnxNode[], layer: number): Activation {
  const hidden = nodes.find(({ outputs }) => outputs[0] === `${internal}hidden${layer}`);
  const activation = known.find((name) => operators[name] === (hidden?.operator ?? null));
  if (activation === undefined) throw new GraphFault('its net has an unknown activation');
  return activation;
}

function weightsName(layer: number): string {
  return `${internal}weights${layer}`;
}

function biasesName(layer: number): string {
  return `${internal}biases${layer}`;
}
