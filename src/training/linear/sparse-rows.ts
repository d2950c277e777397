import type { TrainingSet } from '../trainer.ts';
import { addDenseGram, addDenseTimesRows, denseTimesColumns } from './dense-rows.ts';

/**
 * The encoded matrix without its zeros, which is most of it after one-hot encoding: row r holds
 * `value[i]` in column `column[i]` for i = start[r] … start[r + 1] - 1.
 */
export interface SparseRows {
  readonly rows: number;
  /** Columns, the intercept's included. */
  readonly width: number;
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float32Array;
  /** There are no zeros: row r begins at r * width, and columns count 0, 1, 2 … */
  readonly dense: boolean;
}

/** What a loss is summed over. */
export interface LossRows {
  readonly x: SparseRows;
  readonly y: Float64Array;
  /** What each row's loss counts for. */
  readonly costs: Float64Array;
}

/** Drops the zeros of the training matrix; `intercept` adds a last column of ones. Missing values are our fault here. */
export function sparseRows(data: TrainingSet, intercept: boolean): SparseRows {
  const { rows, x } = data;
  const features = data.features.length;
  const start = new Int32Array(rows + 1);
  let filled = 0;
  for (let cell = 0; cell < rows * features; cell++) {
    if (Number.isNaN(x[cell]))
      throw new Error('A linear model got a missing value: its encoding must impute.');
    if (x[cell] !== 0) filled++;
  }
  if (intercept) filled += rows;
  const column = new Int32Array(filled);
  const value = new Float32Array(filled);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < features; j++) {
      const cell = x[row * features + j]!;
      if (cell === 0) continue;
      column[at] = j;
      value[at++] = cell;
    }
    if (intercept) {
      column[at] = features;
      value[at++] = 1;
    }
    start[row + 1] = at;
  }
  const width = intercept ? features + 1 : features;
  return { rows, width, start, column, value, dense: filled === rows * width };
}

/** out[r] = sum over the columns of x[r] * weights[offset + column]. */
export function timesColumns(x: SparseRows, weights: Float64Array, offset = 0): Float64Array {
  if (x.dense) return denseTimesColumns(x, weights, offset);
  const { start, column, value } = x;
  const out = new Float64Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    let total = 0;
    for (let i = start[row]!; i < start[row + 1]!; i++) total += value[i]! * weights[offset + column[i]!]!;
    out[row] = total;
  }
  return out;
}

/** out[offset + column] += sum over the rows of x[r] * weights[r]. */
export function addTimesRows(x: SparseRows, weights: Float64Array, out: Float64Array, offset = 0): void {
  if (x.dense) {
    addDenseTimesRows(x, weights, out, offset);
    return;
  }
  const { start, column, value } = x;
  for (let row = 0; row < x.rows; row++) {
    const weight = weights[row]!;
    for (let i = start[row]!; i < start[row + 1]!; i++) out[offset + column[i]!]! += value[i]! * weight;
  }
}

/** out[column] = sum over the rows of x[r]^2 * weights[r]. */
export function weightedSquares(x: SparseRows, weights: Float64Array): Float64Array {
  const { start, column, value } = x;
  const out = new Float64Array(x.width);
  for (let row = 0; row < x.rows; row++) {
    const weight = weights[row]!;
    for (let i = start[row]!; i < start[row + 1]!; i++) out[column[i]!]! += value[i]! * value[i]! * weight;
  }
  return out;
}

/**
 * Adds X' diag(weights) X to one square block of a row-major matrix of `size` columns, whose corner is
 * (blockRow, blockColumn); only the block's lower triangle is filled. Columns ascend within a row of X.
 */
export function addWeightedGram(
  x: SparseRows,
  weights: Float64Array,
  out: Float64Array,
  size: number,
  blockRow = 0,
  blockColumn = 0,
): void {
  if (x.dense) {
    addDenseGram(x, weights, out, size, blockRow * size + blockColumn);
    return;
  }
  const { start, column, value } = x;
  for (let row = 0; row < x.rows; row++) {
    const weight = weights[row]!;
    const first = start[row]!;
    const last = start[row + 1]!;
    for (let i = first; i < last; i++) {
      const scaled = value[i]! * weight;
      const base = (blockRow + column[i]!) * size + blockColumn;
      for (let j = first; j <= i; j++) out[base + column[j]!]! += scaled * value[j]!;
    }
  }
}
