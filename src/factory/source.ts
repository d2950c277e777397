import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { isGiven, type Config } from '../config/schema.ts';
import { dvcPointerFault } from '../data/csv/recognise.ts';
import { checkData, type CheckedData } from '../data/check.ts';
import { joinHoldout } from '../data/given-holdout.ts';
import { readFoldFile } from '../data/fold-file.ts';
import { readCsv, readRawCsv, type ReadTable } from '../data/read-csv.ts';
import { UserError } from '../errors/user-error.ts';
import { isLink, isRegularFile, streamFile } from '../platform/files.ts';

/** The data as it is read, with the digests of the bytes it came from. */
export interface Source {
  /** Rows of `holdout.source` stand below those of `data.source`. */
  readonly read: ReadTable;
  readonly checked: CheckedData;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  /** How many rows come from `data.source`: all of the file, and those in use. The others are the test set. */
  readonly rows: { readonly file: number; readonly used: number };
}

interface Found<T> {
  readonly content: T;
  readonly file: Source['files'][number];
}

/** Rows in use and what they come from, before anything is drawn. */
export async function readSource(
  { data, holdout, task }: Pick<Config, 'data' | 'holdout' | 'task'>,
  folder: string,
): Promise<Source> {
  const { source, delimiter, encoding, decimal, dates, missing: markers, types } = data;
  const options = { delimiter, encoding, decimal, dates, missing: markers };
  const { content: read, file } = await readFile(folder, source, 'data.source', (chunks) =>
    readCsv(chunks, { ...options, file: source, types }),
  );
  const roles = { ...data, file: source, task };
  const checked = checkData(read.table, roles);
  const own = { read, checked, files: [file], rows: { file: read.table.rows, used: checked.rows.length } };
  if (!isGiven(holdout)) return own;
  const test = holdout.source;
  if (resolve(folder, test) === resolve(folder, source)) throw sameFile(test);
  const { content: raw, file: testFile } = await readFile(folder, test, 'holdout.source', (chunks) =>
    readRawCsv(chunks, { ...options, file: test }),
  );
  const joined = joinHoldout({ read, checked, source, raw, format: { ...options, file: test } }, roles);
  return { ...own, ...joined, files: [file, testFile] };
}

async function readFile<T>(
  folder: string,
  shown: string,
  setting: string,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Found<T>> {
  const path = resolve(folder, shown);
  await requireData(path, shown, relativeFix(setting));
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(): AsyncIterable<Uint8Array> {
    for await (const chunk of streamFile(path)) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const content = await read(hashed());
  return { content, file: { path: shown, sha256: hash.digest('hex'), bytes } };
}

function sameFile(file: string): UserError {
  return new UserError({
    code: 'CONFIG_INVALID',
    message: 'holdout.source is data.source: a model would be tested on the rows that it learns from',
    at: { file, name: 'holdout.source' },
    fix: 'Name a file with other rows, or use holdout: { fraction: 0.2 }.',
  });
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
