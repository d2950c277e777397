import type { RuleOutcome, Verdict } from '../contracts/verdict.ts';
import type { Margin } from '../config/gate-schema.ts';
import { compare, type CompareOptions } from './compare.ts';
import { recordOf, type Compared, type Comparison } from './comparison.ts';
import type { Contestant } from './contestant.ts';
import { selectDependence } from './dependence.ts';
import type { Estimate } from './estimate.ts';
import { changePhrase, counted, formatDifference, formatGiven, formatNumber } from './format.ts';
import type { Metric } from './metrics/metric.ts';
import { findMetric } from './metrics/metrics.ts';
import { marginIn, type GatePolicy } from './policy.ts';
import { classCounts, selectPredictions, type Predictions } from './predictions.ts';
import type { Slice } from './slices.ts';
import { holm } from './statistics/holm.ts';
import { rowsNeeded } from './statistics/planner.ts';

/** Harm is proven, and a likely gain seen, at this one-sided level. */
export const HARM_LEVEL = 0.05;

/** A slice with fewer rows of its rarer class says nothing. */
const MIN_SLICE_CLASS = 10;

const blank = { metric: null, measured: null, threshold: null, comparison: null, wouldSettle: null } as const;

/** One failure for each candidate that has no usable result; one that a search stopped is none. */
export function candidateRules(contestants: readonly Contestant[], metric: Metric): RuleOutcome[] {
  return contestants
    .map(({ name, status, failure, metrics }): [string, string | null] => {
      if (status === 'failed') return [name, failure ?? 'training failed'];
      if (status === 'stopped') return [name, null];
      const score = metrics[metric.name]?.mean ?? null;
      const usable = score !== null && Number.isFinite(score);
      return [name, usable ? null : `its ${metric.label} is missing or not a number`];
    })
    .filter(([, fault]) => fault !== null)
    .map(([name, fault]) => ({
      ...blank,
      rule: `candidates.${name}`,
      outcome: 'fail',
      note: `${name} can not be judged: ${fault ?? ''}`,
    }));
}

/** A metric of one model, with an interval where there is one. */
export type Score = Estimate | { readonly value: number | null };

/** Floors and ceilings, against the value of the model alone; a missing value breaks them. */
export function boundRules(
  { floor, ceiling }: Pick<GatePolicy, 'floor' | 'ceiling'>,
  scores: Readonly<Record<string, Score>>,
  where: string,
): RuleOutcome[] {
  const rules = (kind: 'floor' | 'ceiling', bounds: GatePolicy['floor']) =>
    Object.entries(bounds).flatMap(([name, threshold]): RuleOutcome[] => {
      if (threshold === undefined) return [];
      const score: Score = scores[name] ?? { value: null };
      const { value } = score;
      const met = value !== null && (kind === 'floor' ? value >= threshold : value <= threshold);
      const { label } = findMetric(name);
      const relation = met ? 'meets' : 'breaks';
      const said =
        value === null
          ? `${label} has no value ${where}`
          : `${label} ${formatNumber(value)}${spread(score)} ${where} ${relation} the ${kind} of ${formatGiven(threshold)}`;
      return [
        {
          ...blank,
          ...{ rule: `gate.block.${kind}.${name}`, metric: name, outcome: met ? 'pass' : 'fail' },
          ...{ measured: value, threshold, note: said },
        },
      ];
    });
  return [...rules('floor', floor), ...rules('ceiling', ceiling)];
}

function spread(score: Score): string {
  return 'lower' in score ? ` (plausibly ${formatNumber(score.lower)} to ${formatNumber(score.upper)})` : '';
}

/** Size, speed and training time of the winner; a limit on what wasn't measured isn't met. */
export function limitRules({ limits }: Pick<GatePolicy, 'limits'>, winner: Contestant): RuleOutcome[] {
  const rule = (name: string, measured: number | null, threshold: number | null, unit: string) => {
    if (threshold === null) return [];
    const met = measured !== null && measured <= threshold;
    const said = measured === null ? 'was not measured' : `is ${formatNumber(measured)}${unit}`;
    const note = `${name} of ${winner.name} ${said}, at most ${formatGiven(threshold)}${unit} is allowed`;
    const outcome: RuleOutcome['outcome'] = met ? 'pass' : 'fail';
    return [{ ...blank, rule: `gate.block.limits.${name}`, outcome, measured, threshold, note }];
  };
  return [
    ...rule('model-bytes', winner.modelBytes, limits.modelBytes, ' bytes'),
    ...rule('predict-ms-per-1k', winner.predictMsPer1k, limits.predictMsPer1k, ' ms'),
    ...rule('train-minutes', winner.trainMs / 60000, limits.trainMinutes, ' min'),
  ];
}

/** A gain that is too good to be true: usually a feature that knows the answer. */
export function maxGainRule({ maxGain }: Pick<GatePolicy, 'maxGain'>, comparison: Compared): RuleOutcome[] {
  if (maxGain === null) return [];
  const threshold = marginIn(maxGain, comparison.champion);
  const met = comparison.estimate <= threshold;
  return [
    {
      ...{ ...blank, rule: 'gate.block.max-gain', metric: comparison.metric, outcome: met ? 'pass' : 'fail' },
      ...{ measured: comparison.estimate, threshold, comparison: recordOf(comparison) },
      note: met
        ? `the gain is at most ${formatDifference(threshold)}, as expected of an honest one`
        : `a gain of ${formatDifference(comparison.estimate)} is more than ${formatDifference(threshold)}: ` +
          'look for a feature that knows the answer',
    },
  ];
}

/** How a change stands against `max-drop`: harm is proven, possible or neither. */
export type DropState = 'proven' | 'possible' | 'none';

