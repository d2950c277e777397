import type { TrainingSet } from '../trainer.ts';
import { exp, log, log1p, sigmoid } from '../../numeric/elementary.ts';
import type { Network } from './network.ts';

/** What is learnt: class numbers, or the target standardised; `outputs` scores a row. */
export interface Targets {
  readonly task: TrainingSet['task'];
  readonly y: Float64Array;
  readonly outputs: number;
  /** What each row counts for; undefined = 1. */
  readonly weights?: Float64Array | undefined;
}

/** Errors below this are 0: they would only make slow, subnormal products. */
const TINY = 1e-30;

/**
 * Loss of the rows of the last `forward`, summed: log loss, or half the squared error. With a `factor` it also sets
 * the errors, factor * derivative by the scores.
 */
export function rowLosses(
  network: Network,
  targets: Targets,
  order: Int32Array,
  first: number,
  count: number,
  factor?: number,
): number {
  const { y, outputs, weights } = targets;
  const scores = new Float64Array(outputs);
  const errors = new Float64Array(outputs);
  const lossOf = losses[targets.task];
  let total = 0;
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < outputs; k++) scores[k] = network.score(row, k);
    const at = order[first + row]!;
    const weight = weights === undefined ? 1 : weights[at]!;
    total += weight * lossOf(scores, y[at]!, errors);
    if (factor === undefined) continue;
    for (let k = 0; k < outputs; k++) {
      const error = errors[k]! * weight * factor;
      network.setError(row, k, Math.abs(error) < TINY ? 0 : error);
    }
  }
  return total;
}

/** Loss of one row; fills in the derivatives by its scores. */
type RowLoss = (scores: Float64Array, target: number, errors: Float64Array) => number;

const losses: Readonly<Record<TrainingSet['task'], RowLoss>> = {
  binary(scores, label, errors) {
    const score = scores[0]!;
    errors[0] = sigmoid(score) - label;
    const margin = label > 0 ? score : -score;
    return log1p(exp(-Math.abs(margin))) + Math.max(-margin, 0);
  },
  multiclass(scores, label, errors) {
    let largest = -Infinity;
    for (let k = 0; k < scores.length; k++) largest = Math.max(largest, scores[k]!);
    let total = 0;
    for (let k = 0; k < scores.length; k++) total += errors[k] = exp(scores[k]! - largest);
    for (let k = 0; k < scores.length; k++) errors[k]! /= total;
    errors[label]! -= 1;
    return largest - scores[label]! + log(total);
  },
  regression(scores, target, errors) {
    const error = (errors[0] = scores[0]! - target);
    return (error * error) / 2;
  },
};
