import { readCsv, readRawCsv } from '../../../src/data/read-csv.ts';
import type { RawTable } from '../../../src/data/raw-table.ts';
import { textOf } from '../../../src/data/raw-table.ts';
import type { Table } from '../../../src/data/table.ts';
import type { TypeOptions } from '../../../src/data/types.ts';
import { UserError } from '../../../src/errors/user-error.ts';

/** UTF-8 bytes cut into chunks of `size` bytes. */
export function chunksOf(text: string | Uint8Array, size: number): Uint8Array[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

/** The raw table of a text, read in chunks of `size` bytes. */
export function raw(text: string | Uint8Array, size = 7, delimiter?: string): Promise<RawTable> {
  return readRawCsv(chunksOf(text, size), { file: 'data.csv', delimiter });
}

/** The typed table of a text. */
export async function typed(text: string, options: Omit<TypeOptions, 'file'> = {}): Promise<Table> {
  return (await readCsv(chunksOf(text, 50), { file: 'data.csv', ...options })).table;
}

/** Cells of a raw table row by row, header first. */
export function cells(table: RawTable): string[][] {
  const header = table.columns.map(({ name }) => name);
  const rows = Array.from({ length: table.rows }, (_, row) =>
    table.columns.map((column) => textOf(column, row)),
  );
  return [header, ...rows];
}

/** The user's error that a promise is rejected with; fails when there is none. */
export async function faultOf(promise: Promise<unknown>): Promise<UserError> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (outcome instanceof UserError) return outcome;
  throw new Error(`expected a UserError, got ${String(outcome)}`);
}