/** Worse by more than `maxDrop` and surely worse at all = proven; worse by more, but maybe by chance = possible. */
export function dropState({ estimate, upper, champion }: Compared, maxDrop: Margin): DropState {
  if (estimate >= -marginIn(maxDrop, champion)) return 'none';
  return upper < 0 ? 'proven' : 'possible';
}

/** The `max-drop` rule for one comparison; `who` = what was compared with the baseline. */
export function dropRule(who: string, comparison: Compared, maxDrop: Margin): RuleOutcome {
  const threshold = marginIn(maxDrop, comparison.champion);
  const state = dropState(comparison, maxDrop);
  const rows = rowsNeeded(comparison.se, comparison.rows, comparison.estimate, HARM_LEVEL);
  return {
    rule: `gate.block.max-drop (${who})`,
    metric: comparison.metric,
    outcome: state === 'proven' ? 'fail' : state === 'possible' ? 'undecided' : 'pass',
    measured: comparison.estimate,
    threshold: -threshold,
    comparison: recordOf(comparison),
    note: comparison.identical
      ? `${who} predicts exactly what the baseline predicts`
      : `${who} is ${changePhrase(comparison)}` +
        (state === 'none' && comparison.lower < -threshold
          ? `; a drop of up to ${formatDifference(-comparison.lower)} can't be ruled out`
          : ''),
    wouldSettle:
      state === 'possible' && rows !== null
        ? `about ${counted(rows, 'row')} would settle a difference of ${formatDifference(Math.abs(comparison.estimate))}`
        : null,
  };
}

/** The gain rule: the lower bound at the comparison's own level is above `minGain`. */
export function gainRule(rule: string, comparison: Compared, minGain: Margin): RuleOutcome {
  const threshold = marginIn(minGain, comparison.champion);
  const met = comparison.lower > threshold;
  const gain = comparison.estimate - threshold;
  const rows = rowsNeeded(comparison.se, comparison.rows, gain, comparison.level);
  return {
    ...{ rule, metric: comparison.metric, outcome: met ? 'pass' : 'undecided' },
    ...{ measured: comparison.estimate, threshold, comparison: recordOf(comparison) },
    note: comparison.identical
      ? 'the candidate predicts exactly what the baseline predicts'
      : `the candidate is ${changePhrase(comparison)}`,
    wouldSettle:
      !met && gain > 0 && rows !== null
        ? `about ${counted(rows, 'row')} would settle a gain of ${formatDifference(comparison.estimate)}`
        : null,
  };
}

/**
 * Slices: harm that is larger than the policy's `max-drop` and significant after Holm's correction over all slices
 * breaks the rule; slices that are too small to say are shown as undecided.
 */
export function sliceRules(
  policy: Pick<GatePolicy, 'slices'>,
  metric: Metric,
  slices: readonly Slice[],
  candidate: Predictions,
  champion: Predictions,
  options: CompareOptions,
): RuleOutcome[] {
  if (!policy.slices) return [];
  const { maxDrop, minRows } = policy.slices;
  const compared = slices.map((slice) => ({
    slice,
    result: compareSlice(metric, slice, candidate, champion, minRows, options),
  }));
  const tested = compared.filter(({ result }) => typeof result !== 'string');
  const adjusted = holm(tested.map(({ result }) => (typeof result === 'string' ? 1 : result.pLess)));
  const significant = new Set(tested.filter((_, i) => adjusted[i]! < HARM_LEVEL).map(({ slice }) => slice));
  return compared.map(({ slice, result }): RuleOutcome => {
    const rule = `gate.block.slices: ${slice.name}`;
    if (typeof result === 'string')
      return { ...blank, rule, metric: metric.name, outcome: 'undecided', note: result };
    const threshold = -marginIn(maxDrop, result.champion);
    const harmful = result.estimate < threshold && significant.has(slice);
    return {
      ...{ rule, metric: metric.name, outcome: harmful ? 'fail' : 'pass' },
      ...{ measured: result.estimate, threshold, comparison: recordOf(result), wouldSettle: null },
      note: `${changePhrase(result)} on ${counted(result.rows, 'row')}`,
    };
  });
}

/** The comparison within a slice, or why there is none. */
function compareSlice(
  metric: Metric,
  { rows }: Slice,
  candidate: Predictions,
  champion: Predictions,
  minRows: number,
  options: CompareOptions,
): Compared | string {
  if (rows.length < minRows) return `${counted(rows.length, 'row')}, at least ${minRows} are needed`;
  const ours = selectPredictions(candidate, rows);
  const rarest = Math.min(...classCounts(ours));
  if (ours.classes > 0 && rarest < MIN_SLICE_CLASS)
    return `${counted(rarest, 'row')} of its rarest class, at least ${MIN_SLICE_CLASS} are needed`;
  const dependence = selectDependence(options.dependence ?? { kind: 'independent' }, rows);
  const result: Comparison = compare(metric, ours, selectPredictions(champion, rows), {
    ...options,
    level: HARM_LEVEL,
    dependence,
  });
  return result.kind === 'compared' ? result : result.message;
}

/** The first rule that is broken. */
export function brokenRule(rules: readonly RuleOutcome[]): RuleOutcome | undefined {
  return rules.find(({ outcome }) => outcome === 'fail');
}

/** The verdict's reason for a broken rule. */
export function reasonOf({ rule }: RuleOutcome): Verdict['reason'] {
  if (rule.startsWith('gate.block.floor')) return 'floor';
  if (rule.startsWith('gate.block.ceiling')) return 'ceiling';
  if (rule.startsWith('gate.block.max-gain')) return 'too-good';
  if (rule.startsWith('gate.block.slices')) return 'slice';
  if (rule.startsWith('gate.block.limits')) return 'limit';
  return 'failed';
}
