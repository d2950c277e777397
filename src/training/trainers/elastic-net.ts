import { z } from 'zod';
import { elasticNet } from '../linear/elastic-net.ts';
import { sparseRows } from '../linear/sparse-rows.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { weightsOfMeanOne } from '../row-weights.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  alpha: z.number().min(0).max(1e12).default(1).describe('Strength of the penalties; 0 is least squares.'),
  l1_ratio: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of the L1 penalty, which sets coefficients to 0; 1 is the lasso.'),
  fit_intercept: z.boolean().default(true).describe('Whether to add a constant, which is not penalised.'),
  max_iter: z.int().min(1).max(1_000_000).default(1000).describe('Most sweeps over the coefficients.'),
  tol: z
    .number()
    .gt(0)
    .max(1)
    .default(1e-4)
    .describe('Duality gap, as a share of the squares of the target, to stop at.'),
});
type Params = z.infer<typeof params>;

/** Linear regression with L1 and L2 penalties on standardised columns, as scikit-learn's `ElasticNet` and `Lasso`. */
export const elasticNetRegression: Trainer<Params> = {
  name: 'elastic-net',
  tasks: ['regression'],
  encoding: 'standard',
  params,
  fit(data: TrainingSet, { params: given }: FitOptions<Params>): Fit {
    const { warnings } = inspectRows(data, 'elastic-net');
    const { weights, intercept, sweeps, converged } = elasticNet(
      sparseRows(data, false),
      data.y,
      weightsOfMeanOne(data) ?? new Float64Array(data.rows).fill(1),
      {
        alpha: given.alpha,
        l1Ratio: given.l1_ratio,
        intercept: given.fit_intercept,
        maxSweeps: given.max_iter,
        tolerance: given.tol,
      },
    );
    return {
      predictor: {
        kind: 'linear',
        width: data.features.length,
        coefficients: Float32Array.from(weights),
        intercepts: Float32Array.of(intercept),
      },
      iterations: sweeps,
      warnings: converged
        ? warnings
        : [...warnings, `elastic-net did not converge in ${sweeps} sweeps: raise max_iter or tol.`],
    };
  },
};
