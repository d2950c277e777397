import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { dvcPointerFault } from '../data/csv/recognise.ts';
import { readFoldFile } from '../data/fold-file.ts';
import { readCsv, type ReadTable } from '../data/read-csv.ts';
import { UserError } from '../errors/user-error.ts';
import { isLink, isRegularFile, streamFile } from '../platform/files.ts';

/** The data with the digest of the bytes it came from. */
export interface Source {
  readonly read: ReadTable;
  readonly file: { readonly path: string; readonly sha256: string; readonly bytes: number };
}

/** Reads `data.source`, a path relative to the configuration's folder. */
export async function readSource({ data }: Pick<Config, 'data'>, folder: string): Promise<Source> {
  const { source, delimiter, encoding, decimal, dates, missing: markers, types } = data;
  const path = resolve(folder, source);
  await requireData(path, source, relativeFix('data.source'));
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(): AsyncIterable<Uint8Array> {
    for await (const chunk of streamFile(path)) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const format = { delimiter, encoding, decimal, dates };
  const read = await readCsv(hashed(), { file: source, ...format, missing: markers, types });
  return { read, file: { path: source, sha256: hash.digest('hex'), bytes } };
}

/** Reads `validation.fold-file`: the fold of each data row. */
export async function readFolds(folder: string, file: string, dataRows: number): Promise<Int32Array> {
  const path = resolve(folder, file);
  if (!(await isRegularFile(path))) throw missing('FOLD_FILE', file, relativeFix('validation.fold-file'));
  return readFoldFile(streamFile(path), file, dataRows);
}

/**
 * Makes sure that a data file is there. `shown` is its name in messages, `fix` what to do when nothing is.
 * @throws UserError DATA_MISSING, for a link as well; DATA_DVC_POINTER where only `<file>.dvc` is there
 */
export async function requireData(path: string, shown: string, fix: string): Promise<void> {
  if (await isRegularFile(path)) return;
  if (await isLink(path))
    throw new UserError({
      code: 'DATA_MISSING',
      message: `${shown} is a symbolic link, and links are not followed`,
      at: { file: shown },
      fix: 'Put a copy of the file in its place; DVC makes copies after `dvc config cache.type copy`.',
    });
  if (await isRegularFile(`${path}.dvc`)) throw new UserError(dvcPointerFault(`${shown}.dvc`));
  throw missing('DATA_MISSING', shown, fix);
}

function missing(code: 'DATA_MISSING' | 'FOLD_FILE', file: string, fix: string): UserError {
  return new UserError({ code, message: `there is no file ${file}`, at: { file }, fix });
}

function relativeFix(setting: string): string {
  return `Check ${setting}: the path is relative to the folder of the configuration.`;
}
