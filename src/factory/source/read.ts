import { createHash, type Hash } from 'node:crypto';
import type { Plan } from '../../contracts/plan.ts';
import type { Part } from '../../data/parts.ts';
import type { RawTable } from '../../data/raw-table.ts';
import { addCsv, type ReadOptions, type ReadTable } from '../../data/read-csv.ts';
import { TableBuilder } from '../../data/table-builder.ts';
import { typeTable, type TypeOptions } from '../../data/types.ts';
import { openRandomAccess, streamFile } from '../../platform/files.ts';
import type { DataFile } from './files.ts';

/** What was read, and from which bytes. */
export interface FilesRead {
  readonly raw: RawTable;
  readonly parts: readonly Part[];
  readonly files: Plan['data']['files'];
}

/** Reads files with the same columns, one after the other, into one table as it is written. */
export async function readFiles(
  files: readonly DataFile[],
  options: Omit<ReadOptions, 'file'>,
): Promise<FilesRead> {
  const table = new TableBuilder(options.decimal);
  const read: Plan['data']['files'] = [];
  for (const file of files) read.push(await addFile(table, file, options));
  return { raw: table.finish(), parts: table.parts, files: read };
}

/** Reads one file, CSV or Parquet, and gives its columns their kinds. */
export async function readTableFile(
  file: DataFile,
  options: Omit<ReadOptions & TypeOptions, 'file' | 'parts'> = {},
): Promise<ReadTable> {
  const { raw } = await readFiles([file], options);
  return { raw, table: typeTable(raw, { ...options, file: file.shown }) };
}

/** Appends one file, CSV or Parquet by what its first bytes say. */
async function addFile(
  table: TableBuilder,
  { shown, path }: DataFile,
  options: Omit<ReadOptions, 'file'>,
): Promise<Plan['data']['files'][number]> {
  const hash = createHash('sha256');
  const opened = await openRandomAccess(path);
  try {
    const { byteLength: bytes } = opened;
    if (isParquet(new Uint8Array(await opened.slice(0, 4)))) {
      // Loaded only where somebody has such a file.
      const { addParquet } = await import('../../data/parquet/add-parquet.ts');
      for await (const chunk of streamFile(path)) hash.update(chunk);
      await addParquet(table, opened, shown);
    } else await addCsv(table, hashed(streamFile(path), hash), { ...options, file: shown });
    return { path: shown, sha256: hash.digest('hex'), bytes };
  } finally {
    await opened.close();
  }
}

function isParquet(head: Uint8Array): boolean {
  return Buffer.from(head).toString('latin1') === 'PAR1';
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
