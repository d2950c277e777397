import { log } from '../../numeric/elementary.ts';
import { predictedClasses, type Predictions } from '../predictions.ts';
import type { MetricOptions } from './metric.ts';

/** scikit-learn's `eps` for float64. */
const EPSILON = 2.220446049250313e-16;

/** -ln of the probability given to the true class, clipped; one number a row, in nats. */
export function logLosses({ rows, classes, y, p }: Predictions, { clip = EPSILON }: MetricOptions = {}) {
  const losses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const probability = p[row * classes + y[row]!]!;
    losses[row] = -log(Math.min(Math.max(probability, clip), 1 - clip));
  }
  return losses;
}

/**
 * Squared distance between probabilities and truth: binary 0 … 1 (the positive class alone), several classes 0 … 2
 * (summed over classes).
 */
export function brierLosses({ task, rows, classes, y, p }: Predictions): Float64Array {
  const losses = new Float64Array(rows);
  const first = task === 'binary' ? 1 : 0;
  for (let row = 0; row < rows; row++) {
    let loss = 0;
    for (let k = first; k < classes; k++) {
      const gap = p[row * classes + k]! - (y[row] === k ? 1 : 0);
      loss += gap * gap;
    }
    losses[row] = loss;
  }
  return losses;
}

/** 1 where the most probable class is the true one, else 0. */
export function hits(predictions: Predictions): Float64Array {
  const predicted = predictedClasses(predictions);
  return Float64Array.from(predicted, (label, row) => (label === predictions.y[row] ? 1 : 0));
}

/** 1 where the true class is among the k most probable, else 0; the lower index wins a tie. */
export function topHits({ rows, classes, y, p }: Predictions, k: number): Float64Array {
  const inTop = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const truth = y[row]!;
    const own = p[row * classes + truth]!;
    let ahead = 0;
    for (let j = 0; j < classes; j++) {
      const other = p[row * classes + j]!;
      if (other > own || (other === own && j < truth)) ahead++;
    }
    inTop[row] = ahead < k ? 1 : 0;
  }
  return inTop;
}

/** Squared errors. */
export function squaredErrors({ rows, y, p }: Predictions): Float64Array {
  return perRow(rows, (row) => (y[row]! - p[row]!) * (y[row]! - p[row]!));
}

/** Absolute errors. */
export function absoluteErrors({ rows, y, p }: Predictions): Float64Array {
  return perRow(rows, (row) => Math.abs(y[row]! - p[row]!));
}

/** Absolute errors as a share of the truth; a truth of 0 counts as 2^-52, as in scikit-learn. */
export function relativeErrors({ rows, y, p }: Predictions): Float64Array {
  return perRow(rows, (row) => Math.abs(y[row]! - p[row]!) / Math.max(Math.abs(y[row]!), EPSILON));
}

/** One value for each row. */
export function perRow(rows: number, value: (row: number) => number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = value(row);
  return values;
}
