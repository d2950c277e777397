import { z } from 'zod';
import { solveSymmetric } from '../linear/cholesky.ts';
import { conjugateGradient } from '../linear/conjugate-gradient.ts';
import { plus, predictorOf, weightsOf } from '../linear/pull.ts';
import {
  addTimesRows,
  addWeightedGram,
  sparseRows,
  timesColumns,
  weightedSquares,
} from '../linear/sparse-rows.ts';
import type { SparseRows } from '../linear/sparse-rows.ts';
import { ridgeErrors } from '../linear/standard-errors.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  alpha: z.number().min(0).max(1e12).default(1).describe('Strength of the L2 penalty; 0 is least squares.'),
  fit_intercept: z.boolean().default(true).describe('Whether to add a constant, which is not penalised.'),
});
type Params = z.infer<typeof params>;

/** Ridge regression: minimises the squared error + alpha * |coefficients|^2, as scikit-learn's `Ridge`. */
export const linearRegression: Trainer<Params> = {
  name: 'linear-regression',
  tasks: ['regression'],
  encoding: 'standard',
  params,
  fit(data: TrainingSet, options: FitOptions<Params>): Fit {
    const { warnings } = inspectRows(data, 'linear-regression');
    const { alpha, fit_intercept: intercept } = options.params;
    const x = sparseRows(data, intercept);
    const width = data.features.length;
    const penalty = new Float64Array(x.width).fill(alpha, 0, width);
    const coefficients = solve(x, data.y, penalty, data.weights);
    return { predictor: predictorOf(coefficients, x.width, width), iterations: 1, warnings };
  },
  update(fresh, { predictor, seen }, { params: { alpha, fit_intercept: intercept } }): Fit {
    const { warnings } = inspectRows(fresh, 'linear-regression');
    if (predictor.kind !== 'linear') throw new Error('no linear model to continue');
    const x = sparseRows(fresh, intercept);
    const width = fresh.features.length;
    const old = sparseRows(seen, intercept);
    const counts = seen.weights ?? new Float64Array(seen.rows).fill(1);
    const pull = weightedSquares(old, counts).map((square, j) => square + (j < width ? alpha : 0));
    const from = weightsOf(predictor, x);
    const expected = timesColumns(x, from);
    const residuals = fresh.y.map((value, row) => value - expected[row]!);
    const moved = plus(from, solve(x, residuals, pull, fresh.weights));
    return { predictor: predictorOf(moved, x.width, width), iterations: 1, warnings };
  },
  standardErrors: (data, predictor, { alpha, fit_intercept }) =>
    ridgeErrors(data, predictor, alpha, fit_intercept),
};

/** Up to this many columns the normal equations are solved by elimination, above by conjugate gradients. */
const ELIMINATION_WIDTH = 1400;

/** Solves (X'WX + diag(penalty)) b = X'Wy with W = diag(weights), or 1. */
function solve(
  x: SparseRows,
  y: Float64Array,
  penalty: Float64Array,
  weights: Float64Array | undefined,
): Float64Array {
  const right = new Float64Array(x.width);
  const weighted = (values: Float64Array): Float64Array =>
    weights ? values.map((value, row) => value * weights[row]!) : values;
  addTimesRows(x, weighted(y), right);
  const counts = weights ?? new Float64Array(x.rows).fill(1);
  if (x.width <= ELIMINATION_WIDTH) {
    const gram = new Float64Array(x.width * x.width);
    for (let j = 0; j < x.width; j++) gram[j * x.width + j] = penalty[j]!;
    addWeightedGram(x, counts, gram, x.width);
    return solveSymmetric(gram, right, x.width);
  }
  const operator = {
    multiply(vector: Float64Array): Float64Array {
      const out = vector.map((element, j) => penalty[j]! * element);
      addTimesRows(x, weighted(timesColumns(x, vector)), out);
      return out;
    },
    diagonal: () => weightedSquares(x, counts).map((square, j) => square + penalty[j]!),
  };
  return conjugateGradient(operator, right, 1e-10);
}
