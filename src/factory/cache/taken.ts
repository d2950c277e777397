import type { Verdict } from '../../contracts/verdict.ts';
import { groupBy } from '../group-by.ts';

/** How many results are from where. */
export function takenBy(places: readonly string[]): Verdict['cost']['taken'] {
  return [...groupBy(places, (from) => from)].map(([from, own]) => ({ from, models: own.length }));
}
