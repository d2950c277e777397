import { z } from 'zod';
import { boost } from '../boosting/boost.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';
import { maxDepthParam } from './tree-params.ts';

const params = z.strictObject({
  learning_rate: z.number().positive().max(10).default(0.1).describe('What each tree counts for.'),
  max_iter: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Most rounds; a round is one tree, or one for each class if there are more than two.'),
  max_leaf_nodes: z
    .int()
    .min(2)
    .max(65_536)
    .nullable()
    .default(31)
    .describe('Most leaves of a tree; null for no limit.'),
  max_depth: maxDepthParam,
  min_samples_leaf: z.int().min(1).max(1e9).default(20).describe('Fewest training rows in a leaf.'),
  l2_regularization: z.number().min(0).max(1e12).default(0).describe('L2 penalty on the values of leaves.'),
  max_bins: z.int().min(2).max(255).default(255).describe('Most bins of a feature, missing values apart.'),
  early_stopping: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe(
      'Whether to stop when the validation loss no longer falls; "auto": above 10,000 training rows.',
    ),
  validation_fraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Share of the training rows set aside for early stopping.'),
  n_iter_no_change: z
    .int()
    .min(1)
    .max(100_000)
    .default(10)
    .describe('Rounds without a lower validation loss before stopping.'),
  tol: z.number().min(0).max(1e12).default(1e-7).describe('By how much a loss must be lower to count.'),
});
type Params = z.infer<typeof params>;

/** Above this many rows `early_stopping: auto` is on, as in scikit-learn. */
const AUTO_STOPPING_ROWS = 10_000;

/** Gradient-boosted trees on histograms, with the parameters of scikit-learn's `HistGradientBoosting…`. */
export const gradientBoosting: Trainer<Params> = {
  name: 'gradient-boosting',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'native',
  params,
  fit(data: TrainingSet, { params, seed, onProgress }: FitOptions<Params>): Fit {
    const { warnings } = inspectRows(data, 'gradient-boosting');
    const stop = params.early_stopping === 'auto' ? data.rows > AUTO_STOPPING_ROWS : params.early_stopping;
    const { predictor, rounds } = boost(
      data,
      {
        maxRounds: params.max_iter,
        maxBins: params.max_bins,
        maxLeaves: params.max_leaf_nodes ?? Infinity,
        maxDepth: params.max_depth ?? Infinity,
        minSamplesLeaf: params.min_samples_leaf,
        l1: 0,
        minGain: 0,
        monotone: undefined,
        l2: params.l2_regularization,
        learningRate: params.learning_rate,
        earlyStopping: stop
          ? {
              fraction: params.validation_fraction,
              patience: params.n_iter_no_change,
              tolerance: params.tol,
            }
          : undefined,
      },
      seed,
      onProgress,
    );
    return { predictor, iterations: rounds, warnings };
  },
};
