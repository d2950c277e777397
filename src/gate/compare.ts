import type { Compared, Comparison, NotCompared } from './comparison.ts';
import { MIN_UNITS, unitMeans, unitsOf, type Dependence, type Units } from './dependence.ts';
import { orientation, type Metric, type MetricOptions } from './metrics/metric.ts';
import { oneClass } from './metrics/multiclass.ts';
import { faultOf, samePredictions, sameRows, type Predictions } from './predictions.ts';
import { clusteredDelong, delong, waldTest } from './statistics/delong.ts';
import { disagreement, mcnemar } from './statistics/mcnemar.ts';
import { pairedMeanTest, pairedT } from './statistics/paired-mean.ts';
import { clopperPearson } from './statistics/proportion.ts';
import { bootstrapTest, planByClass, planByGroup } from './statistics/resampling.ts';

export interface CompareOptions {
  /** One-sided level of the bounds. */
  readonly level: number;
  readonly dependence?: Dependence;
  /** Predictions are out-of-fold of this many folds: their differences aren't independent. */
  readonly outOfFold?: { readonly folds: number };
  /** Rows that models learn from; log loss clips probabilities to [1 / (N + 2), 1 - 1 / (N + 2)]. */
  readonly developmentRows: number;
  readonly seed: number;
}

/** What each test answers; the rest of a `Compared` is the same for all. */
type Outcome = Pick<Compared, 'estimate' | 'lower' | 'upper' | 'se' | 'p' | 'pLess' | 'method'>;

interface Question {
  readonly metric: Metric;
  readonly candidate: Predictions;
  readonly champion: Predictions;
  readonly units: Units;
  readonly clip: MetricOptions;
  /** 1 + k / (k - 1) for out-of-fold rows (Nadeau and Bengio, 2003), else 1. */
  readonly varianceFactor: number;
  readonly level: number;
  readonly seed: number;
}

/** Clips probabilities where a model of N rows can't know better. */
export function clippingFor(developmentRows: number): MetricOptions {
  return { clip: 1 / (developmentRows + 2) };
}

/**
 * Compares a candidate with the champion on the same rows, by the test that fits the metric:
 * - mean of a row loss: the larger p-value of paired t and Hall's skewness-corrected t;
 * - RMSE: the same test on squared errors; estimate and bounds are divided by the sum of both RMSEs, which turns a
 *   difference of mean squares into the difference of roots (exact for the estimate, delta method for the bounds);
 * - accuracy: exact McNemar; bounds: the wider of the paired difference's and the exact ones of the disagreements;
 * - ROC AUC of two classes: DeLong;
 * - anything else: paired BCa bootstrap, drawn within classes.
 * Grouped rows give one mean a group, ordered rows one a time block. Never throws on bad numbers: it names them.
 */
export function compare(
  metric: Metric,
  candidate: Predictions,
  champion: Predictions,
  options: CompareOptions,
): Comparison {
  const { level, developmentRows, seed, outOfFold } = options;
  const clip = clippingFor(developmentRows);
  for (const [who, predictions] of [
    ['candidate', candidate],
    ['baseline', champion],
  ] as const) {
    const fault = faultOf(predictions);
    if (fault) return not('broken', `${who}: ${fault}`);
  }
  if (!sameRows(candidate, champion))
    return not('broken', 'candidate and baseline were scored on different rows');
  const ours = metric.compute(candidate, clip);
  const theirs = metric.compute(champion, clip);
  if (ours === null || theirs === null) return not('undefined', `${metric.label} is undefined on these rows`);
  const units = unitsOf(options.dependence ?? { kind: 'independent' }, candidate.rows);
  if (units.count < MIN_UNITS)
    return not('insufficient-data', `${units.count} ${units.kind}, at least ${MIN_UNITS} are needed`);
  const identical = samePredictions(candidate, champion);
  const varianceFactor = outOfFold ? 1 + outOfFold.folds / (outOfFold.folds - 1) : 1;
  const question = { metric, candidate, champion, units, clip, varianceFactor, level, seed };
  const outcome = identical ? nothingChanged : answer(question);
  if (!outcome || !isFinite(outcome))
    return not('undefined', `${metric.label} can't be compared on these rows`);
  return {
    ...{ kind: 'compared', metric: metric.name, candidate: ours, champion: theirs, level, identical },
    ...{ n: units.count, rows: candidate.rows },
    ...outcome,
  };
}

const nothingChanged: Outcome = {
  ...{ estimate: 0, lower: 0, upper: 0, se: 0, p: 1, pLess: 1 },
  method: 'identical predictions',
};

function not(reason: NotCompared['reason'], message: string): NotCompared {
  return { kind: 'not-compared', reason, message };
}

function isFinite({ estimate, lower, upper, se, p, pLess }: Outcome): boolean {
  return [estimate, lower, upper, se, p, pLess].every(Number.isFinite);
}

