import { z } from 'zod';
import { marginsOf } from '../../model/score.ts';
import type { CalibratedPredictor } from '../../model/pipeline.ts';
import { fitIsotonic } from '../composed/isotonic.ts';
import { countFits, fitMembers, innerOutOfFold, type InnerOutOfFold } from '../composed/out-of-fold.ts';
import { innerFolds } from '../composed/params.ts';
import { fitSigmoid } from '../composed/sigmoid.ts';
import type { ComposedFit, ComposedTrainer, Composition, FitOptions } from '../trainer.ts';

const params = z.strictObject({
  method: z
    .enum(['sigmoid', 'isotonic'])
    .default('sigmoid')
    .describe(
      'Shape of the map from scores to probabilities: an S-curve of two numbers, or any that never falls.',
    ),
  cv: innerFolds,
});
type Params = z.infer<typeof params>;

/**
 * Maps the scores of another candidate to probabilities that hold, as scikit-learn's `CalibratedClassifierCV` with
 * `ensemble=False`: one map, learnt from scores of rows that the model had not seen, and one model, fitted on all rows.
 */
export const calibrated: ComposedTrainer<Params> = {
  name: 'calibrated',
  tasks: ['binary', 'multiclass'],
  encoding: 'members',
  params,
  fit(composition: Composition, { params: { method, cv }, onProgress }: FitOptions<Params>): ComposedFit {
    const onFit = countFits(cv + 1, onProgress);
    const inner = innerOutOfFold(composition, cv, marginsOf, onFit);
    const { fits, derived, warnings } = fitMembers(composition, onFit);
    const [fit] = fits;
    const [margins] = inner.scores;
    if (!fit || !margins) throw new Error('calibrated has no member');
    const { steps, predictor } = fit.pipeline;
    return {
      predictor: {
        kind: 'calibrated',
        member: { steps, predictor },
        calibration: calibrationOf(method, margins, inner, composition.dataset.classes.length),
      },
      derived,
      iterations: fit.iterations,
      warnings: [...new Set([...warnings, ...inner.warnings])],
    };
  },
};

/** One map for the positive class of two, or one for each class against the rest. */
function calibrationOf(
  method: Params['method'],
  margins: Float64Array,
  { y, weights }: InnerOutOfFold,
  classes: number,
): CalibratedPredictor['calibration'] {
  const width = classes === 2 ? 1 : classes;
  const columns = Array.from({ length: width }, (_, k) => ({
    scores: margins.filter((_, cell) => cell % width === k),
    isPositive: Array.from(y, (label) => label === (classes === 2 ? 1 : k)),
  }));
  if (method === 'isotonic')
    return {
      kind: 'isotonic',
      curves: columns.map(({ scores, isPositive }) => fitIsotonic(scores, isPositive, weights)),
    };
  const maps = columns.map(({ scores, isPositive }) => fitSigmoid(scores, isPositive, weights));
  return {
    kind: 'sigmoid',
    slopes: Float64Array.from(maps, ({ slope }) => slope),
    intercepts: Float64Array.from(maps, ({ intercept }) => intercept),
  };
}
