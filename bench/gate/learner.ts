import type { Contestant } from '../../src/gate/contestant.ts';
import type { Predictions } from '../../src/gate/predictions.ts';
import { log1p, exp, sigmoid } from '../../src/numeric/elementary.ts';
import type { Random } from '../../src/numeric/random.ts';
import { CORE, fitRule, logitOf, mergeMoments, WEAK, type Moments, type Rule, type Sample } from './world.ts';

/** A recipe is the list of features that it uses. */
export type Recipe = readonly number[];

const WEAK_USED = 5;

/** Development rows with the moments of every training set, so that a fit costs nothing. */
export interface Development {
  readonly sample: Sample;
  readonly folds: number;
  readonly training: readonly Moments[];
  readonly all: Moments;
}

export function developmentOf(sample: Sample, moments: readonly Moments[]): Development {
  const training = moments.map((_, fold) => mergeMoments(moments, fold));
  return { sample, folds: moments.length, training, all: mergeMoments(moments) };
}

/** Core features, five random weak ones, and perhaps an extra one that makes it truly better. */
export function drawRecipe(random: Random, extra?: number): Recipe {
  const weak = random.shuffle(Array.from({ length: WEAK }, (_, j) => CORE + j)).slice(0, WEAK_USED);
  const core = Array.from({ length: CORE }, (_, j) => j);
  return [...core, ...weak.toSorted((a, b) => a - b), ...(extra === undefined ? [] : [extra])];
}

/** Mean log loss over the validation folds. */
export function validate({ sample, folds, training }: Development, recipe: Recipe): number {
  const rules = training.map((moments) => fitRule(moments, recipe));
  const losses = new Float64Array(folds);
  const sizes = new Float64Array(folds);
  for (let row = 0; row < sample.rows; row++) {
    const fold = row % folds;
    const logit = logitOf(rules[fold]!, sample.x, row);
    const margin = sample.y[row] === 1 ? logit : -logit;
    losses[fold]! += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin;
    sizes[fold]!++;
  }
  return losses.reduce((sum, loss, fold) => sum + loss / sizes[fold]! / folds, 0);
}

/** Out-of-fold predictions. */
export function outOfFold({ sample, folds, training }: Development, recipe: Recipe): Predictions {
  const rules = training.map((moments) => fitRule(moments, recipe));
  return predictionsBy(sample, (row) => rules[row % folds]!);
}

/** Predictions of the model fitted on all development rows. */
export function score({ all }: Development, recipe: Recipe, sample: Sample): Predictions {
  const rule = fitRule(all, recipe);
  return predictionsBy(sample, () => rule);
}

function predictionsBy({ rows, x, y }: Sample, ruleOf: (row: number) => Rule): Predictions {
  const p = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const positive = sigmoid(logitOf(ruleOf(row), x, row));
    p[2 * row] = 1 - positive;
    p[2 * row + 1] = positive;
  }
  return { task: 'binary', classes: 2, rows, y, p };
}

/** What the gate is told about a fitted recipe. */
export function contestant(
  name: string,
  role: Contestant['role'],
  logLoss: number,
  predictions: Predictions | null,
): Contestant {
  return {
    ...{ name, role, trainer: 'lda', params: {}, status: 'ok', failure: null, stopped: null },
    metrics: { log_loss: { mean: logLoss } },
    ...{ outOfFold: predictions, trainMs: 0, predictMsPer1k: null, modelBytes: null, modelSha256: null },
  };
}
