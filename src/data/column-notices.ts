import type { Notice } from '../contracts/plan.ts';
import { parseNumber } from './cells.ts';
import type { ColumnFacts } from './column-facts.ts';
import { disguiseOf } from './disguise.ts';
import type { CategoricalColumn, Column } from './table.ts';

/** Fewer texts than this among numbers are taken for an unknown way to say "no value". */
const oddShare = 0.1;

/** Why a column teaches nothing, or undefined. */
export function uselessNotice(
  column: string,
  { present, missing, distinct }: ColumnFacts,
): Notice | undefined {
  if (present === 0)
    return {
      code: 'EMPTY_COLUMN',
      column,
      message: 'No row has a value: the column is left out.',
      fix: null,
    };
  if (distinct > 1 || missing > 0) return undefined;
  return {
    code: 'CONSTANT_COLUMN',
    column,
    message: 'All values are the same: the column is left out.',
    fix: null,
  };
}

/** Texts that a person would read as numbers, dates or one category, and that are categories of their own. */
export function textNotices(column: Column): Notice[] {
  if (column.kind !== 'categorical') return [];
  const disguise = disguiseOf(column.levels);
  if (disguise === undefined) return [...mixedNotice(column), ...similarNotice(column)];
  const message = `${capital(disguise.what)}: taken as categories.`;
  return [{ code: 'TAKEN_AS_CATEGORIES', column: column.name, message, fix: disguise.fix }];
}

function mixedNotice({ name, levels, codes }: CategoricalColumn): Notice[] {
  const odd = levels.filter((level) => Number.isNaN(parseNumber(level)));
  if (odd.length === 0 || odd.length === levels.length) return [];
  const isOdd = Uint8Array.from(levels, (level) => (Number.isNaN(parseNumber(level)) ? 1 : 0));
  const oddRows = codes.reduce((sum, code) => sum + (code >= 0 ? isOdd[code]! : 0), 0);
  const present = codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
  if (oddRows > oddShare * present) return [];
  const shown = odd.slice(0, 3).map((level) => JSON.stringify(level));
  return [
    {
      code: 'MOSTLY_NUMBERS',
      column: name,
      message: `Numbers but for ${oddRows} of ${present} values (${shown.join(', ')}): taken as categories.`,
      fix: 'If those mean "no value", add them to data.missing.',
    },
  ];
}

function similarNotice({ name, levels }: CategoricalColumn): Notice[] {
  const seen = new Map<string, string>();
  for (const level of levels) {
    const plain = level.trim().toLowerCase();
    const twin = seen.get(plain);
    if (twin === undefined) seen.set(plain, level);
    else
      return [
        {
          code: 'SIMILAR_LEVELS',
          column: name,
          message: `${JSON.stringify(twin)} and ${JSON.stringify(level)} count as two: they differ in case or blanks.`,
          fix: 'Write them alike in the file if they mean the same.',
        },
      ];
  }
  return [];
}

/** Rows in the order of a date, which a random split would ignore. */
export function orderNotice(column: Column, rows: Int32Array, setting: string): Notice[] {
  if (column.kind !== 'date') return [];
  const { values } = column;
  for (let i = 1; i < rows.length; i++) if (!(values[rows[i]!]! >= values[rows[i - 1]!]!)) return [];
  return [
    {
      code: 'TIME_ORDERED',
      column: column.name,
      message: 'The rows are in the order of this date.',
      fix: `If the model is to predict the future, set ${setting}.`,
    },
  ];
}

/** Rows that have the identity of an earlier one: the key's value, or every column but the target. */
export function duplicateNotice(repeated: number, key: string | undefined, hasFoldFile: boolean): Notice[] {
  if (repeated === 0) return [];
  const rows = repeated === 1 ? '1 row repeats' : `${repeated} rows repeat`;
  const what =
    key === undefined ? 'an earlier one in every column but the target' : `the ${key} of an earlier one`;
  const kept = hasFoldFile
    ? 'the test set does not separate them, the fold file may'
    : 'such rows stay on one side of each split';
  return [{ code: 'DUPLICATE_ROWS', column: null, message: `${rows} ${what}: ${kept}.`, fix: null }];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
