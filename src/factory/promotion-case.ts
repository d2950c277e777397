import type { PolicyEdit } from '../config/policy.ts';
import type { Promotion } from '../contracts/ledger.ts';
import { decodePredictions } from '../contracts/predictions.ts';
import { hexesOf, hexOf } from '../data/identity.ts';
import { findColumn, selectRows } from '../data/table.ts';
import type { Baseline } from '../gate/case.ts';
import type { Predictions } from '../gate/predictions.ts';
import { MAX_CHANGED_SHARE, type Replacement } from '../gate/promotion-case.ts';
import type { Holdout, PromotionCase } from '../gate/promotion.ts';
import { UserError } from '../errors/user-error.ts';
import { slicesOf } from '../gate/slices.ts';
import type { History } from '../registry/history.ts';
import { runFit } from '../training/fit.ts';
import { pickRows } from './alignment.ts';
import { championRecord, dependenceOf, promotionCase, type JudgeInput } from './case.ts';
import type { Champion } from './champion.ts';
import { testedRows } from './contestants.ts';
import { holdoutStateOf } from './holdout-state.ts';
import { aboutCandidate, openModel } from './open-model.ts';
import { collectOutOfFold, predictionsOf } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';

export interface PromotionInput extends JudgeInput {
  /** What a spent hold-out waits for; null as long as looks are left. */
  readonly replacement: Replacement | null;
  readonly history: Pick<History, 'epoch' | 'looks'>;
  /** The released champion; null before the first promotion and after its line was ended. */
  readonly champion: Champion | null;
  /** The champion's refitted recipe on the hold-out, where the released model can't be asked. */
  readonly standIn: Float64Array | null;
  /** This run's commit lies behind the champion's. */
  readonly superseded: boolean;
}

/** The default branch's case: the champion, today's hold-out behind a lock, and `dummy` for the first run. */
export function toPromotionCase(input: PromotionInput): PromotionCase {
  const { prepared, champion } = input;
  return {
    ...promotionCase(input, baselineOf(input)),
    holdout: holdoutOf(input),
    superseded: input.superseded,
    dummy: champion ? null : dummyOutOfFold(prepared),
    refresh: champion ? refreshOf(input, champion) : null,
  };
}

/** What may not change under a champion, with the champion's and today's value. */
export function incomparable(
  promotion: Promotion,
  { plan }: Pick<JudgeInput, 'plan'>,
): Extract<Baseline, { kind: 'not-comparable' }> | null {
  const pairs: [string, string, string][] = [
    ['the task', promotion.task, plan.task],
    ['the target', promotion.target, plan.data.target],
    ['the positive class', promotion.positive ?? 'none', plan.positive ?? 'none'],
    ['the classes', promotion.classes.join(', '), plan.classes.join(', ')],
    ['the deciding metric', promotion.metric, plan.rankingMetric],
  ];
  const changed = pairs.find(([, then, now]) => then !== now);
  if (!changed) return null;
  const [what, then, now] = changed;
  return {
    kind: 'not-comparable',
    why: `${what} changed from ${then} to ${now} since ${promotion.version} was released`,
    fix: `Undo the change, or end the line: gate.baseline: { restart: "<reason>", from: ${promotion.version} }.`,
  };
}

/** Policy that a champion can't be compared without. */
const binding = ['task', 'data.target', 'data.positive', 'gate.metric'];

/**
 * A change of these passes by the old rules, and nothing could be compared after the merge: it has to end the
 * champion's line with the same change.
 */
export function wouldEndLine(
  { version }: Promotion,
  edits: readonly PolicyEdit[],
): Extract<Baseline, { kind: 'not-comparable' }> | null {
  const edit = edits.find(({ path }) => binding.includes(path));
  const ended = edits.some(
    ({ path, new: now }) => path.startsWith('gate.baseline') && now.includes(`"${version}"`),
  );
  if (!edit || ended) return null;
  return {
    kind: 'not-comparable',
    why: `after this change of ${edit.path} from ${edit.old} to ${edit.new} nothing could be compared with ${version}`,
    fix:
      'Undo the change, or end the line with it: ' +
      `gate.baseline: { restart: "<reason>", from: ${version} } begins with a first model after the merge.`,
  };
}

function baselineOf({ plan, champion, prepared, now }: PromotionInput): Baseline {
  if (!champion) return { kind: 'none' };
  const changed = incomparable(champion.promotion, { plan });
  if (changed) return changed;
  const { promotion } = champion;
  return {
    kind: 'present',
    record: championRecord(promotion, canScore(champion, prepared) ? 'stored' : 'refitted', now),
    metrics: promotion.metrics,
    outOfFold: null,
    modelSha256: promotion.modelSha256,
  };
}

