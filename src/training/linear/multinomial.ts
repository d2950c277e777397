import { exp, log } from '../../numeric/elementary.ts';
import type { Point } from './newton.ts';
import { addTimesRows, addWeightedGram, timesColumns, weightedSquares } from './sparse-rows.ts';
import type { LossRows, SparseRows } from './sparse-rows.ts';

/**
 * The penalised log loss of softmax regression, C * sum of losses + sum of penalty * weight^2 / 2, with its
 * derivatives. Weights stand class by class: weight of column j for class k at k * columns + j.
 * @param rows y: class index, 0 … classes - 1; costs: C times the row's weight
 * @param penalty 1 for coefficients, 0 for the intercept. Length = columns, or one for each weight
 * @param start scores of each class that the weights' are added to
 */
export function multinomialLoss(
  { x, y, costs }: LossRows,
  classes: number,
  penalty: Float64Array,
  start?: readonly Float64Array[],
) {
  const size = classes * x.width;
  const penaltyOf = (j: number): number => penalty[j % penalty.length]!;
  return (weights: Float64Array): Point => {
    const scores = Array.from({ length: classes }, (_, k) => {
      const own = timesColumns(x, weights, k * x.width);
      const from = start?.[k];
      return from ? own.map((score, row) => score + from[row]!) : own;
    });
    let value = softmaxInPlace(scores, y, costs);
    const gradient = weights.map((weight, j) => penaltyOf(j) * weight);
    for (let j = 0; j < size; j++) value += 0.5 * penaltyOf(j) * weights[j]! * weights[j]!;
    const probabilities = scores;
    probabilities.forEach((probability, k) => {
      const slopes = probability.map((p, row) => costs[row]! * (p - (y[row] === k ? 1 : 0)));
      addTimesRows(x, slopes, gradient, k * x.width);
    });
    return {
      value,
      gradient,
      hessian: () => hessian(x, probabilities, costs, penaltyOf),
      multiply: (vector) => multiply(x, probabilities, costs, penaltyOf, vector),
      diagonal() {
        const out = new Float64Array(size);
        probabilities.forEach((probability, k) => {
          const curvatures = probability.map((p, row) => costs[row]! * p * (1 - p));
          out.set(weightedSquares(x, curvatures), k * x.width);
        });
        return out.map((square, j) => square + penaltyOf(j));
      },
    };
  };
}

/** Turns scores[k][row] into probabilities and returns the sum of cost × log loss. */
function softmaxInPlace(scores: readonly Float64Array[], y: Float64Array, costs: Float64Array): number {
  let value = 0;
  for (let row = 0; row < y.length; row++) {
    let top = -Infinity;
    for (const score of scores) top = Math.max(top, score[row]!);
    const own = scores[y[row]!]![row]!;
    let total = 0;
    for (const score of scores) {
      score[row] = exp(score[row]! - top);
      total += score[row]!;
    }
    for (const score of scores) score[row]! /= total;
    value += costs[row]! * (log(total) + top - own);
  }
  return value;
}

/** Block (k, l) is X' diag(cost * p_k * (1[k = l] - p_l)) X. */
function hessian(
  x: SparseRows,
  probabilities: readonly Float64Array[],
  costs: Float64Array,
  penaltyOf: (j: number) => number,
): Float64Array {
  const size = probabilities.length * x.width;
  const matrix = new Float64Array(size * size);
  for (let j = 0; j < size; j++) matrix[j * size + j] = penaltyOf(j);
  probabilities.forEach((pk, k) => {
    for (let l = 0; l <= k; l++) {
      const pl = probabilities[l]!;
      const curvatures = pk.map((p, row) => costs[row]! * p * ((k === l ? 1 : 0) - pl[row]!));
      addWeightedGram(x, curvatures, matrix, size, k * x.width, l * x.width);
      if (l < k) mirror(matrix, size, k * x.width, l * x.width, x.width);
    }
  });
  return matrix;
}

/** Completes a symmetric block of which the lower triangle is filled. */
function mirror(
  matrix: Float64Array,
  size: number,
  blockRow: number,
  blockColumn: number,
  width: number,
): void {
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++)
      matrix[(blockRow + j) * size + blockColumn + i] = matrix[(blockRow + i) * size + blockColumn + j]!;
}

function multiply(
  x: SparseRows,
  probabilities: readonly Float64Array[],
  costs: Float64Array,
  penaltyOf: (j: number) => number,
  vector: Float64Array,
): Float64Array {
  const out = vector.map((element, j) => penaltyOf(j) * element);
  const products = probabilities.map((_, k) => timesColumns(x, vector, k * x.width));
  const average = new Float64Array(x.rows);
  probabilities.forEach((p, k) => {
    for (let row = 0; row < x.rows; row++) average[row]! += p[row]! * products[k]![row]!;
  });
  probabilities.forEach((p, k) => {
    const weighted = products[k]!.map((product, row) => costs[row]! * p[row]! * (product - average[row]!));
    addTimesRows(x, weighted, out, k * x.width);
  });
  return out;
}
