import { Random } from '../../numeric/random.ts';
import { bcaCorrection, bcaPValue, bcaQuantile } from './bootstrap.ts';
import { normal } from './distributions.ts';

/** What is drawn with replacement: members of each stratum, e.g. the rows of a class, or groups of rows. */
export interface ResamplingPlan {
  readonly rows: number;
  /** Index of the unit that each row belongs to. */
  readonly unitOf: Int32Array;
  /** Units of each stratum; as many are drawn from a stratum as it has. */
  readonly strata: readonly Int32Array[];
}

/** A function of how often each row was drawn; null where it is undefined. */
export type Statistic = (weights: Float64Array) => number | null;

export interface BootstrapTest {
  readonly estimate: number;
  readonly se: number;
  readonly p: number;
  readonly pLess: number;
  readonly lower: number;
  readonly upper: number;
  readonly replicates: number;
  readonly method: 'bca' | 'percentile' | 'normal';
}

/** Rows drawn within the class they belong to (`strata`: class of each row). */
export function planByClass(strata: ArrayLike<number>): ResamplingPlan {
  const members = new Map<number, number[]>();
  for (let row = 0; row < strata.length; row++) {
    const list = members.get(strata[row]!);
    if (list) list.push(row);
    else members.set(strata[row]!, [row]);
  }
  const unitOf = Int32Array.from({ length: strata.length }, (_, row) => row);
  return { rows: strata.length, unitOf, strata: [...members.values()].map((list) => Int32Array.from(list)) };
}

/** Whole groups drawn (`groups`: 0 … count - 1 for each row). */
export function planByGroup(groups: Int32Array, count: number): ResamplingPlan {
  const units = Int32Array.from({ length: count }, (_, unit) => unit);
  return { rows: groups.length, unitOf: groups, strata: [units] };
}

/** Draws as many numbers as a run of this size can afford: some 10 s on one core. */
const MAX_DRAWS = 2e8;
const JACKKNIFE_PARTS = 200;

/**
 * Paired BCa bootstrap of a statistic against 0 (Efron, 1987). 20 / level replicates, at least 2,000; where rows are
 * too many for that, the bootstrap's standard error with the normal distribution. `spread` widens the distribution
 * around the estimate (out-of-fold rows). Null where the statistic is undefined, also on over 5% of the replicates.
 */
export function bootstrapTest(
  statistic: Statistic,
  plan: ResamplingPlan,
  { level, spread = 1, seed }: { level: number; spread?: number; seed: number },
): BootstrapTest | null {
  const estimate = statistic(new Float64Array(plan.rows).fill(1));
  if (estimate === null) return null;
  const wanted = Math.max(2000, Math.ceil(20 / level));
  const affordable = Math.max(500, Math.floor(MAX_DRAWS / plan.rows));
  const count = Math.min(wanted, affordable);
  const values = draw(statistic, plan, count, new Random(seed));
  if (values.length < 0.95 * count) return null;
  const replicates = values.map((value) => estimate + spread * (value - estimate)).sort();
  const se = deviationOf(replicates);
  if (count < wanted) {
    const radius = normal.ppf(1 - level) * se;
    const z = se > 0 ? estimate / se : 0;
    const bounds = { lower: estimate - radius, upper: estimate + radius };
    return {
      estimate,
      se,
      p: normal.sf(z),
      pLess: normal.cdf(z),
      ...bounds,
      replicates: count,
      method: 'normal',
    };
  }
  const correction = bcaCorrection(estimate, replicates, jackknife(statistic, plan));
  const p = bcaPValue(replicates, correction, 0);
  return {
    estimate,
    se,
    p,
    pLess: 1 - p,
    lower: bcaQuantile(replicates, correction, level),
    upper: bcaQuantile(replicates, correction, 1 - level),
    replicates: replicates.length,
    method: correction.z0 === null || correction.acceleration === null ? 'percentile' : 'bca',
  };
}

function draw(statistic: Statistic, plan: ResamplingPlan, count: number, random: Random): Float64Array {
  const values: number[] = [];
  const weights = new Float64Array(plan.rows);
  const times = new Float64Array(plan.strata.reduce((total, units) => total + units.length, 0));
  for (let b = 0; b < count; b++) {
    times.fill(0);
    for (const units of plan.strata)
      for (let i = 0; i < units.length; i++) times[units[random.integer(units.length)]!]!++;
    for (let row = 0; row < plan.rows; row++) weights[row] = times[plan.unitOf[row]!]!;
    const value = statistic(weights);
    if (value !== null) values.push(value);
  }
  return Float64Array.from(values);
}

/** The statistic without one part of the units at a time; many units are dealt into `JACKKNIFE_PARTS` parts. */
function jackknife(statistic: Statistic, { rows, unitOf, strata }: ResamplingPlan): number[] {
  const parts = new Int32Array(strata.reduce((total, units) => total + units.length, 0));
  const count = Math.min(parts.length, JACKKNIFE_PARTS);
  let dealt = 0;
  for (const units of strata) for (const unit of units) parts[unit] = dealt++ % count;
  const values: number[] = [];
  const weights = new Float64Array(rows);
  for (let part = 0; part < count; part++) {
    for (let row = 0; row < rows; row++) weights[row] = parts[unitOf[row]!] === part ? 0 : 1;
    const value = statistic(weights);
    if (value !== null) values.push(value);
  }
  return values;
}

function deviationOf(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / Math.max(values.length - 1, 1));
}
