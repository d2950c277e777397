import type { Plan, PlannedCandidate } from '../../contracts/plan.ts';
import type { Logger } from '../../platform/logger.ts';
import { groupBy } from '../group-by.ts';
import type { Prepared } from '../prepared.ts';
import type { TrainedCandidate } from '../train.ts';
import { readEntry } from './entry.ts';
import { resultKeyOf } from './key.ts';

/** A folder with results of an earlier run, or one for each key. */
export interface CachePlace {
  /** What users read: `taken from …`. */
  readonly from: string;
  readonly folderOf: (key: string) => string;
}

/** Where results may be taken from, and where new ones are kept. */
export interface ResultCache {
  /** Folder that keeps results by their keys; null without one. */
  readonly store: string | null;
  /** Earlier runs that may be believed, best first; asked for only where something is to be trained. */
  readonly earlier: (plan: Plan) => AsyncIterable<CachePlace> | Iterable<CachePlace>;
}

/**
 * Results of earlier runs that equal what training would give now, checked against today's data. One that is damaged is
 * said in a line and counts as missing. Of a race whose members stop each other all are taken or none.
 * @param places asked one after the other, as long as something is missing
 */
export async function takeCached(
  prepared: Prepared,
  candidates: readonly PlannedCandidate[],
  places: AsyncIterable<CachePlace> | Iterable<CachePlace>,
  logger: Pick<Logger, 'info'>,
): Promise<TrainedCandidate[]> {
  const found = new Map<string, TrainedCandidate>();
  const wanted = candidates.flatMap((candidate) => {
    const key = resultKeyOf(prepared, candidate);
    return key === null ? [] : [{ candidate, key }];
  });
  if (wanted.length === 0) return [];
  for await (const { from, folderOf } of places) {
    for (const { candidate, key } of wanted) {
      const { name } = candidate;
      if (found.has(name)) continue;
      const entry = await readEntry(prepared, candidate, key, folderOf(key));
      if (entry.kind === 'found') found.set(name, cachedFrom(entry.trained, from));
      if (entry.kind === 'damaged')
        logger.info(`${name}: its result in ${from} ${entry.why}, so it is not used.`);
    }
    if (found.size === wanted.length) break;
  }
  const groups = groupBy(candidates, ({ name, race }) => (race ? `search ${race.group}` : name));
  const whole = [...groups.values()].filter((group) => group.every(({ name }) => found.has(name)));
  return whole.flatMap((group) => group.flatMap(({ name }) => found.get(name) ?? []));
}

function cachedFrom({ result, ...files }: TrainedCandidate, from: string): TrainedCandidate {
  const status = result.status === 'stopped' ? 'stopped' : 'cached';
  return { ...files, result: { ...result, status, reuse: result.reuse && { ...result.reuse, from } } };
}
