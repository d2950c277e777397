import { basename, join } from 'node:path';
import { saveTrained } from '../handover.ts';
import type { TrainedCandidate } from '../train.ts';
import type { CachePlace, ResultCache } from './take.ts';

/** The store as a place to take results from: a folder a key. */
export function placesOf({ store }: ResultCache, outFolder: string): CachePlace[] {
  const previous = { from: basename(outFolder), folderOf: () => outFolder };
  if (store === null) return [previous];
  return [previous, { from: basename(store), folderOf: (key) => join(store, key) }];
}

/** Keeps what was trained by its key. Nothing is ever removed from the store. */
export async function keepInStore(
  cache: ResultCache | null,
  trained: readonly TrainedCandidate[],
): Promise<void> {
  const store = cache?.store ?? null;
  if (store === null) return;
  for (const candidate of trained) {
    const { reuse } = candidate.result;
    if (reuse) await saveTrained(join(store, reuse.key), [candidate]);
  }
}
