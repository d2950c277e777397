import type { Notice } from '../contracts/plan.ts';
import type { Fault } from '../errors/user-error.ts';
import { throwFaults } from '../errors/user-error.ts';
import { appendRawRows, appendRows } from './append.ts';
import { keyFaults, type CheckedData, type CheckOptions } from './check.ts';
import { hexOf } from './identity.ts';
import type { RawTable } from './raw-table.ts';
import type { ReadTable } from './read-csv.ts';
import type { Split } from './split.ts';
import { findColumn } from './table.ts';
import { readTargetLike } from './target.ts';
import { typeTable, type TypeOptions } from './types.ts';

export interface GivenHoldout {
  /** `data.source`, read and checked: what is learnt from what, and the kind of each column. */
  readonly read: ReadTable;
  readonly checked: CheckedData;
  readonly source: string;
  /** `holdout.source`, as it is written. */
  readonly raw: RawTable;
  /** Its name, and how its cells are read. */
  readonly format: Omit<TypeOptions, 'types' | 'typesOf'>;
}

/** Rows of both files as one table, those of the test set last. `raw` has the columns that both files have. */
export interface JoinedData {
  readonly read: ReadTable;
  readonly checked: CheckedData;
}

/**
 * Puts a test set from a file of its own below the development rows, read as those are. Its columns may be in any
 * order; dropped ones and the weight may be missing; categories that development lacks are allowed.
 * @throws UserError DATA_COLUMN for a missing or unknown column, a cell of another kind or a row without key;
 *   DATA_TARGET for a class that development lacks
 */
export function joinHoldout(given: GivenHoldout, roles: CheckOptions): JoinedData {
  const { read, checked, source, raw, format } = given;
  const { file } = format;
  throwFaults(columnFaults(given, roles));
  const present = new Set(raw.columns.map(({ name }) => name));
  const kinds = read.table.columns.filter(({ name }) => present.has(name));
  const table = typeTable(raw, {
    ...{ ...format, typesOf: source },
    types: Object.fromEntries(kinds.map(({ name, kind }) => [name, kind])),
  });
  throwFaults(keyFaults(table, roles.key, format));
  const target = readTargetLike(findColumn(table, roles.target)!, checked, file, source);
  const below = target.rows.map((row) => read.table.rows + row);
  return {
    read: { table: appendRows(read.table, table), raw: appendRawRows(read.raw, raw) },
    checked: {
      ...checked,
      rows: Int32Array.from([...checked.rows, ...below]),
      y: Float64Array.from([...checked.y, ...target.y]),
      classRows: checked.classRows.map(
        (count, index) => count + target.y.reduce((sum, value) => sum + (value === index ? 1 : 0), 0),
      ),
      // Nothing is learnt from a test row.
      weights: checked.weights && Float64Array.from([...checked.weights, ...target.y.map(() => 1)]),
      notices: [...checked.notices, ...target.notices],
    },
  };
}

/** The test set's columns are those of the development rows: what is missing or more is named. */
function columnFaults(
  { read, source, raw, format: { file } }: GivenHoldout,
  { target, weight, drop = [] }: CheckOptions,
): Fault[] {
  const wanted = read.table.columns.map(({ name }) => name);
  const found = new Set(raw.columns.map(({ name }) => name));
  const known = new Set(wanted);
  const lacking = wanted.filter((name) => !found.has(name) && name !== weight && !drop.includes(name));
  const more = raw.columns.filter(({ name }) => !known.has(name));
  return [
    ...lacking.map((name): Fault => ({
      code: 'DATA_COLUMN',
      message: `The test set has no column "${name}", ${source} has.`,
      at: { file, line: 1, name },
      fix:
        name === target
          ? 'A test set needs the answers: add the column, or use holdout: { fraction: 0.2 } instead of this file.'
          : `Add the column to ${file}, or name it in data.drop.`,
    })),
    ...more.map(({ name }): Fault => ({
      code: 'DATA_COLUMN',
      message: `The test set has a column "${name}", ${source} has none.`,
      at: { file, line: 1, name },
      fix: `Remove the column from ${file}, or add it to ${source}.`,
    })),
  ];
}

/**
 * Says how many test rows stand among the development rows too: by group where there are groups, else by identity.
 * @param units one identity a row, 16 bytes
 */
export function sharedRowsNotice(
  units: Uint8Array,
  { development, holdout }: Split,
  files: { readonly source: string; readonly file: string },
  by: { readonly key?: string | undefined; readonly group?: string | undefined },
): Notice[] {
  const seen = new Set(Array.from(development, (row) => hexOf(units, row)));
  const shared = holdout.filter((row) => seen.has(hexOf(units, row))).length;
  if (shared === 0) return [];
  const what = by.group ?? by.key;
  const share = Math.max(1, Math.round((100 * shared) / holdout.length));
  return [
    {
      code: 'SHARED_WITH_DEVELOPMENT',
      column: what ?? null,
      message:
        `${shared} of ${holdout.length} rows (${share}%) of the test set (hold-out) ${files.file} ` +
        (what === undefined
          ? `stand in ${files.source} with the same values: `
          : `have a ${what} that stands in ${files.source} too: `) +
        'models learn from them, so their score there says too much.',
      fix:
        what === undefined
          ? 'Remove them from one file; if they are different cases, name a data.key that tells them apart.'
          : `Keep each ${what} in one of the files.`,
    },
  ];
}
