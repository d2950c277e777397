import { exp, expAll, log, log1p } from '../../numeric/elementary.ts';
import { mean } from '../../numeric/sum.ts';
import type { HessianPacking } from './packing.ts';
import { probabilityHessians, unitHessians, weightedHessians } from './packing.ts';
import { gradientRounder, packedHessian, ROUNDER } from './rounding.ts';
import { WeightedRows } from './weighted-rows.ts';

/** What boosting lowers. Scores stand output by output: the score of row r for output k at k * rows + r. */
export interface Loss {
  readonly outputs: number;
  /** To be read after `startRound`: it may change with the scores. */
  readonly packing: HessianPacking;
  /** The longest step of a score, before the learning rate, for which the second derivative can be trusted. */
  readonly largestStep: number;
  /** Predictions are e^score; undefined = the scores, or what classes make of them. */
  readonly link?: 'log';
  /** Scores before the first round. Length = outputs. */
  readonly base: Float32Array;
  /** Called once a round, before `fillPairs`: all outputs of a round see the scores from its start. */
  startRound(scores: Float64Array): void;
  /** Writes (gradient, packed hessian) of the training rows for one output: row r at 2 r. */
  fillPairs(output: number, scores: Float64Array, pairs: Float64Array): void;
  /** Mean loss of some rows. */
  value(scores: Float64Array, rows: Int32Array): number;
  /** The step of a leaf by its rows, where the loss is not smooth enough for a Newton step. */
  refit?(scores: Float64Array, rows: Int32Array): number;
}

/** Rows of a fit: targets, the rows that are learnt from, and what each row counts for (undefined = 1). */
export interface LossRows {
  readonly y: Float64Array;
  readonly train: Int32Array;
  readonly weights: Float64Array | undefined;
}

/**
 * Where a class is rare, a leaf of rows that all but exclude it has next to no hessian, and one row of the class sends
 * its score up by hundreds. In the log loss nothing is gained beyond a few units (`max_delta_step` in XGBoost).
 * Without it the seven classes of wine quality come out at a log loss of 4.5 instead of 0.95.
 */
export const LOG_STEP = 5;

/** Half the squared error; y = the number to predict. */
export function squaredLoss(data: LossRows): Loss {
  const { y, train } = data;
  const rows = new WeightedRows(data);
  const { weights } = rows;
  const packing = rows.equal ? unitHessians : weightedHessians(train.length, rows.total);
  let rounder = 0;
  return {
    outputs: 1,
    packing,
    largestStep: Infinity,
    base: Float32Array.of(rows.mean((row) => y[row]!, train)),
    startRound(scores) {
      let largest = 0;
      for (const row of train) largest = Math.max(largest, Math.abs(scores[row]! - y[row]!));
      rounder = gradientRounder(largest * rows.largest);
    },
    fillPairs(_output, scores, pairs) {
      for (const row of train) {
        const weight = weights[row]!;
        pairs[2 * row] = weight * (scores[row]! - y[row]!) + rounder - rounder;
        pairs[2 * row + 1] = packedHessian(packing, weight);
      }
    },
    value: (scores, some) =>
      rows.mean((row) => 0.5 * (scores[row]! - y[row]!) * (scores[row]! - y[row]!), some),
  };
}

/**
 * The loss whose minimum is a quantile (Koenker and Bassett 1978): an error above the prediction costs `above` of its
 * size, one below `below`. Its gradient tells only the side, so leaves take the quantile of their rows' errors.
 */
export function quantileLoss(data: LossRows, above: number, below: number): Loss {
  const { y, train } = data;
  const share = above / (above + below);
  const rows = new WeightedRows(data);
  const { weights } = rows;
  const packing = rows.equal ? unitHessians : weightedHessians(train.length, rows.total);
  const rounder = gradientRounder(rows.largest);
  const quantile = (scores: Float64Array | undefined, some: Int32Array): number =>
    rows.quantile((row) => y[row]! - (scores?.[row] ?? 0), some, share);
  return {
    outputs: 1,
    packing,
    largestStep: Infinity,
    base: Float32Array.of(quantile(undefined, train)),
    startRound() {
      // Each row's gradient depends on its own score alone.
    },
    fillPairs(_output, scores, pairs) {
      for (const row of train) {
        const weight = weights[row]!;
        const slope = y[row]! >= scores[row]! ? -above : below;
        pairs[2 * row] = weight * slope + rounder - rounder;
        pairs[2 * row + 1] = packedHessian(packing, weight);
      }
    },
    value: (scores, some) =>
      rows.mean((row) => {
        const error = y[row]! - scores[row]!;
        return error >= 0 ? above * error : -below * error;
      }, some),
    refit: quantile,
  };
}

