import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { readFoldFile } from '../data/fold-file.ts';
import { readCsv, type ReadTable } from '../data/read-csv.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { UserError } from '../errors/user-error.ts';
import { isRegularFile, streamFile } from '../platform/files.ts';

/** The data with the digest of the bytes it came from. */
export interface Source {
  readonly read: ReadTable;
  readonly file: { readonly path: string; readonly sha256: string; readonly bytes: number };
}

/** Reads `data.source`, a path relative to the configuration's folder. */
export async function readSource({ data }: Pick<Config, 'data'>, folder: string): Promise<Source> {
  const { source, delimiter, missing, types } = data;
  const path = await locate(folder, source, 'DATA_MISSING', 'data.source');
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(): AsyncIterable<Uint8Array> {
    for await (const chunk of streamFile(path)) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const read = await readCsv(hashed(), { file: source, delimiter, missing, types });
  return { read, file: { path: source, sha256: hash.digest('hex'), bytes } };
}

/** Reads `validation.fold-file`: the fold of each data row. */
export async function readFolds(folder: string, file: string, dataRows: number): Promise<Int32Array> {
  const path = await locate(folder, file, 'FOLD_FILE', 'validation.fold-file');
  return readFoldFile(streamFile(path), file, dataRows);
}

async function locate(folder: string, file: string, code: ErrorCode, setting: string): Promise<string> {
  const path = resolve(folder, file);
  if (await isRegularFile(path)) return path;
  throw new UserError({
    code,
    message: `there is no file ${file}`,
    at: { file },
    fix: `Check ${setting}: the path is relative to the folder of the configuration.`,
  });
}
