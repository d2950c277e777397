import { inUtf8, type Encoding } from './csv/encoding.ts';
import type { CsvOptions } from './csv/scanner.ts';
import { CsvScanner } from './csv/scanner.ts';
import type { RawTable } from './raw-table.ts';
import { TableBuilder } from './table-builder.ts';
import type { Table } from './table.ts';
import type { TypeOptions } from './types.ts';
import { typeTable } from './types.ts';

/** A table twice: typed, for training, and as written, for row identities. */
export interface ReadTable {
  readonly table: Table;
  readonly raw: RawTable;
}

export interface ReadOptions extends CsvOptions {
  /** How the file is written; UTF-8 when it isn't given. */
  readonly encoding?: Encoding | undefined;
}

/**
 * Reads a CSV file that comes in chunks of bytes. Faults are those of `CsvScanner` and `typeTable`.
 * @example const { table } = await readCsv(createReadStream(path), { file: path })
 */
export async function readCsv(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions & TypeOptions,
): Promise<ReadTable> {
  const raw = await readRawCsv(chunks, options);
  return { table: typeTable(raw, options), raw };
}

/** The table as it is written, without deciding on kinds. */
export async function readRawCsv(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions,
): Promise<RawTable> {
  const table = new TableBuilder(options.decimal);
  await addCsv(table, chunks, options);
  return table.finish();
}

/** Appends the rows of one CSV file to a table. */
export async function addCsv(
  table: TableBuilder,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions,
): Promise<void> {
  const scanner = new CsvScanner(options, table);
  for await (const chunk of inUtf8(chunks, options.encoding)) scanner.push(chunk);
  scanner.endFile();
}
