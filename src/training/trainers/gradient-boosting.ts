import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';
import { boost, type BoostingRules } from '../boosting/boost.ts';
import type { TreesPredictor } from '../../model/pipeline.ts';
import type { Fit, FitOptions, LearntModel, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';
import { classWeight, rowWeights } from '../row-weights.ts';
import { directionsOf } from '../boosting/directions.ts';
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
  l1_regularization: z
    .number()
    .min(0)
    .max(1e12)
    .default(0)
    .describe("L1 penalty on the values of leaves (LightGBM's reg_alpha)."),
  min_gain_to_split: z
    .number()
    .min(0)
    .max(1e12)
    .default(0)
    .describe('A split must lower the loss by more than half of this, as in LightGBM.'),
  max_features: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Share of the features that each node chooses from, at random.'),
  subsample: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Share of the rows that each round learns from, at random.'),
  monotonic_cst: z
    .record(z.string(), z.union([z.literal(-1), z.literal(0), z.literal(1)]))
    .default({})
    .describe(
      'Features with a one-way effect, by name: 1 rising, -1 falling. Not for three and more classes.',
    ),
  class_weight: classWeight,
  loss: z
    .enum(['squared_error', 'absolute_error', 'quantile', 'poisson'])
    .default('squared_error')
    .describe(
      'Of a regression; poisson is for counts and other targets of 0 or more. Classes always take the log loss.',
    ),
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('With loss: quantile, which one is predicted: 0.9 = nine in ten targets are below.'),
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
  fit: (data, options) => train(data, options, null),
  update: (fresh, from, options) => train(fresh, options, from),
};

/** With `from` the new trees are added to its own: as many for each row as the whole model has had. */
function train(
  data: TrainingSet,
  { params, seed, onProgress }: FitOptions<Params>,
  from: LearntModel | null,
): Fit {
  const start = from && treesOf(from);
  const share = from ? data.rows / (data.rows + from.seen.rows) : 1;
  const { warnings, classCounts } = inspectRows(data, 'gradient-boosting', from !== null);
  const weights = rowWeights(data, params.class_weight, classCounts, 'gradient-boosting');
  const monotone = directionsOf(data, params.monotonic_cst);
  checkLoss(data, params, monotone !== undefined);
  const stop = params.early_stopping === 'auto' ? data.rows > AUTO_STOPPING_ROWS : params.early_stopping;
  const { predictor, rounds } = boost(
    data,
    weights,
    {
      maxRounds: Math.ceil(params.max_iter * share),
      maxBins: params.max_bins,
      maxLeaves: params.max_leaf_nodes ?? Infinity,
      maxDepth: params.max_depth ?? Infinity,
      minSamplesLeaf: params.min_samples_leaf,
      l1: params.l1_regularization,
      minGain: params.min_gain_to_split,
      maxFeatures: params.max_features,
      subsample: params.subsample,
      monotone,
      loss: lossRule(params),
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
    start ?? undefined,
  );
  return { predictor, iterations: rounds, warnings: from ? [] : warnings };
}

function treesOf({ predictor }: LearntModel): TreesPredictor {
  if (predictor.kind !== 'trees') throw new Error('no boosted trees to continue');
  return predictor;
}

function lossRule({ loss, quantile }: Params): BoostingRules['loss'] {
  return loss === 'quantile' ? { kind: loss, quantile } : { kind: loss };
}

/** @throws UserError TRAINER_PARAMETER where parameters don't go with the task, the target or each other */
function checkLoss({ task, y, weights }: TrainingSet, { loss }: Params, monotone: boolean): void {
  if (loss === 'squared_error') return;
  if (task !== 'regression')
    throw refusal(
      'loss',
      `loss "${loss}" is for regression, and the task is ${task}`,
      'Leave loss out: classes take the log loss.',
    );
  if (loss === 'poisson') {
    const fix = 'Use loss: squared_error, or correct the target.';
    const negative = y.find((value) => value < 0);
    if (negative !== undefined)
      throw refusal('loss', `loss "poisson" is for targets of 0 or more, and one is ${negative}`, fix);
    if (!y.some((value, row) => value * (weights?.[row] ?? 1) > 0))
      throw refusal('loss', 'loss "poisson" needs a target above 0, and all are 0', fix);
  } else if (monotone)
    throw refusal(
      'monotonic_cst',
      `monotonic_cst does not go with loss "${loss}"`,
      'Use loss: squared_error or poisson, or leave monotonic_cst out.',
    );
}

function refusal(name: string, what: string, fix: string): UserError {
  const message = `gradient-boosting: ${what}`;
  return new UserError({ code: 'TRAINER_PARAMETER', message, at: { name }, fix });
}