/** Whether the released model can be scored fairly: same split, and its inputs are still in the data. */
export function canScore(champion: Champion, prepared: Prepared): boolean {
  const { promotion, scorer } = champion;
  const { epoch, dataset } = prepared;
  return (
    promotion.epoch === epoch.number &&
    scorer.inputs.every(({ name }) => findColumn(dataset.table, name)) &&
    learntShare(prepared, champion) <= MAX_CHANGED_SHARE
  );
}

function holdoutOf(input: PromotionInput): Holdout {
  const { prepared, plan, champion, history, trained } = input;
  const { holdout, settings, epoch, dataset } = prepared;
  if (holdout.length === 0) return { kind: 'none' };
  const looks = history.epoch?.number === epoch.number ? history.looks : [];
  const known = champion?.promotion.epoch === epoch.number ? holdoutStateOf(prepared, champion) : null;
  const { holdout: wanted } = prepared.config;
  return {
    kind: 'locked',
    rows: holdout.length,
    changedShare: known?.changedShare ?? 0,
    state: known?.digest ?? null,
    accepted: wanted === 'none' ? null : (wanted.rebase?.to ?? null),
    looksUsed: looks.length,
    looksAllowed: settings.looks,
    replacement: input.replacement,
    earlier: looks,
    ask: (winner) => {
      const model = trained.find(({ result }) => result.candidate === winner)?.model;
      if (!model) throw missingModel(winner);
      const scorer = openModel(model, winner, aboutCandidate(prepared, plan, winner, model));
      const slices = prepared.config.gate.block.slices;
      return {
        candidate: predictionsOf(dataset, holdout, scorer.score(dataset.table, holdout)),
        baseline: predictionsOf(dataset, holdout, baselineScores(input)),
        dependence: dependenceOf(prepared, holdout),
        slices: slices ? slicesOf(selectRows(dataset.table, holdout), slices.columns) : [],
      };
    },
  };
}

function missingModel(winner: string): UserError {
  return new UserError({
    code: 'ARTIFACT_MISSING',
    message: `the model of ${winner} is not among what training left`,
    at: { name: winner },
    fix: 'Run the training step again; the test set (hold-out) was not asked.',
  });
}

/** The released champion's scores on the hold-out; its refitted recipe's, or `dummy`'s, where it can't be asked. */
function baselineScores({ prepared, champion, standIn }: PromotionInput): Float64Array {
  const { dataset, development: train, holdout: test } = prepared;
  if (champion && canScore(champion, prepared)) return champion.scorer.score(dataset.table, test);
  if (standIn) return standIn;
  return runFit(dataset, { trainer: 'dummy', params: {}, seed: 0, train, test }).predictions;
}

/**
 * Share of today's hold-out rows that the champion learnt from: with a test set in a file of its own, rows can move
 * there from the development file.
 */
function learntShare({ identities, holdout }: Prepared, champion: Champion): number {
  if (holdout.length === 0) return 0;
  const tested = new Set(hexesOf(champion.holdout.identities));
  const learnt = new Set(hexesOf(champion.outOfFold.identities).filter((identity) => !tested.has(identity)));
  return holdout.filter((row) => learnt.has(hexOf(identities, row))).length / holdout.length;
}

function dummyOutOfFold(prepared: Prepared): Predictions {
  const { dataset, folds } = prepared;
  const predictions = folds.map(
    ({ train, test }) => runFit(dataset, { trainer: 'dummy', params: {}, seed: 0, train, test }).predictions,
  );
  const { rows, values } = collectOutOfFold(
    dataset.table.rows,
    Math.max(dataset.classes.length, 1),
    folds,
    predictions,
  );
  return predictionsOf(dataset, rows, values);
}

/** Development rows that the champion never saw, as its own recipe (out-of-fold) and the released model score them. */
function refreshOf(
  { prepared, plan, trained }: PromotionInput,
  champion: Champion,
): PromotionCase['refresh'] {
  if (!canScore(champion, prepared)) return null;
  const recipe = trained.find(({ result }) => result.candidate === plan.championRecipe);
  if (!recipe?.predictions) return null;
  const { dataset, identities } = prepared;
  const seen = new Set(
    Array.from({ length: champion.outOfFold.rows }, (_, row) => hexOf(champion.outOfFold.identities, row)),
  );
  const tested = testedRows(prepared);
  const fresh = tested
    .map((_, position) => position)
    .filter((position) => !seen.has(hexOf(identities, tested[position]!)));
  if (fresh.length === 0) return null;
  const rows = fresh.map((position) => tested[position]!);
  const outputs = Math.max(dataset.classes.length, 1);
  const values = decodePredictions(recipe.predictions, `predictions/${recipe.result.candidate}`).values;
  return {
    candidate: predictionsOf(dataset, rows, pickRows(values, outputs, fresh)),
    champion: predictionsOf(dataset, rows, champion.scorer.score(dataset.table, rows)),
    dependence: dependenceOf(prepared, rows),
  };
}
