import type { Verdict } from '../contracts/verdict.ts';
import { compare, type CompareOptions } from './compare.ts';
import { recordOf, type Comparison } from './comparison.ts';
import { isTrained, ranked, scoreOf, type Contestant } from './contestant.ts';
import type { Dependence } from './dependence.ts';
import type { Metric } from './metrics/metric.ts';
import { confusionCounts } from './metrics/confusion.ts';
import { findMetric } from './metrics/metrics.ts';
import type { GatePolicy } from './policy.ts';
import { classCounts, faultOf, type Predictions } from './predictions.ts';
import { decision, type Decision } from './decision.ts';
import { brokenRule, candidateRules, HARM_LEVEL } from './rules.ts';
import { standInPhrase } from './sentence.ts';
import type { Slice } from './slices.ts';

/** What stands on the other side of the comparison. */
export type Baseline =
  /** The history provably holds no champion, and the base commit no configuration. */
  | { readonly kind: 'none' }
  /** It exists but can't be compared with; `fix` = what the reader can do, as an instruction. */
  | { readonly kind: 'not-comparable'; readonly why: string; readonly fix: string }
  /** The base commit has no configuration although there is a champion. */
  | { readonly kind: 'config-missing' }
  | {
      readonly kind: 'present';
      /** Null where nothing was released yet and the base commit's best candidate stands in. */
      readonly record: Verdict['champion'];
      /** Mean validation scores of the base side. */
      readonly metrics: Readonly<Record<string, number | null>>;
      /** Out-of-fold on the compared rows: of the base side (merge), or null where it isn't needed (promotion). */
      readonly outOfFold: Predictions | null;
      readonly modelSha256: string | null;
    };

/** Rows that out-of-fold predictions are about. */
export interface DevelopmentRows {
  readonly folds: number;
  /** Fold of each compared row. */
  readonly foldOf: ArrayLike<number>;
  readonly dependence: Dependence;
  /** Slices of the compared rows; empty where the policy has none. */
  readonly slices: readonly Slice[];
}

/** What both questions need. */
export interface Case {
  readonly model: string;
  readonly policy: GatePolicy;
  readonly baseline: Baseline;
  /** All candidates, and the champion's recipe on today's data with role `champion`, if there is one. */
  readonly contestants: readonly Contestant[];
  readonly development: DevelopmentRows;
  readonly rows: Verdict['rows'];
  readonly policyEdits: Verdict['policyEdits'];
  readonly cost: Verdict['cost'];
  readonly seed: number;
}

/** Fewer rows of a class in a fold than this say nothing. */
const MIN_CLASS_IN_FOLD = 5;

/** The case with what is looked up once. */
export interface Setting {
  readonly metric: Metric;
  /** Candidates, best first. */
  readonly candidates: readonly Contestant[];
  readonly recipe: Contestant | undefined;
  readonly options: Omit<CompareOptions, 'level'>;
}

export function settingOf({ policy, contestants, development, rows, seed }: Case): Setting {
  const metric = findMetric(policy.metric);
  const { folds, dependence } = development;
  return {
    metric,
    candidates: ranked(contestants, metric),
    recipe: contestants.find(({ role }) => role === 'champion'),
    options: { dependence, outOfFold: { folds }, developmentRows: rows.development, seed },
  };
}

/** Out-of-fold predictions of two sides; whichever is missing is named and counts as broken. */
export function compareOutOfFold(
  { metric, options }: Setting,
  candidate: Side,
  baseline: Side,
  level: number,
): Comparison {
  if (candidate.outOfFold && baseline.outOfFold)
    return compare(metric, candidate.outOfFold, baseline.outOfFold, { ...options, level });
  const missing = candidate.outOfFold ? baseline : candidate;
  return {
    kind: 'not-compared',
    reason: 'broken',
    message: `${missing.name} has no out-of-fold predictions`,
  };
}

/** One side of a comparison. */
export interface Side {
  readonly name: string;
  readonly outOfFold: Predictions | null;
}

/** The champion's recipe on today's data; without it nothing tells harm or gain. */
export function recipeSide({ recipe }: Setting): Side {
  return { name: "the champion's recipe on today's data", outOfFold: recipe?.outOfFold ?? null };
}

/** Why the folds are too small, or null. */
export function foldFault(predictions: Predictions | null, { foldOf }: DevelopmentRows): string | null {
  if (!predictions || predictions.classes === 0) return null;
  const counts = new Map<number, number[]>();
  for (let row = 0; row < predictions.rows; row++) {
    const fold = foldOf[row]!;
    const inFold = counts.get(fold) ?? new Array<number>(predictions.classes).fill(0);
    inFold[predictions.y[row]!]!++;
    counts.set(fold, inFold);
  }
  const rarest = Math.min(...[...counts.values()].flat());
  if (rarest >= MIN_CLASS_IN_FOLD) return null;
  return `a fold has ${countOf(rarest)} of one class, at least ${MIN_CLASS_IN_FOLD} are needed`;
}

