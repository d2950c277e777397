import { z } from 'zod';
import { stackingFeatures } from '../../model/combination.ts';
import type { EnsemblePredictor, LinearPredictor } from '../../model/pipeline.ts';
import { scorerOf } from '../../model/score.ts';
import { countFits, fitMembers, innerOutOfFold, type InnerOutOfFold } from '../composed/out-of-fold.ts';
import { innerFolds } from '../composed/params.ts';
import type { ComposedFit, ComposedTrainer, Composition, Fit, FitOptions, TrainingSet } from '../trainer.ts';
import { linearRegression } from './linear-regression.ts';
import { logisticRegression } from './logistic-regression.ts';

const params = z
  .strictObject({
    method: z
      .enum(['average', 'stacking'])
      .default('average')
      .describe('The mean of what the members say, or a linear model that learns how far to trust each.'),
    weights: z
      .array(z.number().nonnegative().max(1e6))
      .min(2)
      .nullable()
      .default(null)
      .describe('Of an average: what each member counts for, in the order of `of`. Default: all the same.'),
    cv: innerFolds,
    C: z
      .number()
      .positive()
      .max(1e12)
      .default(1)
      .describe('Of stacked classifiers: inverse strength of the L2 penalty on the coefficients.'),
    alpha: z
      .number()
      .min(0)
      .max(1e12)
      .default(1)
      .describe('Of stacked regressions: strength of the L2 penalty on the coefficients.'),
  })
  .refine(({ method, weights }) => method === 'average' || weights === null, {
    path: ['weights'],
    message: 'has no meaning for stacking, which learns its own',
    params: { fix: 'Remove it, or write method: average.' },
  })
  .refine(({ weights }) => weights === null || weights.some((weight) => weight > 0), {
    path: ['weights'],
    message: 'are all 0',
    params: { fix: 'Give one member at least a weight above 0.' },
  });
type Params = z.infer<typeof params>;

/**
 * Several candidates that answer together: by their mean, as scikit-learn's `VotingClassifier` (soft) and
 * `VotingRegressor`, or by a linear model of their answers about rows that they had not seen, as `StackingClassifier`
 * and `StackingRegressor`; it sees the logarithms of the probabilities, on which a logistic model is at home.
 */
export const ensemble: ComposedTrainer<Params> = {
  name: 'ensemble',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'members',
  params,
  fit(composition: Composition, options: FitOptions<Params>): ComposedFit {
    const { method, weights, cv } = options.params;
    const count = composition.members.length;
    const onFit = countFits(count * (method === 'stacking' ? cv + 1 : 1), options.onProgress);
    const inner = method === 'stacking' ? innerOutOfFold(composition, cv, scorerOf, onFit) : null;
    const { fits, derived, warnings } = fitMembers(composition, onFit);
    const stack = inner && fitStack(composition, inner, options);
    const combination: EnsemblePredictor['combination'] = stack
      ? stack.combination
      : { kind: 'average', weights: Float64Array.from(weights ?? new Array<number>(count).fill(1)) };
    return {
      predictor: {
        kind: 'ensemble',
        members: fits.map(({ pipeline: { steps, predictor } }) => ({ steps, predictor })),
        combination,
      },
      derived,
      iterations: fits.reduce((sum, { iterations }) => sum + iterations, 0),
      warnings: [...new Set([...warnings, ...(inner?.warnings ?? []), ...(stack?.warnings ?? [])])],
    };
  },
};

interface Stack {
  readonly combination: EnsemblePredictor['combination'];
  readonly warnings: readonly string[];
}

/** Probabilities are taken to be no nearer to 0 and 1 than the training rows can tell. */
function fitStack(
  { dataset, rows, members }: Composition,
  inner: InnerOutOfFold,
  { params: { C, alpha }, seed }: FitOptions<Params>,
): Stack {
  const { task, classes } = dataset;
  const floor = task === 'regression' ? 0 : 1 / (rows.length + 2);
  const features = stackingFeatures(dataset, floor, inner.scores);
  const width = features.length / inner.rows.length;
  const data: TrainingSet = {
    task,
    rows: inner.rows.length,
    x: Float32Array.from(features),
    features: Array.from({ length: width }, (_, j) => {
      const { name } = members[Math.floor((j * members.length) / width)]!;
      return { name, input: name, levels: 0 };
    }),
    y: inner.y,
    classes: classes.length,
    labels: classes,
    weights: inner.weights,
  };
  const fit: Fit =
    task === 'regression'
      ? linearRegression.fit(data, { params: linearRegression.params.parse({ alpha }), seed })
      : logisticRegression.fit(data, { params: logisticRegression.params.parse({ C, tol: 1e-6 }), seed });
  return {
    combination: { kind: 'stacking', floor, meta: linear(fit) },
    warnings: fit.warnings.map((warning) => `stacking: ${warning}`),
  };
}

function linear({ predictor }: Fit): LinearPredictor {
  if (predictor.kind === 'linear') return predictor;
  throw new Error('the meta-learner is not linear');
}
