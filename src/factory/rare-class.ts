import type { Verdict } from '../contracts/verdict.ts';
import type { Prepared } from './prepared.ts';

/** Longer class names are cut in a sentence. */
const longestName = 40;

/**
 * The verdict with the class that there is too little of, and with the one that it may be in another spelling: one odd
 * cell (`Yes` among `yes` and `no`) makes a class of its own.
 */
export function namingRareClass(verdict: Verdict, { dataset }: Pick<Prepared, 'dataset'>): Verdict {
  const { reason, sentence } = verdict;
  const { classes, y } = dataset;
  if (classes.length < 3 || (reason !== 'insufficient-data' && reason !== 'not-comparable')) return verdict;
  const rows = classes.map(() => 0);
  for (const k of y) if (!Number.isNaN(k)) rows[k]!++;
  const rarest = rows.indexOf(Math.min(...rows));
  const plain = (name: string): string => name.trim().toLowerCase();
  const twin = classes.findIndex((name, k) => k !== rarest && plain(name) === plain(classes[rarest]!));
  if (twin < 0 && reason === 'not-comparable') return verdict;
  const [name, other] = [quoted(classes[rarest]!), quoted(classes[twin] ?? '')];
  const has = `The class ${name} has ${rows[rarest]} ${rows[rarest] === 1 ? 'row' : 'rows'}`;
  if (twin < 0) return { ...verdict, sentence: `${sentence} ${has}.` };
  return {
    ...verdict,
    sentence: `${sentence} ${has}: perhaps ${other} in another spelling.`,
    next: `Write ${name} as ${other} in the data if they mean the same, and run this again.`,
  };
}

function quoted(name: string): string {
  return JSON.stringify(name.length > longestName ? `${name.slice(0, longestName)}…` : name);
}
