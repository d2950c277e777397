/** Numbers, missing = NaN. Length = rows. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  readonly values: Float64Array;
}

/** 0 or 1, missing = NaN. Length = rows. */
export interface BooleanColumn {
  readonly kind: 'boolean';
  readonly name: string;
  readonly values: Float64Array;
}

/** Days since 1970-01-01 UTC with the time of day as fraction, missing = NaN. Length = rows. */
export interface DateColumn {
  readonly kind: 'date';
  readonly name: string;
  readonly values: Float64Array;
}

/** Dictionary-coded text: `levels[codes[row]]`, missing = -1. Levels are sorted by code point. Length = rows. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly name: string;
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

export type Column = NumericColumn | BooleanColumn | DateColumn | CategoricalColumn;
export type ColumnKind = Column['kind'];

/** A typed, columnar table. Buffers are shared with worker threads, so nobody writes to them after reading. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** The column of that name, or undefined. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/**
 * Rows `rows[i]` of a table in that order; levels of categorical columns stay as they are. All rows in their own order
 * are the table itself: a copy would take as much memory again.
 */
export function selectRows(table: Table, rows: Int32Array): Table {
  if (rows.length === table.rows && rows.every((row, i) => row === i)) return table;
  return { rows: rows.length, columns: table.columns.map((column) => selectColumnRows(column, rows)) };
}

function selectColumnRows(column: Column, rows: Int32Array): Column {
  if (column.kind === 'categorical')
    return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) };
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
}
