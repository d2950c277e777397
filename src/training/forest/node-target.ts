import type { TrainingSet } from '../trainer.ts';
import type { TreeSample } from './sample.ts';

/**
 * What a node's rows say, as `width` weighted sums: of the number to predict (less its mean, so that squares keep
 * their digits), of "is the positive class", or of "is class k" for each class. With W = weight of the rows, the best
 * division has the largest Σ S² / W over both sides: that lowers the squared error, or the Gini impurity, the most.
 */
export interface NodeTarget {
  readonly width: number;
  /** Sums of a row begin at row × 1: the number for one sum, else the class. */
  readonly y: Float64Array;
  /** Taken off each number. */
  readonly offset: number;
}

export function targetOf({ task, classes, y }: TrainingSet): NodeTarget {
  if (task === 'multiclass') return { width: classes, y, offset: 0 };
  if (task === 'binary') return { width: 1, y, offset: 0 };
  let total = 0;
  for (const value of y) total += value;
  const offset = total / y.length;
  return { width: 1, y: y.map((value) => value - offset), offset };
}

/** Sums over a stretch of rows. */
export interface NodeTotals {
  readonly sums: Float64Array;
  readonly weight: number;
  /** Every row says the same. */
  readonly pure: boolean;
}

export function totalsOf(
  { width, y }: NodeTarget,
  { weights }: TreeSample,
  order: Int32Array,
  start: number,
  end: number,
): NodeTotals {
  const sums = new Float64Array(width);
  let weight = 0;
  let only = 0;
  let others = 0;
  const first = y[order[start]!]!;
  for (let k = start; k < end; k++) {
    const row = order[k]!;
    const said = y[row]!;
    const times = weights[row]!;
    if (width === 1) only += times * said;
    else sums[said]! += times;
    weight += times;
    if (said !== first) others++;
  }
  if (width === 1) sums[0] = only;
  return { sums, weight, pure: others === 0 };
}

/** Σ S² / W of a node. */
export function scoreOfNode({ sums, weight }: NodeTotals): number {
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return squares / weight;
}
