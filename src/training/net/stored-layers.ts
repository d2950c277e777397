import type { DenseLayer } from '../../model/pipeline.ts';
import type { Random } from '../../numeric/random.ts';
import { cellOf } from './layout.ts';
import type { Layer } from './memory.ts';

/** Draws weights and biases uniformly within sqrt(factor / (inputs + outputs)) (Glorot and Bengio, 2010). */
export function drawLayers(
  f32: Float32Array,
  layers: readonly Layer[],
  factor: number,
  random: Random,
): void {
  for (const { inputs, outputs, weights, biases } of layers) {
    const limit = Math.sqrt(factor / (inputs + outputs));
    const draw = (): number => (2 * random.next() - 1) * limit;
    for (let i = 0; i < inputs; i++) for (let k = 0; k < outputs; k++) f32[cellOf(weights, i, k)] = draw();
    for (let k = 0; k < outputs; k++) f32[cellOf(biases, 0, k)] = draw();
  }
}

/** Puts a model's layers, of the same sizes, in place of the weights. */
export function writeLayers(f32: Float32Array, layers: readonly Layer[], from: readonly DenseLayer[]): void {
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const own = from[l]!;
    for (let i = 0; i < inputs; i++)
      for (let k = 0; k < outputs; k++) f32[cellOf(weights, i, k)] = own.weights[i * outputs + k]!;
    for (let k = 0; k < outputs; k++) f32[cellOf(biases, 0, k)] = own.biases[k]!;
  });
}

/** The layers as the model keeps them; what lies `offset` bytes behind the weights, such as their gradients. */
export function layersOf(f32: Float32Array, layers: readonly Layer[], offset: number): DenseLayer[] {
  const from = f32.subarray(offset / 4);
  return layers.map(({ inputs, outputs, weights, biases }) => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, (_, at) => {
      const i = Math.floor(at / outputs);
      return from[cellOf(weights, i, at - i * outputs)]!;
    }),
    biases: Float32Array.from({ length: outputs }, (_, k) => from[cellOf(biases, 0, k)]!),
  }));
}
