import type { RuleOutcome, Verdict } from '../contracts/verdict.ts';
import type { Case, Setting } from './case.ts';
import { clippingFor, compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { scoreOf, type Contestant } from './contestant.ts';
import type { Dependence } from './dependence.ts';
import { estimateMetric } from './estimate.ts';
import { findMetric } from './metrics/metrics.ts';
import type { Predictions } from './predictions.ts';
import { HARM_LEVEL, type Score } from './rules.ts';
import type { Slice } from './slices.ts';

/** What two models say about today's hold-out. */
export interface HoldoutAnswer {
  readonly candidate: Predictions;
  /** The stored champion, its stand-in, or `dummy` on the first run. */
  readonly baseline: Predictions;
  readonly dependence: Dependence;
  readonly slices: readonly Slice[];
}

/** What the replacement of a spent hold-out waits for. */
export type Replacement =
  | { readonly kind: 'unseen-rows'; readonly unseen: number; readonly needed: number }
  /** Which rows are unseen is known from the first promotion with this hold-out, and there was none. */
  | { readonly kind: 'no-promotion' }
  /** The user gives the hold-out as a file. */
  | { readonly kind: 'given' };

/** A test set that only the promotion decision may ask. */
export interface LockedHoldout {
  readonly kind: 'locked';
  readonly rows: number;
  /** Share of the hold-out's rows that was removed or relabelled since it was drawn. */
  readonly changedShare: number;
  /** Digest of what became of those rows, and the one that the configuration accepts (`holdout.rebase`). */
  readonly state: string | null;
  readonly accepted: string | null;
  readonly looksUsed: number;
  readonly looksAllowed: number;
  /** Null as long as looks are left. */
  readonly replacement: Replacement | null;
  /** Earlier questions of this epoch: which model, and what came out. */
  readonly earlier: readonly { readonly modelSha256: string; readonly conclusion: string }[];
  /** Scores both models on the hold-out. Called once at most, and only when the question may be asked. */
  readonly ask: (winner: string) => HoldoutAnswer;
}

/** `none`: too few rows, or switched off; cross-validation decides. */
export type Holdout = LockedHoldout | { readonly kind: 'none' };

export interface PromotionCase extends Case {
  readonly holdout: Holdout;
  /** This run's commit is an ancestor of the champion's. */
  readonly superseded: boolean;
  /** Out-of-fold predictions of `dummy` on the compared rows; needed on the first run. */
  readonly dummy: Predictions | null;
  /**
   * When the winner is the champion's own recipe on new data: what both say about development rows that the stored
   * champion never saw. Null where there are none.
   */
  readonly refresh: {
    readonly candidate: Predictions;
    readonly champion: Predictions;
    readonly dependence: Dependence;
  } | null;
}

/** Without a hold-out the level is shared by the candidates and this many decisions. */
export const VALIDATION_LOOKS = 10;
export const MAX_CHANGED_SHARE = 0.01;
export const MIN_CLASS_IN_HOLDOUT = 20;

/** Level of the one test that may promote. */
export function levelOf({ policy, holdout }: PromotionCase, { candidates }: Setting): number {
  const alpha = 1 - policy.confidence;
  return alpha / (holdout.kind === 'locked' ? holdout.looksAllowed : candidates.length * VALIDATION_LOOKS);
}

/** The count of looks after this run; null without a hold-out. */
export function looksOf(holdout: Holdout, spent: boolean): Verdict['looks'] {
  if (holdout.kind === 'none') return null;
  return { used: holdout.looksUsed + (spent ? 1 : 0), allowed: holdout.looksAllowed, spent };
}

/** Both models on the hold-out, at that level. */
export function compareOnHoldout(setting: Setting, answer: HoldoutAnswer, level: number): Comparison {
  return compare(setting.metric, answer.candidate, answer.baseline, { ...onHoldout(setting, answer), level });
}

/** Options of comparisons on the hold-out: its rows are independent of the models. */
export function onHoldout({ options: { developmentRows, seed } }: Setting, { dependence }: HoldoutAnswer) {
  return { developmentRows, seed, dependence };
}

/** The values that floors and ceilings are held against, on the hold-out. */
export function holdoutScores(
  { policy, rows }: Case,
  setting: Setting,
  answer: HoldoutAnswer,
): Record<string, Score> {
  const options = { ...onHoldout(setting, answer), level: HARM_LEVEL };
  const clip = clippingFor(rows.development);
  return scores(policy, (name) => {
    const metric = findMetric(name);
    const estimate = estimateMetric(metric, answer.candidate, options);
    return estimate ?? { value: metric.compute(answer.candidate, clip) };
  });
}

/** The same from cross-validation. */
export function validationScores({ policy }: Pick<Case, 'policy'>, best: Contestant): Record<string, Score> {
  return scores(policy, (name) => ({ value: scoreOf(best, name) }));
}

function scores({ floor, ceiling }: Case['policy'], score: (name: string) => Score): Record<string, Score> {
  return Object.fromEntries(Object.keys({ ...floor, ...ceiling }).map((name) => [name, score(name)]));
}

/** A rule that read the hold-out, without its numbers: those are shown only with a promotion. */
export function hidden(rule: RuleOutcome): RuleOutcome {
  const said = { pass: 'met', fail: 'broken', undecided: 'not met', 'not-applicable': 'not applicable' };
  const note = `${said[rule.outcome]} on the test set (hold-out); its numbers are shown only with a promotion`;
  return { ...rule, measured: null, comparison: null, wouldSettle: null, note };
}
