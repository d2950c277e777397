import type { LinearPredictor } from '../../model/pipeline.ts';
import type { SparseRows } from './sparse-rows.ts';

/** Weights of a linear model class by class, each with its intercept last where the rows have a column for it. */
export function weightsOf({ width, coefficients, intercepts }: LinearPredictor, x: SparseRows): Float64Array {
  const weights = new Float64Array(intercepts.length * x.width);
  intercepts.forEach((intercept, k) => {
    weights.set(coefficients.subarray(k * width, (k + 1) * width), k * x.width);
    if (x.width > width) weights[k * x.width + width] = intercept;
  });
  return weights;
}

/** The model that many weights make, `columns` for each output; the inverse of `weightsOf`. */
export function predictorOf(weights: Float64Array, columns: number, width: number): LinearPredictor {
  const outputs = weights.length / columns;
  const coefficients = new Float32Array(outputs * width);
  const intercepts = new Float32Array(outputs);
  for (let k = 0; k < outputs; k++) {
    coefficients.set(weights.subarray(k * columns, k * columns + width), k * width);
    if (columns > width) intercepts[k] = weights[k * columns + width]!;
  }
  return { kind: 'linear', width, coefficients, intercepts };
}

/** Two lists of numbers, added place by place. */
export function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}
