import type { Verdict } from '../contracts/verdict.ts';

/** `4 unchanged, taken from run 12`, in one line for all places. */
export function takenText(taken: Verdict['cost']['taken']): string {
  const total = taken.reduce((sum, { models }) => sum + models, 0);
  const [first, ...others] = taken;
  if (first && others.length === 0) return `${total} unchanged, taken from ${first.from}`;
  return `${total} unchanged, taken: ${taken.map(({ from, models }) => `${models} from ${from}`).join(', ')}`;
}