function answer(question: Question): Outcome | null {
  const { metric, candidate, champion, units, clip } = question;
  const kind = metric.comparison(candidate.task);
  switch (kind.kind) {
    case 'row-loss':
      return compareMeans(question, kind.losses(champion, clip), kind.losses(candidate, clip));
    case 'root-of-row-loss':
      return compareRoots(question, kind.losses(champion), kind.losses(candidate));
    case 'hits':
      return units.kind === 'rows'
        ? compareHits(question, kind.hits(candidate), kind.hits(champion))
        : compareMeans(question, kind.hits(candidate), kind.hits(champion));
    case 'roc-auc':
      return compareAucs(question);
    case 'bootstrap':
      return compareByBootstrap(question);
  }
}

/** Tests the mean of `better - worse`, one value a unit; the order of the arguments makes it an improvement. */
function compareMeans(question: Question, better: Float64Array, worse: Float64Array): Outcome | null {
  const { units, level, varianceFactor } = question;
  const differences = unitMeans(
    better.map((value, row) => value - worse[row]!),
    units,
  );
  const test = pairedMeanTest(differences, { level, varianceFactor });
  if (!test) return null;
  const { mean: estimate, lower, upper, se, p, pLess } = test;
  return { estimate, lower, upper, se, p, pLess, method: named(question, "paired t, Hall's correction") };
}

function compareRoots(question: Question, better: Float64Array, worse: Float64Array): Outcome | null {
  const squares = compareMeans(question, better, worse);
  const roots =
    Math.sqrt(meanOf(unitMeans(better, question.units))) +
    Math.sqrt(meanOf(unitMeans(worse, question.units)));
  if (!squares || !(roots > 0)) return null;
  const { estimate, lower, upper, se } = squares;
  return {
    ...squares,
    ...{ estimate: estimate / roots, lower: lower / roots, upper: upper / roots, se: se / roots },
    method: named(question, "paired t of squared errors, Hall's correction"),
  };
}

function compareHits(question: Question, candidate: Float64Array, champion: Float64Array): Outcome | null {
  const { level, varianceFactor } = question;
  const differences = candidate.map((hit, row) => hit - champion[row]!);
  const options = { level, varianceFactor };
  // McNemar has no standard error to widen, so out-of-fold hits must pass the widened t test as well.
  const t = varianceFactor > 1 ? pairedMeanTest(differences, options) : pairedT(differences, options);
  if (!t) return null;
  const { gained, lost } = disagreement(candidate, champion);
  const exact = mcnemar({ gained, lost });
  const share = (gained + lost) / differences.length;
  const bounds = clopperPearson(gained, gained + lost, level);
  return {
    ...{ estimate: t.mean, se: t.se },
    lower: Math.min(t.lower, (2 * bounds.lower - 1) * share),
    upper: Math.max(t.upper, (2 * bounds.upper - 1) * share),
    p: varianceFactor > 1 ? Math.max(exact.p, t.p) : exact.p,
    pLess: varianceFactor > 1 ? Math.max(exact.pLess, t.pLess) : exact.pLess,
    method: named(question, 'exact McNemar'),
  };
}

function compareAucs(question: Question): Outcome | null {
  const { candidate, champion, units, level, varianceFactor } = question;
  const { scores, positive } = oneClass(candidate, 1);
  const theirs = oneClass(champion, 1).scores;
  const result =
    units.kind === 'rows'
      ? { df: null, ...delong(positive, scores, theirs) }
      : clusteredDelong(positive, scores, theirs, units.unitOf, units.count);
  if (result?.estimate === undefined || result.se === null || result.se === undefined) return null;
  const se = result.se * Math.sqrt(varianceFactor);
  const { estimate, df } = result;
  return { estimate, se, ...waldTest(estimate, se, df, level), method: named(question, 'DeLong') };
}

function compareByBootstrap(question: Question): Outcome | null {
  const { metric, candidate, champion, units, clip, varianceFactor, level, seed } = question;
  const ours = metric.prepare(candidate, clip);
  const theirs = metric.prepare(champion, clip);
  const sign = orientation(metric);
  const difference = (weights: Float64Array) => {
    const [a, b] = [ours(weights), theirs(weights)];
    return a === null || b === null ? null : sign * (a - b);
  };
  const strata = candidate.classes > 0 ? candidate.y : new Float64Array(candidate.rows);
  const plan = units.kind === 'rows' ? planByClass(strata) : planByGroup(units.unitOf, units.count);
  const result = bootstrapTest(difference, plan, { level, spread: Math.sqrt(varianceFactor), seed });
  if (!result) return null;
  const { estimate, lower, upper, se, p, pLess } = result;
  const name = {
    bca: 'BCa bootstrap',
    percentile: 'percentile bootstrap',
    normal: 'bootstrap standard error',
  };
  const method = named(question, `${name[result.method]}, ${result.replicates} draws`);
  return { estimate, lower, upper, se, p, pLess, method };
}

function named({ units, varianceFactor }: Question, method: string): string {
  const over = units.kind === 'rows' ? '' : ` over ${units.count} ${units.kind}`;
  return `${method}${over}${varianceFactor > 1 ? ', out-of-fold' : ''}`;
}

function meanOf(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}
