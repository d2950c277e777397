import { groupBy } from './group-by.ts';
import { canonicalJson } from '../contracts/digest.ts';
import type { Parameters } from '../contracts/fields.ts';
import type { RunRecord } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import { commandTrainer } from '../config/program.ts';
import { counted } from '../gate/format.ts';
import { takenText } from '../report/taken.ts';
import { takenBy } from './cache/taken.ts';
import { isNeedless, toTrain } from './needless.ts';

/** Trainers whose parameters don't tell what is trained. */
const byName: ReadonlySet<string> = new Set([commandTrainer, 'calibrated', 'ensemble']);

/** How much there is to learn from. */
export interface Size {
  readonly rows: number;
  readonly features: number;
  /** Fits of each candidate. */
  readonly fits: number;
}

/** Whose time is predicted. */
export interface Priced {
  readonly name: string;
  readonly trainer: string;
  readonly params: Parameters;
  /** What a composed candidate is built on. */
  readonly members?: readonly Omit<Priced, 'name'>[] | undefined;
}

/** What an earlier run measured. */
export interface Timing extends Priced, Size {
  readonly ms: number;
}

/** Predicted time of all fits of a candidate, in milliseconds. */
export type CostModel = (candidate: Priced, size: Size) => number;

/** Nanoseconds for one row and feature of one fit with default parameters, measured on the bank campaign. */
const costPerCell: Readonly<Record<string, number>> = {
  dummy: 1,
  onnx: 20,
  'linear-regression': 40,
  'elastic-net': 100,
  'logistic-regression': 400,
  'gradient-boosting': 700,
  'decision-tree': 100,
  'random-forest': 8000,
  'extra-trees': 12000,
  'neural-network': 3000,
  'naive-bayes': 60,
  'k-nearest-neighbours': 3000,
  tensorflow: 80_000,
};

/** The same from measurements of the bank campaign alone. Only the order of magnitude matters. */
export function typicalMs({ trainer, params, members }: Omit<Priced, 'name'>, size: Size): number {
  if (members)
    return members.reduce((sum, own) => sum + typicalMs(own, size), 0) * fitsOfMember(trainer, params);
  return ((costPerCell[trainer] ?? 1000) * effort(trainer, params, size.features) * cellsOf(size)) / 1e6;
}

/** How many fits' time a member takes: `cv` folds with `cv` - 1 parts of the rows each, and all rows once. */
function fitsOfMember(trainer: string, { method, cv }: Parameters): number {
  if (trainer === 'ensemble' && method !== 'stacking') return 1;
  return typeof cv === 'number' ? cv : 5;
}

/** How much longer a fit takes than with default parameters. */
function effort(trainer: string, params: Parameters, features: number): number {
  if (trainer === 'neural-network') {
    const given = params['hidden_layer_sizes'];
    const hidden = Array.isArray(given) ? given.map(Number) : [100];
    const weights = hidden.reduce((sum, units, l) => sum + units * (hidden[l - 1] ?? features), 0);
    const epochs = typeof params['max_iter'] === 'number' ? params['max_iter'] : 200;
    return (weights / (100 * features)) * Math.min(epochs / 50, 1);
  }
  if (trainer === 'tensorflow') return typeof params['epochs'] === 'number' ? params['epochs'] / 30 : 1;
  const trees = trainer === 'gradient-boosting' ? params['max_iter'] : params['n_estimators'];
  return typeof trees === 'number' ? trees / 100 : 1;
}

function cellsOf({ rows, features, fits }: Size): number {
  return rows * features * fits;
}

/**
 * Predicts by what an earlier run measured: the same trainer and parameters, in proportion to rows × features × fits;
 * else the table, corrected by how that trainer did beside it (the median); else the table alone.
 */
export function costModel(timings: readonly Timing[]): CostModel {
  const rate = (timing: Timing): number => timing.ms / cellsOf(timing);
  const usable = timings.filter((timing) => timing.ms > 0 && cellsOf(timing) > 0);
  const byRecipe = groupBy(usable, keyOf);
  const corrections = new Map(
    [...groupBy(usable, ({ trainer }) => trainer)].map(([trainer, own]) => [
      trainer,
      median(own.map((timing) => timing.ms / typicalMs(timing, timing))),
    ]),
  );
  return (candidate, size) => {
    const same = byRecipe.get(keyOf(candidate));
    if (same) return median(same.map(rate)) * cellsOf(size);
    const correction = byName.has(candidate.trainer) ? 1 : (corrections.get(candidate.trainer) ?? 1);
    return correction * typicalMs(candidate, size);
  };
}

/** What makes two candidates take the same time; programs and what is composed go by their name, because parameters don't tell them apart. */
function keyOf({ name, trainer, params }: Priced): string {
  return canonicalJson([trainer, params, byName.has(trainer) ? name : null]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}

/**
 * What the newest run of the default branch measured.
 * @param today sizes that stand in where the record, an older one, doesn't tell them
 * @param developmentShare development rows / rows, to turn all rows into those that are learnt from
 */
export function timingsOf(run: RunRecord | null, today: Size, developmentShare: number): Timing[] {
  if (!run) return [];
  const size = {
    rows: run.rows * developmentShare,
    features: run.features ?? today.features,
    fits: run.fits ?? today.fits,
  };
  return (
    run.candidates
      // A cached one carries the time of its training, on the same rows.
      .filter(({ status }) => status === 'ok' || status === 'cached')
      .map(({ name, trainer, params, trainMs }) => ({ name, trainer, params, ms: trainMs, ...size }))
  );
}

/** One line for the log: what is trained, in how many jobs, and how long it may take. */
export function planSummary(plan: Plan): string {
  const { model, shards, skipped, cached } = plan;
  if (isNeedless(plan)) return `${model}: nothing changed that it depends on, so nothing is trained`;
  const taken = cached.length === 0 ? [] : [takenText(takenBy(cached.map(({ from }) => from)))];
  const left = skipped.length === 0 ? [] : [`${skipped.length} skipped to stay within the budget`];
  return `${model}: ${[trainingAhead(plan, shards), ...taken, ...left].join('; ')}`;
}

function trainingAhead(plan: Plan, shards: Plan['shards']): string {
  if (shards.length === 0) return 'nothing is to be trained';
  const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
  const total = shards.reduce((sum, { predictedMs }) => sum + predictedMs, 0);
  const longest = Math.max(...shards.map(({ predictedMs }) => predictedMs));
  const jobs = counted(shards.length, 'job');
  const longestJob = shards.length === 1 ? '' : `, ${minutes(longest)} in the longest job`;
  const names = counted(toTrain(plan).length, 'candidate');
  return `${names} in ${jobs}, about ${minutes(total)} minutes in all${longestJob}`;
}
