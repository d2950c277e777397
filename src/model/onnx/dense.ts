import type { Activation, DenseLayer, DensePredictor, Embedding } from '../pipeline.ts';
import { GraphFault } from './attributes.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { features, internal, scores } from './names.ts';
import { cast, int, range, standardNode } from './nodes.ts';

/** Last operator of each activation. */
const operators: Readonly<Record<Activation, string | null>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  logistic: 'Sigmoid',
  identity: null,
  elu: 'Add',
};
const one = `${internal}one`;
/** What the first layer takes. */
const double = `${internal}double`;

/** From the features to the scores, all in double; the runtime's own order of sums then changes no float of a score. */
export function denseNodes({ activations, layers, embeddings = [] }: DensePredictor): OnnxNode[] {
  const nodes =
    embeddings.length === 0 ? [cast(features, double, 'double')] : inputNodes(layers[0]!, embeddings);
  const last = (): string => nodes.at(-1)!.outputs[0]!;
  layers.forEach((_, l) => {
    nodes.push(standardNode('MatMul', [last(), weightsName(l)], `${internal}product${l}`));
    nodes.push(standardNode('Add', [last(), biasesName(l)], `${internal}sum${l}`));
    const activation = activations[l];
    if (activation !== undefined) nodes.push(...activationNodes(activation, last(), l));
  });
  return [...nodes, cast(last(), scores, 'float')];
}

/** The vectors of the codes, then the other features: what the first layer takes. */
function inputNodes(first: DenseLayer, embeddings: readonly Embedding[]): OnnxNode[] {
  const vectors = embeddings.flatMap((_, e) => {
    const name = (part: string): string => `${internal}${part}${e}`;
    return [
      standardNode('Gather', [features, columnName(e)], name('column'), [int('axis', 1)]),
      cast(name('column'), name('place'), 'int64'),
      standardNode('Gather', [embeddingName(e), name('place')], name('vector'), [int('axis', 0)]),
      standardNode('Flatten', [name('vector')], name('embedded'), [int('axis', 1)]),
    ];
  });
  const parts = embeddings.map((_, e) => `${internal}embedded${e}`);
  const numbers = `${internal}others`;
  const others =
    numbersOf(first, embeddings) === 0
      ? []
      : [
          standardNode('Gather', [features, columnName('others')], `${numbers}_single`, [int('axis', 1)]),
          cast(`${numbers}_single`, numbers, 'double'),
        ];
  const all = others.length === 0 ? parts : [...parts, numbers];
  return [...vectors, ...others, standardNode('Concat', all, double, [int('axis', 1)])];
}

/** Features that aren't codes. */
function numbersOf({ inputs }: DenseLayer, embeddings: readonly Embedding[]): number {
  return embeddings.reduce((left, { dimension }) => left - dimension, inputs);
}

/** Vectors of each embedding (levels × dimension), widened to double, and in which columns of the features they are asked. */
function embeddingTensors(first: DenseLayer, embeddings: readonly Embedding[]): OnnxTensor[] {
  const numbers = numbersOf(first, embeddings);
  const columns = (name: string, places: readonly number[]): OnnxTensor => ({
    name,
    dims: [places.length],
    data: Float64Array.from(places),
    element: 'int64',
  });
  return [
    ...embeddings.flatMap(({ levels, dimension, vectors }, e): OnnxTensor[] => [
      { name: embeddingName(e), dims: [levels, dimension], data: Float64Array.from(vectors) },
      columns(columnName(e), [numbers + e]),
    ]),
    ...(embeddings.length > 0 && numbers > 0 ? [columns(columnName('others'), range(numbers))] : []),
  ];
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

/** Embeddings, weights (inputs × outputs) and biases of each layer, widened to double, then what activations need. */
export function denseTensors({ activations, layers, embeddings = [] }: DensePredictor): OnnxTensor[] {
  const constants = activations.includes('elu') ? [{ name: one, dims: [1], data: Float64Array.of(1) }] : [];
  const weights = layers.flatMap(({ inputs, outputs, weights, biases }, l) => [
    { name: weightsName(l), dims: [inputs, outputs], data: Float64Array.from(weights) },
    { name: biasesName(l), dims: [outputs], data: Float64Array.from(biases) },
  ]);
  return [...embeddingTensors(layers[0]!, embeddings), ...weights, ...constants];
}

/** The net behind a graph of `denseNodes` and `denseTensors`. */
export function readDense(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[]): DensePredictor {
  const layers: DenseLayer[] = [];
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const embeddings = readEmbeddings(found);
  for (let l = 0; ; l++) {
    const [weights, biases] = [found.get(weightsName(l)), found.get(biasesName(l))];
    if (!weights || !biases) break;
    layers.push({
      inputs: weights.dims[0] ?? 0,
      outputs: biases.data.length,
      weights: Float32Array.from(weights.data),
      biases: Float32Array.from(biases.data),
    });
  }
  return {
    kind: 'dense',
    ...(embeddings.length > 0 && { embeddings }),
    activations: layers.slice(1).map((_, l) => readActivation(nodes, l)),
    layers,
  };
}

function readEmbeddings(tensors: ReadonlyMap<string, OnnxTensor>): Embedding[] {
  const embeddings: Embedding[] = [];
  for (;;) {
    const table = tensors.get(embeddingName(embeddings.length));
    if (!table) return embeddings;
    const [levels = 0, dimension = 0] = table.dims;
    embeddings.push({ levels, dimension, vectors: Float32Array.from(table.data) });
  }
}

const known: readonly Activation[] = ['relu', 'tanh', 'logistic', 'identity', 'elu'];

function readActivation(nodes: readonly OnnxNode[], layer: number): Activation {
  const hidden = nodes.find(({ outputs }) => outputs[0] === `${internal}hidden${layer}`);
  const activation = known.find((name) => operators[name] === (hidden?.operator ?? null));
  if (activation === undefined) throw new GraphFault('its net has an unknown activation');
  return activation;
}

function embeddingName(embedding: number): string {
  return `${internal}embedding${embedding}`;
}

/** Name of the constant that says in which column of the features a code stands, or in which no code does. */
function columnName(embedding: number | 'others'): string {
  return `${internal}column_of_${embedding}`;
}

function weightsName(layer: number): string {
  return `${internal}weights${layer}`;
}

function biasesName(layer: number): string {
  return `${internal}biases${layer}`;
}
