import { hexOf } from '../data/identity.ts';
import type { Prepared } from './prepared.ts';

/** Fold of each identity on the base side, one map a repeat, so that the head's rows keep their folds. */
export function knownFolds({ folds, identities, config }: Prepared): ReadonlyMap<string, number>[] {
  const { folds: perRepeat } = config.validation;
  const maps: Map<string, number>[] = [];
  folds.forEach(({ repeat, test }, index) => {
    const map = (maps[repeat] ??= new Map());
    for (const row of test) map.set(hexOf(identities, row), index % perRepeat);
  });
  return maps;
}
