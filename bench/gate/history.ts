import { compare } from '../../src/gate/compare.ts';
import { findMetric } from '../../src/gate/metrics/metrics.ts';
import { judgePromotion, type PromotionCase } from '../../src/gate/promotion.ts';
import type { GatePolicy } from '../../src/gate/policy.ts';
import type { Predictions } from '../../src/gate/predictions.ts';
import { deriveSeed, Random } from '../../src/numeric/random.ts';
import { contestant, developmentOf, drawRecipe, outOfFold, score, validate } from './learner.ts';
import type { Development, Recipe } from './learner.ts';
import { drawSample, EXTRA, foldMoments, type Sample } from './world.ts';

export interface Scenario {
  /** The first champion: one random recipe, or the best of a push's candidates in cross-validation. */
  readonly start: 'random' | 'selected';
  readonly development: number;
  readonly holdout: number;
  readonly looks: number;
  readonly candidates: number;
  readonly pushes: number;
}

export interface Outcome {
  readonly falsePromotions: number;
  readonly looksUsed: number;
  readonly spent: boolean;
  /** Whether simpler gates promoted an equal candidate: controls that show what there is to be resisted. */
  readonly controls: {
    /** The better mean of cross-validation wins. */
    readonly bestScore: boolean;
    /** The hold-out is asked at 5% on every push. */
    readonly everyPush: boolean;
  };
  /** Whether a truly better candidate among equals is promoted, at the first push and after the last. */
  readonly found: Readonly<Record<'large' | 'small', { readonly first: boolean; readonly last: boolean }>>;
}

interface Champion {
  readonly recipe: Recipe;
  readonly logLoss: number;
  readonly outOfFold: Predictions;
  readonly onHoldout: Predictions;
}

interface State {
  readonly champion: Champion;
  readonly looksUsed: number;
}

const FOLDS = 5;
const policy: GatePolicy = {
  ...{ metric: 'log_loss', metrics: ['log_loss'], minGain: 0, confidence: 0.95, maxDrop: '2%' },
  ...{ floor: {}, ceiling: {}, maxGain: null, slices: null },
  limits: { modelBytes: null, predictMsPer1k: null, trainMinutes: null },
};

/** One history: static data, a push after another with new candidates that are all equally good in truth. */
export function runHistory(scenario: Scenario, seed: number): Outcome {
  const random = new Random(deriveSeed(seed, 'history'));
  const sample = drawSample(scenario.development, random);
  const development = developmentOf(sample, foldMoments(sample, FOLDS));
  const holdout = drawSample(scenario.holdout, random);
  const start = initialState(scenario, development, holdout, random);
  let state = start;
  let falsePromotions = 0;
  let bestScore = false;
  let everyPush = false;
  for (let push = 0; push < scenario.pushes; push++) {
    const recipes = Array.from({ length: scenario.candidates }, () => drawRecipe(random));
    const scored = scoresOf(development, recipes);
    bestScore ||= scored.logLoss < start.champion.logLoss;
    everyPush ||= betterOnHoldout(development, holdout, start.champion, scored.recipe);
    const after = judgePush(scenario, development, holdout, state, scored);
    if (after.promoted) falsePromotions++;
    state = after;
  }
  const finds = (from: State, extra: number): boolean => {
    const equal = Array.from({ length: scenario.candidates - 1 }, () => drawRecipe(random));
    const scored = scoresOf(development, [drawRecipe(random, extra), ...equal]);
    const after = judgePush(scenario, development, holdout, from, scored);
    return after.promoted && after.champion.recipe.includes(extra);
  };
  return {
    falsePromotions,
    looksUsed: state.looksUsed,
    spent: state.looksUsed >= scenario.looks,
    controls: { bestScore, everyPush },
    found: {
      large: { first: finds(start, EXTRA.large), last: finds(state, EXTRA.large) },
      small: { first: finds(start, EXTRA.small), last: finds(state, EXTRA.small) },
    },
  };
}

/** A push's candidates: log loss of each in cross-validation, and the best one. */
interface Push {
  readonly scores: readonly number[];
  readonly best: number;
  readonly recipe: Recipe;
  readonly logLoss: number;
}

function scoresOf(development: Development, recipes: readonly Recipe[]): Push {
  const scores = recipes.map((recipe) => validate(development, recipe));
  const best = scores.indexOf(Math.min(...scores));
  return { scores, best, recipe: recipes[best]!, logLoss: scores[best]! };
}

function betterOnHoldout(
  development: Development,
  holdout: Sample,
  { onHoldout }: Champion,
  recipe: Recipe,
): boolean {
  const options = { level: 0.05, developmentRows: development.sample.rows, seed: 1 };
  const test = compare(findMetric('log_loss'), score(development, recipe, holdout), onHoldout, options);
  return test.kind === 'compared' && test.lower > 0;
}

function initialState(scenario: Scenario, development: Development, holdout: Sample, random: Random): State {
  const count = scenario.start === 'random' ? 1 : scenario.candidates;
  const recipes = Array.from({ length: count }, () => drawRecipe(random));
  const { recipe, logLoss } = scoresOf(development, recipes);
  return { champion: championOf(development, holdout, recipe, logLoss), looksUsed: 0 };
}

function championOf(development: Development, holdout: Sample, recipe: Recipe, logLoss: number): Champion {
  const onHoldout = score(development, recipe, holdout);
  return { recipe, logLoss, outOfFold: outOfFold(development, recipe), onHoldout };
}

/** The gate's own decision on one push. */
function judgePush(
  scenario: Scenario,
  development: Development,
  holdout: Sample,
  { champion, looksUsed }: State,
  { scores, best, recipe, logLoss }: Push,
): State & { promoted: boolean } {
  // Only the best one's predictions are ever compared.
  const candidates = scores.map((loss, i) =>
    contestant(`c-${i}`, 'candidate', loss, i === best ? outOfFold(development, recipe) : null),
  );
  const onHoldout = () => score(development, recipe, holdout);
  const rows = development.sample.rows;
  const given: PromotionCase = {
    ...{ model: 'bench', policy, policyEdits: [], cost: { trainMs: 0, jobs: 1, taken: [] }, seed: 1 },
    baseline: { kind: 'present', record: null, metrics: {}, outOfFold: null, modelSha256: null },
    contestants: [...candidates, contestant('recipe', 'champion', champion.logLoss, champion.outOfFold)],
    development: {
      folds: FOLDS,
      foldOf: Array.from({ length: rows }, (_, row) => row % FOLDS),
      dependence: { kind: 'independent' },
      slices: [],
    },
    rows: { total: rows + holdout.rows, development: rows, holdout: holdout.rows, changedLabels: 0 },
    holdout: {
      ...{
        kind: 'locked',
        rows: holdout.rows,
        changedShare: 0,
        state: null,
        accepted: null,
        replacement: null,
        earlier: [],
      },
      ...{ looksUsed, looksAllowed: scenario.looks },
      ask: () => ({
        ...{ candidate: onHoldout(), baseline: champion.onHoldout },
        ...{ dependence: { kind: 'independent' }, slices: [] },
      }),
    },
    ...{ superseded: false, dummy: null, refresh: null },
  };
  const verdict = judgePromotion(given);
  const promoted = verdict.conclusion === 'promote';
  return {
    promoted,
    looksUsed: verdict.looks?.used ?? looksUsed,
    champion: promoted ? championOf(development, holdout, recipe, logLoss) : champion,
  };
}