/** Why a test set is too small for a verdict, or null. */
export function rareClassFault(predictions: Predictions, least: number): string | null {
  const rarest = Math.min(...classCounts(predictions));
  return rarest < least
    ? `the test set has ${countOf(rarest)} of one class, at least ${least} are needed`
    : null;
}

function countOf(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}

/** Decisions that both questions share: a baseline that can't be compared with, and candidates without a result. */
export function decideBefore(
  { baseline, contestants }: Case,
  { metric, candidates }: Setting,
): Decision | null {
  if (baseline.kind === 'not-comparable')
    return decision('block', 'not-comparable', {
      sentence: `Nothing can be decided: ${baseline.why}.`,
      next: baseline.fix,
    });
  if (baseline.kind === 'config-missing')
    return decision('block', 'config-missing', {
      sentence:
        'Nothing can be decided: the base commit has no model-factory.yml although a model was released.',
      next: 'Restore model-factory.yml on the base branch, then run this again.',
    });
  const broken = candidateRules(contestants, metric);
  const first = brokenRule(broken);
  if (first)
    return decision(
      'block',
      'failed',
      {
        sentence: `Blocked: ${first.note.replace(/\.$/, '')}${broken.length > 1 ? `, and ${broken.length - 1} more failed` : ''}.`,
        next: 'Read its log, repair or remove the candidate, and push again.',
      },
      { rules: broken },
    );
  if (!candidates.some(isTrained))
    return decision('block', 'no-candidate', {
      sentence: 'Blocked: there is no candidate to judge.',
      next: 'Name at least one under `candidates:` in model-factory.yml.',
    });
  return null;
}

/** The document: the decision with everything that it rests on. */
export function verdictOf(given: Case, question: Verdict['question'], decided: Decision): Verdict {
  const setting = settingOf(given);
  const { baseline, policy } = given;
  const present = baseline.kind === 'present' ? baseline : null;
  const winner = decided.winner ?? setting.candidates.find(isTrained)?.name ?? null;
  // A pull request is always compared with the base side's own training, so there it goes without saying.
  const note = present && question === 'promote' ? standInPhrase(present.record) : '';
  return {
    schema: 'verdict/1',
    model: given.model,
    question,
    conclusion: decided.conclusion,
    reason: decided.reason,
    sentence: `${decided.sentence.sentence}${note}`,
    next: decided.sentence.next,
    metric: policy.metric,
    winner,
    decisive: decided.decisive && recordOf(decided.decisive),
    baselineMetrics: present ? { ...present.metrics } : null,
    confusion: confusionOf(given, setting, winner),
    rules: [...decided.rules],
    standings: standingsOf(given, setting),
    champion: present?.record ?? null,
    looks: decided.looks,
    detectableGain: decided.detectableGain,
    rows: given.rows,
    policyEdits: [...given.policyEdits],
    run: null,
    cost: given.cost,
  };
}

/** The baseline on the compared rows; null where there is none. */
function baselineOutOfFold({ baseline }: Case, { recipe }: Setting): Predictions | null {
  return baseline.kind === 'present' ? (baseline.outOfFold ?? recipe?.outOfFold ?? null) : null;
}

function confusionOf(given: Case, setting: Setting, winner: string | null): Verdict['confusion'] {
  const ours = setting.candidates.find(({ name }) => name === winner)?.outOfFold ?? null;
  const theirs = baselineOutOfFold(given, setting);
  if (ours === null || theirs === null || faultOf(ours) !== null || faultOf(theirs) !== null) return null;
  const counts = { winner: confusionCounts(ours), baseline: confusionCounts(theirs) };
  return counts.winner && counts.baseline && { winner: counts.winner, baseline: counts.baseline };
}

function standingsOf(given: Case, setting: Setting): Verdict['standings'] {
  const { policy } = given;
  const { metric, candidates, recipe } = setting;
  const outOfFold = baselineOutOfFold(given, setting);
  const reference: Side | null = outOfFold && { name: 'the baseline', outOfFold };
  // A bootstrap for each candidate would take longer than the training: only the best and the recipe get one.
  const quick = (contestant: Contestant) =>
    contestant.outOfFold === null || metric.comparison(contestant.outOfFold.task).kind !== 'bootstrap';
  return [...candidates, ...(recipe ? [recipe] : [])].map((contestant) => ({
    name: contestant.name,
    trainer: contestant.trainer,
    params: contestant.params,
    role: contestant.role,
    status: contestant.status,
    failure: contestant.failure,
    stopped: contestant.stopped,
    metrics: Object.fromEntries(policy.metrics.map((name) => [name, scoreOf(contestant, name)])),
    comparison:
      reference && isTrained(contestant) && (quick(contestant) || contestant === candidates[0])
        ? recordOf(compareOutOfFold(setting, contestant, reference, HARM_LEVEL))
        : null,
    trainMs: contestant.trainMs,
    predictMsPer1k: contestant.predictMsPer1k,
    modelBytes: contestant.modelBytes,
  }));
}
