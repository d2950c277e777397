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
  readonly earlier: (plan: Plan) => Promise<readonly CachePlace[]>;
}

/**
 * Results of earlier runs that equal what training would give now, checked against today's data. One that is damaged is
 * said in a line and counts as missing. Of a race whose members stop each other all are taken or none.
 */
export async function takeCached(
  prepared: Prepared,
  candidates: readonly PlannedCandidate[],
  places: readonly CachePlace[],
  logger: Pick<Logger, 'info'>,
): Promise<TrainedCandidate[]> {
  const taken: TrainedCandidate[] = [];
  const groups = groupBy(candidates, ({ name, race }) => (race ? `search ${race.group}` : name));
  for (const group of groups.values()) {
    const found: TrainedCandidate[] = [];
    for (const candidate of group) {
      const own = await takeOne(prepared, candidate, places, logger);
      if (!own) break;
      found.push(own);
    }
    if (found.length === group.length) taken.push(...found);
  }
  return taken;
}

async function takeOne(
  prepared: Prepared,
  candidate: PlannedCandidate,
  places: readonly CachePlace[],
  logger: Pick<Logger, 'info'>,
): Promise<TrainedCandidate | null> {
  const key = resultKeyOf(prepared, candidate);
  if (key === null) return null;
  for (const { from, folderOf } of places) {
    const entry = await readEntry(prepared, candidate, key, folderOf(key));
    if (entry.kind === 'found') return cachedFrom(entry.trained, from);
    if (entry.kind === 'damaged')
      logger.info(`${candidate.name}: its result in ${from} ${entry.why}, so it is not used.`);
  }
  return null;
}

function cachedFrom({ result, ...files }: TrainedCandidate, from: string): TrainedCandidate {
  const status = result.status === 'stopped' ? 'stopped' : 'cached';
  return { ...files, result: { ...result, status, reuse: result.reuse && { ...result.reuse, from } } };
}
