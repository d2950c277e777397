import { parquetWriteBuffer } from 'hyparquet-writer';
import type { TableFormat } from '../../contracts/fields.ts';
import { quotedField } from '../../data/csv/quoted-field.ts';
import type { Column, Table } from '../../data/table.ts';
import { requireColumn } from '../../model/preprocessing.ts';

/** The target as a program learns it: `classes[y[row]]`, or the number where there are no classes. */
export interface WrittenTarget {
  readonly name: string;
  readonly classes: readonly string[];
  readonly y: Float64Array;
}

/** What a table for a program holds: the columns named, for `rows` in their order, and last the target where it is given. */
export interface WrittenTable {
  readonly table: Table;
  readonly inputs: readonly { readonly name: string }[];
  readonly rows: Int32Array;
  readonly target?: WrittenTarget;
}

/** `{ '<name>.csv': bytes }`, or the same as Parquet. */
export function tableFile(
  name: string,
  format: TableFormat,
  written: WrittenTable,
): Record<string, Uint8Array> {
  return { [`${name}.${format}`]: format === 'csv' ? tableCsv(written) : tableParquet(written) };
}

/** Rows whose text is joined at once: no text is longer than V8 allows. */
const csvBlock = 8192;

/**
 * CSV (RFC 4180, UTF-8, LF): numbers in their shortest form, booleans as 0 and 1, dates as days since 1970-01-01 UTC,
 * missing values empty.
 */
function tableCsv({ table, inputs, rows, target }: WrittenTable): Uint8Array {
  const cells = inputs.map(({ name }) => cellOf(requireColumn(table, name)));
  const names = inputs.map(({ name }) => name);
  if (target) {
    names.push(target.name);
    cells.push((row) => quotedField(target.classes[target.y[row]!] ?? String(target.y[row])));
  }
  const blocks = [Buffer.from(`${names.map(quotedField).join(',')}\n`)];
  for (let from = 0; from < rows.length; from += csvBlock) {
    let text = '';
    for (const row of rows.subarray(from, from + csvBlock)) {
      // A line of one empty field must not look like a blank line.
      text += `${cells.map((cell) => cell(row)).join(',') || '""'}\n`;
    }
    blocks.push(Buffer.from(text));
  }
  return Buffer.concat(blocks);
}

function cellOf(column: Column): (row: number) => string {
  if (column.kind === 'categorical') {
    const levels = column.levels.map(quotedField);
    return (row) => levels[column.codes[row]!] ?? '';
  }
  return (row) => {
    const value = column.values[row]!;
    return Number.isNaN(value) ? '' : String(value);
  };
}

const msPerDay = 86_400_000;

/** Parquet: numbers as DOUBLE, booleans as BOOLEAN, dates as TIMESTAMP in UTC milliseconds, categories as STRING, missing values null. */
function tableParquet({ table, inputs, rows, target }: WrittenTable): Uint8Array {
  const columnData = inputs.map(({ name }) => parquetColumn(requireColumn(table, name), rows));
  if (target) {
    const { name, classes, y } = target;
    const values = Array.from(rows, (row) => classes[y[row]!] ?? y[row]!);
    columnData.push({ name, data: values, type: classes.length > 0 ? 'STRING' : 'DOUBLE' });
  }
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** A column as the writer of Parquet files takes it. */
type ParquetColumn = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

function parquetColumn(column: Column, rows: Int32Array): ParquetColumn {
  const { name } = column;
  if (column.kind === 'categorical') {
    const { levels, codes } = column;
    return { name, type: 'STRING', data: Array.from(rows, (row) => levels[codes[row]!] ?? null) };
  }
  const { kind, values } = column;
  const { type, cell } = parquetCells[kind];
  const data = Array.from(rows, (row) => (Number.isNaN(values[row]!) ? null : cell(values[row]!)));
  return { name, type, data };
}

/** How the numbers of a column stand in Parquet, by its kind. */
const parquetCells = {
  numeric: { type: 'DOUBLE', cell: (value: number) => value },
  boolean: { type: 'BOOLEAN', cell: (value: number) => value === 1 },
  date: { type: 'TIMESTAMP', cell: (days: number) => new Date(Math.round(days * msPerDay)) },
} as const;
