import type { Plan } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { keepInStore, placesOf } from '../cache/keep.ts';
import { takeCached, type ResultCache } from '../cache/take.ts';
import { loadPlan, prepareByPlan, saveTrained, withGivenModels, withPredecessor } from '../handover.ts';
import { inOrder, toTrain } from '../needless.ts';
import type { FactoryPorts } from '../ports.ts';
import { trainCandidates, type TrainedCandidate } from '../train.ts';

export interface TrainStepRequest {
  /** Folder that holds the plan. */
  readonly folder: string;
  /** Folder for results, predictions and models. */
  readonly outFolder: string;
  /** Folder that data paths are relative to. */
  readonly dataFolder: string;
  /** Null = all shards. */
  readonly shard: number | null;
  readonly ports: Omit<FactoryPorts, 'history'>;
  /** Null = all candidates of the shard are trained. */
  readonly cache: ResultCache | null;
}

export interface Trained {
  readonly plan: Plan;
  readonly trained: readonly TrainedCandidate[];
  /** Names of the documents written. */
  readonly files: readonly string[];
}

/**
 * Trains the candidates of one shard of a plan, or all. One that fails is a warning and doesn't stop the others.
 * @throws UserError ARGUMENT_INVALID for a shard that isn't planned, DIGEST_MISMATCH for other data
 */
export async function trainStep({
  folder,
  outFolder,
  dataFolder,
  shard,
  ports,
  cache,
}: TrainStepRequest): Promise<Trained> {
  const plan = await loadPlan(folder);
  const own = candidatesOf(plan, shard);
  if (own.length === 0) return { plan, trained: [], files: [] };
  const planned = await prepareByPlan(folder, plan, dataFolder);
  const prepared = await withPredecessor(folder, plan, await withGivenModels(folder, own, planned));
  const { logger, workers, progress, environment, now, run } = ports;
  const places = cache ? placesOf(cache, outFolder) : [];
  const cached = await takeCached(prepared, own, places, logger);
  const taken = new Set(cached.map(({ result }) => result.candidate));
  const left = own.filter(({ name }) => !taken.has(name));
  const context = { workers, progress, environment, now, runUrl: run.url };
  const fresh =
    left.length === 0
      ? []
      : await logger.group(`Training ${left.map(({ name }) => name).join(', ')}`, () =>
          trainCandidates(prepared, left, context),
        );
  const trained = inOrder(plan, [...cached, ...fresh]);
  await keepInStore(cache, trained);
  for (const { result } of trained)
    if (result.failure) logger.warning(`${result.candidate} failed: ${result.failure.message}`);
  return { plan, trained, files: await saveTrained(outFolder, trained) };
}

function candidatesOf(plan: Plan, shard: number | null): Plan['candidates'] {
  const { shards } = plan;
  const own = toTrain(plan);
  if (shard === null) return own;
  if (shard < shards.length) return own.filter((candidate) => candidate.shard === shard);
  const last = shards.length - 1;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `the plan has no shard ${shard}`,
    at: { name: 'shard' },
    fix:
      last < 0
        ? 'Nothing is to be trained, because nothing changed: go on with the gate.'
        : `Its shards are counted from 0: ${last === 0 ? '0 is the only one' : `0 to ${last}`}.`,
  });
}
