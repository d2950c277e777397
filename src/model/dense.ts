import { exp, sigmoid, tanh } from '../numeric/elementary.ts';
import type { Activation, DenseLayer, DensePredictor, Embedding } from './pipeline.ts';

const curves: Readonly<Record<Activation, (sum: number) => number>> = {
  relu: (sum) => (sum > 0 ? sum : 0),
  tanh,
  logistic: sigmoid,
  identity: (sum) => sum,
  elu: (sum) => (sum > 0 ? sum : exp(sum) - 1),
};

/** Scores of encoded rows, rows × outputs: float32 weights, all sums in float64 and in index order, the bias last. */
export function denseScores(
  { activations, layers, embeddings = [] }: DensePredictor,
  x: Float32Array,
  rows: number,
): Float64Array {
  const hidden = activations.map((activation) => curves[activation]);
  const fill = inputWriter(layers[0]!.inputs, embeddings);
  const outputs = layers.at(-1)!.outputs;
  const scores = new Float64Array(rows * outputs);
  const sums = layers.map((layer) => new Float64Array(layer.outputs));
  const input = new Float64Array(layers[0]!.inputs);
  for (let row = 0; row < rows; row++) {
    fill(input, x, row);
    let values = input;
    for (let l = 0; l < layers.length; l++) {
      const sum = sums[l]!;
      addLayer(layers[l]!, values, sum);
      const curve = hidden[l];
      if (curve) for (let k = 0; k < sum.length; k++) sum[k] = curve(sum[k]!);
      values = sum;
    }
    scores.set(values, row * outputs);
  }
  return scores;
}

/** Writes what the first layer takes of a row: the vectors of its codes, then its other features. */
function inputWriter(
  inputs: number,
  embeddings: readonly Embedding[],
): (input: Float64Array, x: Float32Array, row: number) => void {
  const numbers = inputs - embeddings.reduce((sum, { dimension }) => sum + dimension, 0);
  const width = numbers + embeddings.length;
  return (input, x, row) => {
    let at = 0;
    for (let e = 0; e < embeddings.length; e++) {
      const { dimension, vectors } = embeddings[e]!;
      const first = x[row * width + numbers + e]! * dimension;
      for (let d = 0; d < dimension; d++) input[at++] = vectors[first + d]!;
    }
    for (let j = 0; j < numbers; j++) input[at++] = x[row * width + j]!;
  };
}

/** Skips inputs that are 0, which half of a rectifier's are: they change no sum. */
function addLayer({ outputs, weights, biases }: DenseLayer, values: Float64Array, sums: Float64Array): void {
  sums.fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === 0) continue;
    const first = i * outputs;
    for (let k = 0; k < outputs; k++) sums[k]! += value * weights[first + k]!;
  }
  for (let k = 0; k < outputs; k++) sums[k]! += biases[k]!;
}