/** Log loss of two classes; y = 1 for the positive one. */
export function binaryLoss(data: LossRows): Loss {
  const { y, train } = data;
  const rows = new WeightedRows(data);
  const { weights } = rows;
  const packing = rows.equal
    ? probabilityHessians(train.length)
    : weightedHessians(train.length, rows.total / 4);
  const rounder = gradientRounder(rows.largest);
  const steps = 1 / packing.step;
  const positive = rows.mean((row) => y[row]!, train);
  const powers = new Float64Array(train.length);
  return {
    outputs: 1,
    packing,
    largestStep: LOG_STEP,
    base: Float32Array.of(log(positive / (1 - positive))),
    startRound() {
      // Each row's gradient depends on its own score alone.
    },
    fillPairs(_output, scores, pairs) {
      for (let i = 0; i < train.length; i++) powers[i] = -scores[train[i]!]!;
      expAll(powers);
      for (let i = 0; i < train.length; i++) {
        const row = train[i]!;
        const p = 1 / (1 + powers[i]!);
        const weight = weights[row]!;
        pairs[2 * row] = weight * (p - y[row]!) + rounder - rounder;
        pairs[2 * row + 1] = packing.unit + (weight * (p * (1 - p)) * steps + ROUNDER - ROUNDER);
      }
    },
    value: (scores, some) =>
      rows.mean((row) => {
        const score = scores[row]!;
        return Math.max(score, 0) - y[row]! * score + log1p(exp(-Math.abs(score)));
      }, some),
  };
}

/** Log loss of several classes after softmax; y = class index. A class without rows starts at half a row's share. */
export function softmaxLoss(data: LossRows, classes: number): Loss {
  const { y, train } = data;
  const weighted = new WeightedRows(data);
  const { weights } = weighted;
  const rows = y.length;
  const packing = weighted.equal
    ? probabilityHessians(train.length)
    : weightedHessians(train.length, weighted.total / 4);
  const rounder = gradientRounder(weighted.largest);
  const steps = 1 / packing.step;
  const probabilities = new Float64Array(classes * rows);
  const sums = new Float64Array(classes);
  for (const row of train) sums[y[row]!]! += weights[row]!;
  const halfRow = (0.5 * weighted.total) / train.length;
  const logs = sums.map((sum) => log(Math.max(sum, halfRow) / weighted.total));
  const centre = mean(logs);
  return {
    outputs: classes,
    packing,
    largestStep: LOG_STEP,
    base: Float32Array.from(logs, (value) => value - centre),
    startRound(scores) {
      for (let row = 0; row < rows; row++) {
        let top = -Infinity;
        for (let k = 0; k < classes; k++) top = Math.max(top, scores[k * rows + row]!);
        for (let k = 0; k < classes; k++) probabilities[k * rows + row] = scores[k * rows + row]! - top;
      }
      expAll(probabilities);
      for (let row = 0; row < rows; row++) {
        let total = 0;
        for (let k = 0; k < classes; k++) total += probabilities[k * rows + row]!;
        for (let k = 0; k < classes; k++) probabilities[k * rows + row]! /= total;
      }
    },
    fillPairs(output, _scores, pairs) {
      const first = output * rows;
      for (let i = 0; i < train.length; i++) {
        const row = train[i]!;
        const p = probabilities[first + row]!;
        const weight = weights[row]!;
        const target = y[row] === output ? 1 : 0;
        pairs[2 * row] = weight * (p - target) + rounder - rounder;
        pairs[2 * row + 1] = packing.unit + (weight * (p * (1 - p)) * steps + ROUNDER - ROUNDER);
      }
    },
    value: (scores, some) =>
      weighted.mean((row) => {
        let top = -Infinity;
        for (let k = 0; k < classes; k++) top = Math.max(top, scores[k * rows + row]!);
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += exp(scores[k * rows + row]! - top);
        return log(sum) + top - scores[y[row]! * rows + row]!;
      }, some),
  };
}
