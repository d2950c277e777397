import { TextDictionary } from './csv/text-dictionary.ts';
import type { RawColumn, RawTable } from './raw-table.ts';
import { findRawColumn } from './raw-table.ts';
import { sharedFloat64, sharedInt32 } from './shared.ts';
import { compareCodePoints } from './cells.ts';
import type { CategoricalColumn, Column, Table } from './table.ts';
import { findColumn } from './table.ts';

/**
 * The rows of `second` below those of `first`, in the columns of `first`; a column that `second` lacks is missing there.
 * Columns of one name must have one kind.
 */
export function appendRows(first: Table, second: Table): Table {
  return {
    rows: first.rows + second.rows,
    columns: first.columns.map((column) =>
      appendColumn(column, findColumn(second, column.name), second.rows),
    ),
  };
}

function appendColumn(first: Column, second: Column | undefined, rows: number): Column {
  if (first.kind === 'categorical')
    return appendCategories(first, second?.kind === 'categorical' ? second : undefined, rows);
  const values = sharedFloat64(first.values.length + rows).fill(NaN, first.values.length);
  values.set(first.values);
  if (second && second.kind !== 'categorical') values.set(second.values, first.values.length);
  return { ...first, values };
}

function appendCategories(
  first: CategoricalColumn,
  second: CategoricalColumn | undefined,
  rows: number,
): CategoricalColumn {
  const levels = [...new Set([...first.levels, ...(second?.levels ?? [])])].sort(compareCodePoints);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = sharedInt32(first.codes.length + rows).fill(-1);
  const place = ({ levels: own, codes: from }: CategoricalColumn, start: number): void => {
    const map = own.map((level) => codeOf.get(level)!);
    from.forEach((code, row) => (codes[start + row] = code < 0 ? -1 : map[code]!));
  };
  place(first, 0);
  if (second) place(second, first.codes.length);
  return { kind: 'categorical', name: first.name, levels, codes };
}

/** The same for tables as they are written, in the columns that both have. */
export function appendRawRows(first: RawTable, second: RawTable): RawTable {
  return {
    rows: first.rows + second.rows,
    columns: first.columns.flatMap((column) => {
      const below = findRawColumn(second, column.name);
      return below ? [appendRawColumn(column, below)] : [];
    }),
  };
}

function appendRawColumn(first: RawColumn, second: RawColumn): RawColumn {
  const rows = first.rows + second.rows;
  const texts = new TextDictionary();
  const map = [first, second].map((column) =>
    Int32Array.from({ length: column.texts.size }, (_, code) => {
      const text = column.texts.utf8(code);
      return texts.add(text, 0, text.length);
    }),
  );
  const hasNumbers = first.values !== undefined || second.values !== undefined;
  const values = hasNumbers ? new Float64Array(rows) : undefined;
  const formats = hasNumbers ? new Uint8Array(rows) : undefined;
  const hasTexts = first.codes !== undefined || second.codes !== undefined;
  const codes = hasTexts ? new Int32Array(rows).fill(-1) : undefined;
  [first, second].forEach((column, part) => {
    const start = part === 0 ? 0 : first.rows;
    if (column.values) values?.set(column.values.subarray(0, column.rows), start);
    if (column.formats) formats?.set(column.formats.subarray(0, column.rows), start);
    column.codes?.forEach((code, row) => {
      if (codes && row < column.rows) codes[start + row] = code < 0 ? -1 : map[part]![code]!;
    });
  });
  return { name: first.name, rows, values, formats, codes, texts };
}
