import type { Activation, DenseLayer, DensePredictor } from '../pipeline.ts';
import { GraphFault } from './attributes.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { features, internal, scores } from './names.ts';
import { cast, standardNode } from './nodes.ts';

const operators: Readonly<Record<Activation, string | null>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  logistic: 'Sigmoid',
  identity: null,
};

/** From the features to the scores, all in double; the runtime's own order of sums then changes no float of a score. */
export function denseNodes({ activation, layers }: DensePredictor): OnnxNode[] {
  const nodes = [cast(features, `${internal}double`, 'double')];
  const last = (): string => nodes.at(-1)!.outputs[0]!;
  layers.forEach((_, l) => {
    nodes.push(standardNode('MatMul', [last(), weightsName(l)], `${internal}product${l}`));
    nodes.push(standardNode('Add', [last(), biasesName(l)], `${internal}sum${l}`));
    const operator = operators[activation];
    if (operator !== null && l + 1 < layers.length)
      nodes.push(standardNode(operator, [last()], `${internal}hidden${l}`));
  });
  return [...nodes, cast(last(), scores, 'float')];
}

/** Weights (inputs × outputs) and biases of each layer, widened to double. */
export function denseTensors({ layers }: DensePredictor): OnnxTensor[] {
  return layers.flatMap(({ inputs, outputs, weights, biases }, l) => [
    { name: weightsName(l), dims: [inputs, outputs], data: Float64Array.from(weights) },
    { name: biasesName(l), dims: [outputs], data: Float64Array.from(biases) },
  ]);
}

/** The net behind a graph of `denseNodes` and `denseTensors`. */
export function readDense(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[]): DensePredictor {
  const hidden = nodes.find(({ outputs }) => outputs[0] === `${internal}hidden0`);
  const activation = activations.find((known) => operators[known] === (hidden?.operator ?? null));
  if (activation === undefined) throw new GraphFault('its net has an unknown activation');
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
  return { kind: 'dense', activation, layers };
}

const activations: readonly Activation[] = ['relu', 'tanh', 'logistic', 'identity'];

function weightsName(layer: number): string {
  return `${internal}weights${layer}`;
}

function biasesName(layer: number): string {
  return `${internal}biases${layer}`;
}
