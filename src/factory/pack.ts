import { groupBy } from './group-by.ts';
import type { Plan } from '../contracts/plan.ts';

type Shard = Plan['shards'][number];

/** Candidates that are trained in one job: one, or all of a search whose members compete. */
export interface Load {
  readonly names: readonly string[];
  readonly ms: number;
  /** Runner label of its job; null = the workflow's own. */
  readonly runsOn: string | null;
}

/** Below this predicted time, one job trains everything. */
const oneJobMs = 5 * 60_000;

/**
 * Spreads loads over jobs of about equal length: the longest first, each to the job that is shortest by then (Graham's
 * LPT rule, at most 4/3 of the best possible). Every runner label has jobs of its own, as many as its share of the time
 * asks for. One job a label unless the predicted time passes five minutes; at most `maxShards` in all, or one a label.
 */
export function packShards(loads: readonly Load[], maxShards: number): Shard[] {
  const sorted = loads.toSorted((a, b) => b.ms - a.ms || (a.names[0]! < b.names[0]! ? -1 : 1));
  const labels = groupBy(sorted, ({ runsOn }) => runsOn);
  const total = sum(sorted);
  const wanted = Math.min(maxShards, Math.ceil(total / oneJobMs));
  const counts = jobsOf([...labels.values()], wanted);
  const shards: Shard[] = [];
  [...labels].forEach(([runsOn, own], i) => {
    const jobs = Array.from({ length: counts[i]! }, () => ({ ms: 0, names: [] as string[] }));
    for (const { names, ms } of own) {
      const shortest = jobs.reduce((a, b) => (b.ms < a.ms ? b : a));
      shortest.names.push(...names);
      shortest.ms += ms;
    }
    for (const { ms, names } of jobs)
      shards.push({ index: shards.length, candidates: names, runsOn, predictedMs: ms });
  });
  return shards;
}

/** Jobs of each label: one, and further ones where they would shorten the longest wait. */
function jobsOf(labels: readonly (readonly Load[])[], wanted: number): number[] {
  const counts = labels.map(() => 1);
  const totals = labels.map(sum);
  for (let left = wanted - labels.length; left > 0; left--) {
    let longest = -1;
    labels.forEach((own, i) => {
      const further = counts[i]! < own.length;
      if (further && (longest < 0 || totals[i]! / counts[i]! > totals[longest]! / counts[longest]!))
        longest = i;
    });
    if (longest < 0) break;
    counts[longest]!++;
  }
  return counts;
}

function sum(loads: readonly Load[]): number {
  return loads.reduce((total, { ms }) => total + ms, 0);
}
