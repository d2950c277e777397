import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import { compareCodePoints } from '../../data/cells.ts';
import { dvcPointerFault } from '../../data/csv/recognise.ts';
import { UserError } from '../../errors/user-error.ts';
import { isLink, isRegularFile, matchFiles } from '../../platform/files.ts';

/** A data file. */
export interface DataFile {
  /** Its name in messages and documents. */
  readonly shown: string;
  readonly path: string;
}

/** More are hardly meant. */
const mostFiles = 10_000;

/**
 * The files that paths and globs name, each once, in code-point order. A path that is there is taken as it is written,
 * whatever signs are in it.
 * @throws UserError DATA_MISSING, for a glob that matches nothing too
 */
export async function findFiles(
  folder: string,
  names: readonly string[],
  setting: string,
): Promise<DataFile[]> {
  const found = new Set<string>();
  for (const name of names) for (const file of await filesOf(folder, name)) found.add(file);
  if (found.size > mostFiles)
    throw new UserError({
      code: 'CONFIG_INVALID',
      message: `${setting} matches ${found.size} files; at most ${mostFiles} are read`,
      at: { name: setting },
      fix: 'Make the pattern narrower, or join the files before.',
    });
  const files = [...found].sort(compareCodePoints).map((shown) => ({ shown, path: resolve(folder, shown) }));
  for (const { path, shown } of files) await requireData(path, shown, relativeFix(setting));
  return files;
}

async function filesOf(folder: string, name: string): Promise<string[]> {
  if (!/[*?[{]/.test(name) || (await isRegularFile(resolve(folder, name)))) return [name];
  const found = await matchFiles(folder, name);
  if (found.length > 0) return found;
  throw new UserError({
    code: 'DATA_MISSING',
    message: 'no file matches the pattern',
    at: { file: name },
    fix:
      'Patterns are relative to the folder of the configuration: * stands for any signs but /, ** for any folders. ' +
      'Data that is not committed must be fetched before.',
  });
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
  const beside = await readdir(dirname(path)).catch(() => []);
  const close = nearest(
    basename(path),
    beside.filter((name) => name !== basename(path)),
  );
  const hint = close === undefined ? '' : `Did you mean ${join(dirname(shown), close)}? `;
  throw missingFile('DATA_MISSING', shown, `${hint}${fix}`);
}

/** The error for a file that isn't there. */
export function missingFile(code: 'DATA_MISSING' | 'FOLD_FILE', file: string, fix: string): UserError {
  return new UserError({ code, message: `there is no file ${file}`, at: { file }, fix });
}

/** What to do about a setting that names no file. */
export function relativeFix(setting: string): string {
  return `Check ${setting}: the path is relative to the folder of the configuration.`;
}
