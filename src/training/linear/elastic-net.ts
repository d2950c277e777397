import type { SparseRows } from './sparse-rows.ts';
import { weightedSquares } from './sparse-rows.ts';

export interface ElasticNetRules {
  /** Strength of both penalties. */
  readonly alpha: number;
  /** Share of the L1 penalty, 0 … 1. */
  readonly l1Ratio: number;
  readonly intercept: boolean;
  readonly maxSweeps: number;
  /** The duality gap, as a share of the centred target's squares, below which the solution counts as found. */
  readonly tolerance: number;
}

export interface ElasticNetSolution {
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly sweeps: number;
  readonly converged: boolean;
}

/**
 * Minimises Σ c (y - Xw - b)² / 2n + alpha (l1 |w|₁ + (1 - l1) |w|² / 2) by cyclic coordinate descent with soft
 * thresholds (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models", 2010). Columns are
 * centred without being filled: the residual of a row is `residual[row] + shift`, and these sum to 0.
 * @param x without a column of ones
 * @param counts what each row counts for, with the sum n
 */
export function elasticNet(
  x: SparseRows,
  y: Float64Array,
  counts: Float64Array,
  rules: ElasticNetRules,
): ElasticNetSolution {
  const { rows, width } = x;
  const columns = columnsOf(x, counts);
  const means = rules.intercept ? columns.sums.map((sum) => sum / rows) : new Float64Array(width);
  const squares = weightedSquares(x, counts).map((square, j) => square - rows * means[j]! * means[j]!);
  const offset = rules.intercept
    ? y.reduce((total, value, row) => total + counts[row]! * value, 0) / rows
    : 0;
  const residual = y.map((value) => value - offset);
  const scale = residual.reduce((total, value, row) => total + counts[row]! * value * value, 0);
  const l1 = rules.alpha * rules.l1Ratio * rows;
  const l2 = rules.alpha * (1 - rules.l1Ratio) * rows;
  const weights = new Float64Array(width);
  let shift = 0;
  const correlation = (j: number): number => {
    let total = shift * columns.sums[j]!;
    for (let i = columns.start[j]!; i < columns.start[j + 1]!; i++)
      total += columns.counted[i]! * residual[columns.row[i]!]!;
    return total;
  };
  /**
   * The gap between the objective and its dual at the residual, scaled until that is feasible. Without an L1 penalty
   * that scale is 0 and says nothing: then the steps alone decide.
   */
  const gap = (): number => {
    if (l1 === 0) return 0;
    let steepest = 0;
    let ridge = 0;
    let lasso = 0;
    for (let j = 0; j < width; j++) {
      steepest = Math.max(steepest, Math.abs(correlation(j) - l2 * weights[j]!));
      ridge += weights[j]! * weights[j]!;
      lasso += Math.abs(weights[j]!);
    }
    let norm = 0;
    let alignment = 0;
    for (let row = 0; row < rows; row++) {
      const value = residual[row]! + shift;
      const counted = counts[row]! * value;
      norm += counted * value;
      alignment += counted * (y[row]! - offset);
    }
    const share = steepest > l1 ? l1 / steepest : 1;
    const atShare = steepest > l1 ? (norm * (1 + share * share)) / 2 : norm;
    return atShare + l1 * lasso - share * alignment + (l2 * (1 + share * share) * ridge) / 2;
  };
  for (let sweep = 1; sweep <= rules.maxSweeps; sweep++) {
    let largest = 0;
    let change = 0;
    for (let j = 0; j < width; j++) {
      const square = squares[j]!;
      if (!(square > 1e-12 * rows)) continue;
      const before = weights[j]!;
      const pull = correlation(j) + before * square;
      const after = (Math.sign(pull) * Math.max(Math.abs(pull) - l1, 0)) / (square + l2);
      const step = after - before;
      if (step !== 0) {
        weights[j] = after;
        for (let i = columns.start[j]!; i < columns.start[j + 1]!; i++)
          residual[columns.row[i]!]! -= step * columns.value[i]!;
        shift += step * means[j]!;
      }
      change = Math.max(change, Math.abs(step));
      largest = Math.max(largest, Math.abs(after));
    }
    const still = change <= rules.tolerance * largest;
    if ((still || sweep === rules.maxSweeps) && gap() <= rules.tolerance * scale)
      return { weights, intercept: interceptOf(), sweeps: sweep, converged: true };
  }
  return { weights, intercept: interceptOf(), sweeps: rules.maxSweeps, converged: false };

  function interceptOf(): number {
    return weights.reduce((total, weight, j) => total - weight * means[j]!, offset);
  }
}

/**
 * The matrix column by column: column j holds `value[i]` in row `row[i]` for i = start[j] … start[j + 1] - 1;
 * `counted` = values times what their rows count for, `sums` = their sums.
 */
function columnsOf({ rows, width, start, column, value }: SparseRows, counts: Float64Array) {
  const from = new Int32Array(width + 1);
  for (const j of column) from[j + 1]! += 1;
  for (let j = 0; j < width; j++) from[j + 1]! += from[j]!;
  const next = from.slice();
  const row = new Int32Array(column.length);
  const values = new Float32Array(column.length);
  const counted = new Float64Array(column.length);
  const sums = new Float64Array(width);
  for (let r = 0; r < rows; r++)
    for (let i = start[r]!; i < start[r + 1]!; i++) {
      const j = column[i]!;
      const at = next[j]!++;
      row[at] = r;
      values[at] = value[i]!;
      counted[at] = counts[r]! * value[i]!;
      sums[j]! += counted[at];
    }
  return { start: from, row, value: values, counted, sums };
}
