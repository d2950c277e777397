import { groupBy } from './group-by.ts';
import type { Recipe } from '../config/candidates.ts';
import type { Config } from '../config/schema.ts';
import type { Plan, PlannedCandidate } from '../contracts/plan.ts';
import { packShards } from './pack.ts';

/**
 * Spreads candidates over jobs; those of a search that may stop them stay together. A job runs where its candidates say,
 * else where the configuration's `resources` send what takes so long. See `packShards`.
 * @param cached names of those that are not trained: they belong to no job
 * @param msOf predicted time of a candidate's fits
 */
export function assignShards(
  candidates: readonly PlannedCandidate[],
  cached: ReadonlySet<string>,
  recipes: readonly Recipe[],
  { maxShards, resources }: { maxShards: number; resources: Config['resources'] },
  msOf: (candidate: PlannedCandidate) => number,
): { candidates: PlannedCandidate[]; shards: Plan['shards'] } {
  const label = new Map(recipes.map(({ name, runsOn }) => [name, runsOn]));
  const trained = candidates.filter(({ name }) => !cached.has(name));
  const groups = groupBy(trained, ({ name, race }) => (race ? `search ${race.group}` : name));
  const loads = [...groups.values()].map((own) => {
    const ms = own.reduce((sum, candidate) => sum + msOf(candidate), 0);
    const names = own.map(({ name }) => name);
    return { names, ms, runsOn: label.get(own[0]!.name) ?? labelFor(ms, resources) };
  });
  const shards = packShards(loads, maxShards);
  const shardOf = new Map(
    shards.flatMap(({ index, candidates: names }) => names.map((name) => [name, index])),
  );
  return {
    candidates: candidates.map((candidate) => ({ ...candidate, shard: shardOf.get(candidate.name) ?? 0 })),
    shards,
  };
}

/** The label of the largest of the limits that the time is over; null = the workflow's own. */
function labelFor(ms: number, resources: Config['resources']): string | null {
  const over = resources.filter((resource) => ms > resource['over-minutes'] * 60_000);
  const largest = over.reduce<(typeof over)[number] | null>(
    (a, b) => (a && a['over-minutes'] >= b['over-minutes'] ? a : b),
    null,
  );
  return largest?.['runs-on'] ?? null;
}
