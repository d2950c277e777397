import { log, log1p } from '../../numeric/elementary.ts';
import { selectPredictions, type Predictions } from '../predictions.ts';
import type { Evaluate } from './metric.ts';
import { absoluteErrors, perRow, squaredErrors } from './losses.ts';
import {
  ascendingOrder,
  midranks,
  repeatRows,
  weightedMean,
  weightedMedian,
  weightedSum,
} from './weighted.ts';

/** Share of the target's variance that is explained; a constant truth: 1 if met exactly, else 0; one row: null. */
export function prepareR2(predictions: Predictions): Evaluate {
  const squares = squaredErrors(predictions);
  return (weights) =>
    explained(weightedSum(squares, weights), variation(predictions.y, weights), squares, weights);
}

/** As R², but a constant error costs nothing. */
export function prepareExplainedVariance({ rows, y, p }: Predictions): Evaluate {
  const errors = perRow(rows, (row) => y[row]! - p[row]!);
  return (weights) => explained(variation(errors, weights), variation(y, weights), errors, weights);
}

function explained(left: number, all: number, rows: Float64Array, weights?: Float64Array): number | null {
  if ((weights ? weightedSum(weights) : rows.length) < 2) return null;
  if (all > 0) return 1 - left / all;
  return left > 0 ? 0 : 1;
}

/** Sum of squared distances from the mean. */
function variation(values: Float64Array, weights?: Float64Array): number {
  const centre = weightedMean(values, weights) ?? 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = values[i]! - centre;
    total += gap * gap * (weights ? weights[i]! : 1);
  }
  return total;
}

/** Median of the absolute errors. */
export function prepareMedianAbsoluteError(predictions: Predictions): Evaluate {
  const errors = absoluteErrors(predictions);
  const order = ascendingOrder(errors);
  return (weights) => weightedMedian(errors, order, weights);
}

/** The largest absolute error. */
export function prepareMaxError(predictions: Predictions): Evaluate {
  const errors = absoluteErrors(predictions);
  return (weights) => {
    let most: number | null = null;
    for (let row = 0; row < errors.length; row++)
      if (!weights || weights[row]! > 0) most = Math.max(most ?? 0, errors[row]!);
    return most;
  };
}

/** Root of the mean squared difference of log(1 + value); null where truth or prediction is at or below -1. */
export function prepareRootMeanSquaredLogError({ rows, y, p }: Predictions): Evaluate {
  // scikit-learn refuses negative values; so do we.
  const defined = y.every((value) => value >= 0) && p.every((value) => value >= 0);
  const squares = perRow(rows, (row) => {
    const gap = log1p(y[row]!) - log1p(p[row]!);
    return gap * gap;
  });
  return (weights) => (defined ? rootOf(weightedMean(squares, weights)) : null);
}

/** Mean Poisson deviance; null where a prediction isn't positive or a truth is negative. */
export function prepareMeanPoissonDeviance({ rows, y, p }: Predictions): Evaluate {
  const defined = y.every((value) => value >= 0) && p.every((value) => value > 0);
  const deviances = perRow(rows, (row) => {
    const truth = y[row]!;
    const predicted = p[row]!;
    return 2 * ((truth > 0 ? truth * log(truth / predicted) : 0) - truth + predicted);
  });
  return (weights) => (defined ? weightedMean(deviances, weights) : null);
}

/** Pearson's correlation of truth and prediction; null where one is constant. */
export function pearson(x: Float64Array, y: Float64Array): number | null {
  const meanX = weightedMean(x) ?? 0;
  const meanY = weightedMean(y) ?? 0;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - meanX) * (y[i]! - meanY);
    xx += (x[i]! - meanX) * (x[i]! - meanX);
    yy += (y[i]! - meanY) * (y[i]! - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}

/** Spearman's rank correlation, ties averaged. */
export function spearman(x: Float64Array, y: Float64Array): number | null {
  return pearson(midranks(x), midranks(y));
}

/** A function of truth and prediction as a metric; weights repeat rows. */
export function prepareOverRows(score: (truth: Float64Array, predicted: Float64Array) => number | null) {
  return (predictions: Predictions): Evaluate =>
    (weights) => {
      const { y, p } = weights
        ? selectPredictions(predictions, repeatRows(predictions.rows, weights))
        : predictions;
      return score(y, p);
    };
}

/** Square root that passes null on. */
export function rootOf(value: number | null): number | null {
  return value === null ? null : Math.sqrt(value);
}
