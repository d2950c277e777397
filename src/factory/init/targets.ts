import { columnFacts } from '../../data/column-facts.ts';
import { nameWords } from './names.ts';
import { namesRows, type NamedFacts } from './roles.ts';
import type { Table } from '../../data/table.ts';

/** A column that may be what is to be predicted. */
export interface TargetCandidate {
  readonly name: string;
  /** Why it is likely, in a few words. */
  readonly why: string;
  readonly points: number;
}

const exactNames = new Set([
  ...['target', 'label', 'labels', 'y', 'class', 'outcome', 'response', 'result', 'churn', 'churned'],
  ...['survived', 'converted', 'clicked', 'purchased', 'subscribed', 'fraud', 'diagnosis'],
]);
const wordsInNames = new Set([
  ...exactNames,
  ...['is', 'has', 'species', 'income', 'price', 'value', 'quality', 'revenue', 'sales', 'demand', 'cost'],
]);
const timeWords = new Set(['year', 'month', 'day', 'date', 'time', 'id', 'name', 'index']);

/** The columns that can be learnt, the likeliest target first; equal ones in the order of the file. */
export function targetCandidates(table: Table): TargetCandidate[] {
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  return table.columns
    .map((column) => ({ name: column.name, kind: column.kind, ...columnFacts(column, rows) }))
    .flatMap((facts, index, all) => (isLearnable(facts) ? [pointsOf(facts, index, all.length)] : []))
    .sort((a, b) => b.points - a.points);
}

function isLearnable(facts: NamedFacts): boolean {
  if (facts.distinct < 2 || facts.kind === 'date' || namesRows(facts)) return false;
  return facts.kind !== 'categorical' || facts.distinct <= 100;
}

/** A name says most, then the place (tables usually end with the target), then that there are few classes. */
function pointsOf(
  { name, kind, distinct, wholeNumbers }: NamedFacts,
  index: number,
  columns: number,
): TargetCandidate {
  const words = nameWords(name);
  const classes = kind !== 'numeric' || (wholeNumbers && distinct <= 20) ? distinct : null;
  const signs: [number, string, boolean][] = [
    [4, 'named like a target', exactNames.has(words.join(''))],
    [
      2,
      'named like a target',
      !exactNames.has(words.join('')) && words.some((word) => wordsInNames.has(word)),
    ],
    [3, 'the last column', index === columns - 1],
    [1, 'the first column', index === 0],
    [2, '2 classes', classes === 2],
    [1, `${classes} classes`, classes !== null && classes > 2 && classes <= 20],
    [0, `${classes} classes`, classes !== null && classes > 20],
    [0, 'a number', classes === null],
    [-3, 'named like a date or an id', words.some((word) => timeWords.has(word))],
  ];
  const found = signs.filter(([, , holds]) => holds);
  return {
    name,
    why: found.map(([, why]) => why).join(', '),
    points: found.reduce((sum, [points]) => sum + points, 0),
  };
}
