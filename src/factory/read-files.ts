import { createHash } from 'node:crypto';
import type { Plan } from '../contracts/plan.ts';
import type { Part } from '../data/parts.ts';
import type { RawTable } from '../data/raw-table.ts';
import { addCsv, type ReadOptions } from '../data/read-csv.ts';
import { TableBuilder } from '../data/table-builder.ts';
import { streamFile } from '../platform/files.ts';
import type { DataFile } from './source-files.ts';

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
  for (const { shown, path } of files) {
    const hash = createHash('sha256');
    let bytes = 0;
    async function* hashed(): AsyncIterable<Uint8Array> {
      for await (const chunk of streamFile(path)) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    }
    await addCsv(table, hashed(), { ...options, file: shown });
    read.push({ path: shown, sha256: hash.digest('hex'), bytes });
  }
  return { raw: table.finish(), parts: table.parts, files: read };
}
