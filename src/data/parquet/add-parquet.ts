import { parquetMetadataAsync, parquetScan, type FileMetaData, type SchemaElement } from 'hyparquet';
import { throwFaults, UserError, type Fault, type Place } from '../../errors/user-error.ts';
import type { ColumnBuilder } from '../csv/column-builder.ts';
import { nulByte } from '../csv/faults.ts';
import { nameFaults } from '../csv/header.ts';
import { NUL_BYTE } from '../csv/text-dictionary.ts';
import type { TableBuilder } from '../table-builder.ts';
import { cellKindOf, type CellKind } from './cell-kind.ts';
import { addAsWritten, cellWriter, type CellWriter } from './cell-writer.ts';
import { compressors } from './compressors.ts';
import { timestampFormat } from './timestamps.ts';

/** A file of which parts can be read. */
export interface RandomAccess {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/**
 * Appends the rows of a Parquet file to a table, column by column; at most one column's values of one row group are in
 * memory beside the table, for timestamps all of the column's.
 * @throws UserError DATA_SYNTAX for a damaged file, DATA_COLUMN for columns that hold lists or records
 */
export async function addParquet(table: TableBuilder, from: RandomAccess, file: string): Promise<void> {
  try {
    const metadata = await parquetMetadataAsync(from);
    const fields = fieldsOf(metadata);
    const names = fields.map(({ name }) => name.trim());
    throwFaults([...nameFaults(names, file), ...fields.flatMap((field) => refusals(field, file))]);
    const columns = table.columnsOf(names, file);
    const physical = { ...metadata, schema: metadata.schema.map(withoutMeaning) };
    for (const [i, { name, kind }] of fields.entries())
      await addColumn(columns[i]!, { kind, name, file, from, metadata: physical });
    table.endFile(file, Number(metadata.num_rows));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(error, file);
  }
}

interface Field {
  readonly name: string;
  readonly kind: CellKind;
}

/** The columns at the top level of the file. */
function fieldsOf({ schema }: FileMetaData): Field[] {
  const fields: Field[] = [];
  for (let at = 1; at < schema.length; at = afterSubtree(schema, at))
    fields.push({ name: schema[at]!.name, kind: cellKindOf(schema[at]!) });
  return fields;
}

function afterSubtree(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = afterSubtree(schema, next);
  return next;
}

/** The element with its physical type alone, so that values come as they are stored and nothing is rounded. */
function withoutMeaning(element: SchemaElement): SchemaElement {
  const { name, type, type_length, repetition_type, num_children } = element;
  return {
    name,
    ...(type && { type }),
    ...(type_length !== undefined && { type_length }),
    ...(repetition_type && { repetition_type }),
    ...(num_children !== undefined && { num_children }),
  };
}

function refusals({ name, kind }: Field, file: string): Fault[] {
  if (kind.kind !== 'refused') return [];
  return [
    {
      code: 'DATA_COLUMN',
      message: `The column holds ${kind.what}: a model learns from single numbers, texts, dates and true or false.`,
      at: { file, name },
      fix: 'Write what matters of it into columns of their own, and leave this one out of the file.',
    },
  ];
}

interface ColumnSource extends Field {
  readonly file: string;
  readonly from: RandomAccess;
  readonly metadata: FileMetaData;
}

async function addColumn(column: ColumnBuilder, source: ColumnSource): Promise<void> {
  const { kind, name, file } = source;
  let row = 0;
  const add = (values: ArrayLike<unknown>, write: CellWriter): void => {
    for (let i = 0; i < values.length; i++) {
      row++;
      const value = values[i];
      const code = value === null || value === undefined ? addAsWritten(column, '') : write(value);
      if (code !== 0) throwFaults([textFault(code, { file, row, name })]);
    }
  };
  if (kind.kind === 'timestamp') {
    const all: ArrayLike<unknown>[] = [];
    for await (const values of chunksOf(source)) all.push(values);
    const format = timestampFormat(present(all), kind.perSecond, kind.utc);
    for (const values of all) add(values, (value) => addAsWritten(column, format(ticks(value))));
  } else if (kind.kind !== 'refused') {
    const write = cellWriter(kind, column);
    for await (const values of chunksOf(source)) add(values, write);
  }
}

function* present(chunks: readonly ArrayLike<unknown>[]): Iterable<bigint> {
  for (const values of chunks)
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value !== null && value !== undefined) yield ticks(value);
    }
}

function ticks(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  throw new Error(`a ${typeof value} where a timestamp should be`);
}

/** The stored values of a column, one row group after the other. */
async function* chunksOf({ name, from, metadata }: ColumnSource): AsyncIterable<ArrayLike<unknown>> {
  const options = {
    ...{ file: from, metadata, columns: [name], compressors },
    ...{
      utf8: false,
      useOffsetIndex: false,
      parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos },
    },
  };
  const { ranges } = await parquetScan(options);
  for (const range of ranges) {
    // A scan keeps what it read: each row group has one of its own.
    const { readColumn } = await parquetScan(options);
    yield readColumn({ column: name, ...range });
  }
}

function textFault(code: number, at: Place): Fault {
  if (code === NUL_BYTE) return nulByte(at);
  return {
    code: 'DATA_ENCODING',
    message: 'The bytes of this cell are no text in UTF-8.',
    at,
    fix: 'Write the column as text, or leave it out of the file.',
  };
}

function unreadable(error: unknown, file: string): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  const codec = /unsupported compression codec: (\w+)/.exec(reason)?.[1];
  return new UserError({
    code: 'DATA_SYNTAX',
    message: codec
      ? `The Parquet file is compressed with ${codec}, which is not read.`
      : `The Parquet file can not be read: ${reason.replace(/^parquet /, '')}.`,
    at: { file },
    fix: codec
      ? 'Write it with Snappy, which is what most writers do, or with gzip, Brotli or Zstandard.'
      : 'Check that it was written and transferred completely; pandas.read_parquet should be able to open it.',
    cause: error,
  });
}
