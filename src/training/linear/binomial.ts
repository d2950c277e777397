import { exp, log1p } from '../../numeric/elementary.ts';
import type { Point } from './newton.ts';
import { addTimesRows, addWeightedGram, timesColumns, weightedSquares } from './sparse-rows.ts';
import type { LossRows } from './sparse-rows.ts';

/**
 * The penalised log loss of binary logistic regression, C * sum of losses + sum of penalty * weight^2 / 2,
 * with its derivatives.
 * @param rows costs: C times the row's weight
 * @param penalty 1 for coefficients, 0 for the intercept. Length = columns
 * @param start scores that the weights' are added to. Length = rows
 */
export function binomialLoss({ x, y, costs }: LossRows, penalty: Float64Array, start?: Float64Array) {
  return (weights: Float64Array): Point => {
    const own = timesColumns(x, weights);
    const scores = start ? own.map((score, row) => score + start[row]!) : own;
    const slopes = new Float64Array(x.rows);
    const curvatures = new Float64Array(x.rows);
    let value = 0;
    for (let row = 0; row < x.rows; row++) {
      const score = scores[row]!;
      const small = exp(-Math.abs(score));
      const positive = score >= 0 ? 1 / (1 + small) : small / (1 + small);
      const cost = costs[row]!;
      value += cost * (Math.max(score, 0) - y[row]! * score + log1p(small));
      slopes[row] = cost * (positive - y[row]!);
      curvatures[row] = (cost * (small / (1 + small))) / (1 + small);
    }
    const gradient = weights.map((weight, j) => penalty[j]! * weight);
    for (let j = 0; j < x.width; j++) value += 0.5 * penalty[j]! * weights[j]! * weights[j]!;
    addTimesRows(x, slopes, gradient);
    return {
      value,
      gradient,
      hessian() {
        const matrix = new Float64Array(x.width * x.width);
        for (let j = 0; j < x.width; j++) matrix[j * x.width + j] = penalty[j]!;
        addWeightedGram(x, curvatures, matrix, x.width);
        return matrix;
      },
      multiply(vector) {
        const out = vector.map((element, j) => penalty[j]! * element);
        const products = timesColumns(x, vector).map((product, row) => product * curvatures[row]!);
        addTimesRows(x, products, out);
        return out;
      },
      diagonal: () => weightedSquares(x, curvatures).map((square, j) => square + penalty[j]!),
    };
  };
}
