import type { Recipe } from '../config/candidates.ts';
import type { Plan, PlannedCandidate } from '../contracts/plan.ts';
import { packShards } from './pack.ts';

interface Size {
  readonly rows: number;
  readonly features: number;
  /** Fits of each candidate. */
  readonly fits: number;
}

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

/** Predicted time of all fits of a candidate, in milliseconds. Only the order of magnitude matters. */
export function predictTrainMs(
  { trainer, params, members }: Pick<Recipe, 'trainer' | 'params' | 'members'>,
  size: Size,
): number {
  if (members)
    return members.reduce((sum, own) => sum + predictTrainMs(own, size), 0) * fitsOfMember(trainer, params);
  const times = effort(trainer, params, size.features);
  return ((costPerCell[trainer] ?? 1000) * times * size.rows * size.features * size.fits) / 1e6;
}

/** How many fits' time a member takes: `cv` folds with `cv` - 1 parts of the rows each, and all rows once. */
function fitsOfMember(trainer: string, { method, cv }: PlannedCandidate['params']): number {
  if (trainer === 'ensemble' && method !== 'stacking') return 1;
  return typeof cv === 'number' ? cv : 5;
}

/** How much longer a fit takes than with default parameters. */
function effort(trainer: string, params: PlannedCandidate['params'], features: number): number {
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

/** Spreads candidates over jobs; those of a search that may stop them stay together. See `packShards`. */
export function assignShards(
  candidates: readonly PlannedCandidate[],
  recipes: readonly Recipe[],
  maxShards: number,
  size: Size,
): { candidates: PlannedCandidate[]; shards: Plan['shards'] } {
  const label = new Map(recipes.map(({ name, runsOn }) => [name, runsOn]));
  const groups = Map.groupBy(candidates, ({ name, race }) => (race ? `search ${race.group}` : name));
  const loads = [...groups.values()].map((own) => ({
    names: own.map(({ name }) => name),
    ms: own.reduce((sum, candidate) => sum + predictTrainMs(candidate, size), 0),
    runsOn: label.get(own[0]!.name) ?? null,
  }));
  const shards = packShards(loads, maxShards);
  const shardOf = new Map(
    shards.flatMap(({ index, candidates: names }) => names.map((name) => [name, index])),
  );
  return {
    candidates: candidates.map((candidate) => ({ ...candidate, shard: shardOf.get(candidate.name)! })),
    shards,
  };
}

/** One line for the log: what is trained, in how many jobs, and how long it may take. */
export function planSummary({ model, candidates, shards }: Plan): string {
  if (shards.length === 0) return `${model}: nothing changed that it depends on, so nothing is trained`;
  const minutes = shards.reduce((sum, { predictedMs }) => sum + predictedMs, 0) / 60_000;
  const jobs = shards.length === 1 ? '1 job' : `${shards.length} jobs`;
  const names = candidates.length === 1 ? '1 candidate' : `${candidates.length} candidates`;
  return `${model}: ${names} in ${jobs}, about ${minutes.toFixed(1)} minutes in all`;
}
