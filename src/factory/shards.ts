import type { Recipe } from '../config/candidates.ts';
import type { Plan, PlannedCandidate } from '../contracts/plan.ts';

interface Size {
  readonly rows: number;
  readonly features: number;
  /** Fits of each candidate. */
  readonly fits: number;
}

type Shard = Plan['shards'][number];

/** Below this predicted time, one job trains everything. */
const oneJobMs = 5 * 60_000;

/** Nanoseconds for one row and feature of one fit with default parameters, measured on the bank campaign. */
const costPerCell: Readonly<Record<string, number>> = {
  dummy: 1,
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
};

/** Predicted time of all fits of a candidate, in milliseconds. Only the order of magnitude matters. */
export function predictTrainMs(
  { trainer, params }: Pick<PlannedCandidate, 'trainer' | 'params'>,
  size: Size,
): number {
  const times = effort(trainer, params, size.features);
  return ((costPerCell[trainer] ?? 1000) * times * size.rows * size.features * size.fits) / 1e6;
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
  const trees = trainer === 'gradient-boosting' ? params['max_iter'] : params['n_estimators'];
  return typeof trees === 'number' ? trees / 100 : 1;
}

/**
 * Spreads candidates over jobs of about equal length, longest first, each to the shortest job with its runner label.
 * One job a label unless the predicted time passes five minutes; at most `maxShards` in all.
 */
export function packShards(
  candidates: readonly PlannedCandidate[],
  recipes: readonly Recipe[],
  maxShards: number,
  size: Size,
): { candidates: PlannedCandidate[]; shards: Shard[] } {
  const label = new Map(recipes.map(({ name, runsOn }) => [name, runsOn]));
  const timed = candidates
    .map((candidate) => ({ name: candidate.name, ms: predictTrainMs(candidate, size) }))
    .sort((a, b) => b.ms - a.ms || (a.name < b.name ? -1 : 1));
  const total = timed.reduce((sum, { ms }) => sum + ms, 0);
  const wanted = Math.min(maxShards, timed.length, Math.max(1, Math.ceil(total / oneJobMs)));
  const shards: Shard[] = [];
  for (const { name, ms } of timed) {
    const runsOn = label.get(name) ?? null;
    const own = shards.filter((shard) => shard.runsOn === runsOn);
    let target = own.reduce<Shard | undefined>(
      (a, b) => (a && a.predictedMs <= b.predictedMs ? a : b),
      undefined,
    );
    if (!target || (shards.length < wanted && target.predictedMs > 0)) {
      target = { index: shards.length, candidates: [], runsOn, predictedMs: 0 };
      shards.push(target);
    }
    target.candidates.push(name);
    target.predictedMs += ms;
  }
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
