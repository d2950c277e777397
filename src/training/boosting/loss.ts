import { exp, log, log1p } from '../../numeric/elementary.ts';
import { mean } from '../../numeric/sum.ts';
import type { HessianPacking } from './packing.ts';
import { probabilityHessians, unitHessians } from './packing.ts';

/** What boosting lowers. Scores stand output by output: the score of row r for output k at k * rows + r. */
export interface Loss {
  readonly outputs: number;
  readonly packing: HessianPacking;
  /** The longest step of a score, before the learning rate, for which the second derivative can be trusted. */
  readonly largestStep: number;
  /** Scores before the first round. Length = outputs. */
  readonly base: Float32Array;
  /** Called once a round, before `fillPairs`: all outputs of a round see the scores from its start. */
  startRound(scores: Float64Array): void;
  /** Writes (gradient, packed hessian) of the training rows for one output: row r at 2 r. */
  fillPairs(output: number, scores: Float64Array, pairs: Float64Array): void;
  /** Mean loss of some rows. */
  value(scores: Float64Array, rows: Int32Array): number;
}

/** 1.5 * 2^52: adding it and taking it off again rounds to a whole number. */
const ROUNDER = 6755399441055744;

/**
 * Gradients up to 1 are rounded to 2^-30 by adding and taking off 1.5 * 2^22: sums over up to eight million rows are
 * then exact in any order, so that parent - child is the sibling to the last bit.
 */
const GRADIENT_ROUNDER = 6291456;

/**
 * Where a class is rare, a leaf of rows that all but exclude it has next to no hessian, and one row of the class sends
 * its score up by hundreds. In the log loss nothing is gained beyond a few units (`max_delta_step` in XGBoost).
 * Without it the seven classes of wine quality come out at a log loss of 4.5 instead of 0.95.
 */
const LOG_ODDS_STEP = 5;

/** Half the squared error; y = the number to predict. */
export function squaredLoss(y: Float64Array, trainRows: Int32Array): Loss {
  let rounder = 0;
  return {
    outputs: 1,
    packing: unitHessians,
    largestStep: Infinity,
    base: Float32Array.of(mean(Float64Array.from(trainRows, (row) => y[row]!))),
    startRound(scores) {
      let largest = 0;
      for (const row of trainRows) largest = Math.max(largest, Math.abs(scores[row]! - y[row]!));
      rounder = GRADIENT_ROUNDER * powerOfTwoAbove(largest);
    },
    fillPairs(_output, scores, pairs) {
      for (const row of trainRows) {
        pairs[2 * row] = scores[row]! - y[row]! + rounder - rounder;
        pairs[2 * row + 1] = 1;
      }
    },
    value(scores, some) {
      let total = 0;
      for (const row of some) {
        const error = scores[row]! - y[row]!;
        total += 0.5 * error * error;
      }
      return total / some.length;
    },
  };
}

/** Log loss of two classes; y = 1 for the positive one. */
export function binaryLoss(y: Float64Array, trainRows: Int32Array): Loss {
  const packing = probabilityHessians(trainRows.length);
  const steps = 1 / packing.step;
  const positive = mean(Float64Array.from(trainRows, (row) => y[row]!));
  return {
    outputs: 1,
    packing,
    largestStep: LOG_ODDS_STEP,
    base: Float32Array.of(log(positive / (1 - positive))),
    startRound() {
      // Each row's gradient depends on its own score alone.
    },
    fillPairs(_output, scores, pairs) {
      for (let i = 0; i < trainRows.length; i++) {
        const row = trainRows[i]!;
        const p = 1 / (1 + exp(-scores[row]!));
        pairs[2 * row] = p - y[row]! + GRADIENT_ROUNDER - GRADIENT_ROUNDER;
        pairs[2 * row + 1] = packing.unit + (p * (1 - p) * steps + ROUNDER - ROUNDER);
      }
    },
    value(scores, some) {
      let total = 0;
      for (const row of some) {
        const score = scores[row]!;
        total += Math.max(score, 0) - y[row]! * score + log1p(exp(-Math.abs(score)));
      }
      return total / some.length;
    },
  };
}

/** Log loss of several classes after softmax; y = class index. A class without rows starts at half a row's share. */
export function softmaxLoss(y: Float64Array, classes: number, trainRows: Int32Array): Loss {
  const rows = y.length;
  const packing = probabilityHessians(trainRows.length);
  const steps = 1 / packing.step;
  const probabilities = new Float64Array(classes * rows);
  const counts = new Float64Array(classes);
  for (const row of trainRows) counts[y[row]!]! += 1;
  const logs = counts.map((count) => log(Math.max(count, 0.5) / trainRows.length));
  const centre = mean(logs);
  return {
    outputs: classes,
    packing,
    largestStep: LOG_ODDS_STEP,
    base: Float32Array.from(logs, (value) => value - centre),
    startRound(scores) {
      for (let i = 0; i < trainRows.length; i++) {
        const row = trainRows[i]!;
        let top = -Infinity;
        for (let k = 0; k < classes; k++) top = Math.max(top, scores[k * rows + row]!);
        let total = 0;
        for (let k = 0; k < classes; k++)
          total += probabilities[k * rows + row] = exp(scores[k * rows + row]! - top);
        for (let k = 0; k < classes; k++) probabilities[k * rows + row]! /= total;
      }
    },
    fillPairs(output, _scores, pairs) {
      const first = output * rows;
      for (let i = 0; i < trainRows.length; i++) {
        const row = trainRows[i]!;
        const p = probabilities[first + row]!;
        const target = y[row] === output ? 1 : 0;
        pairs[2 * row] = p - target + GRADIENT_ROUNDER - GRADIENT_ROUNDER;
        pairs[2 * row + 1] = packing.unit + (p * (1 - p) * steps + ROUNDER - ROUNDER);
      }
    },
    value(scores, some) {
      let total = 0;
      for (const row of some) {
        let top = -Infinity;
        for (let k = 0; k < classes; k++) top = Math.max(top, scores[k * rows + row]!);
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += exp(scores[k * rows + row]! - top);
        total += log(sum) + top - scores[y[row]! * rows + row]!;
      }
      return total / some.length;
    },
  };
}

/** The least power of two that is at least `value`; 1 for 0. */
function powerOfTwoAbove(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  while (value > 0 && power / 2 >= value) power /= 2;
  return power;
}
