import { resolve } from 'node:path';
import {
  isCommandSource,
  isUrlSource,
  sourceName,
  sourcePaths,
  type DataSource,
} from '../config/data-source.ts';
import { featureRecipes } from '../config/features.ts';
import { isGiven, type Config } from '../config/schema.ts';
import type { FeatureRecipe } from '../contracts/feature.ts';
import type { Plan } from '../contracts/plan.ts';
import { checkData, type CheckedData } from '../data/check.ts';
import { readFoldFile } from '../data/fold-file.ts';
import { joinHoldout } from '../data/given-holdout.ts';
import type { ReadTable } from '../data/read-csv.ts';
import { typeTable } from '../data/types.ts';
import { UserError } from '../errors/user-error.ts';
import { isRegularFile, streamFile } from '../platform/files.ts';
import { fetchByCommand } from './source/command.ts';
import { readFiles } from './source/read.ts';
import { findFiles, missingFile, relativeFix, type DataFile } from './source/files.ts';
import { fetchByUrl } from './source/url.ts';

/** The data as it is read, with the digests of the bytes it came from. */
export interface Source {
  /** Rows of `holdout.source` stand below those of `data.source`. */
  readonly read: ReadTable;
  readonly checked: CheckedData;
  /** Those of `data.source`, then that of `holdout.source`. */
  readonly files: Plan['data']['files'];
  readonly recipes: readonly FeatureRecipe[];
  /** How many rows come from `data.source`: all of them, and those in use. The others are the test set. */
  readonly rows: { readonly file: number; readonly used: number };
}

/** `data.source` as a table, with the files that it names. */
export async function readTable({ data, features }: Pick<Config, 'data' | 'features'>, folder: string) {
  const { source, delimiter, encoding, decimal, dates, missing: markers, types } = data;
  const recipes = featureRecipes(features);
  const drop = unreadColumns(data.drop, recipes);
  const format = { delimiter, encoding, decimal, dates, missing: markers };
  const found = await findSource(source, folder);
  const { raw, parts, files } = await readFiles(found, format);
  const origin = { file: sourceName(source), parts };
  const read: ReadTable = { raw, table: typeTable(raw, { ...format, ...origin, types, drop }) };
  return { read, origin, format, found, files, recipes, drop };
}

/** Dropped columns that no feature reads: nothing is made of them. */
function unreadColumns(drop: readonly string[], recipes: readonly FeatureRecipe[]): string[] {
  const read = new Set(recipes.flatMap(({ sources }): readonly string[] => sources));
  return drop.filter((name) => !read.has(name));
}

/** The files of a source, fetched where they aren't here. */
async function findSource(source: DataSource, folder: string): Promise<readonly DataFile[]> {
  if (isUrlSource(source)) return [await fetchByUrl(source)];
  if (isCommandSource(source)) await fetchByCommand(source, folder);
  return findFiles(folder, sourcePaths(source), 'data.source');
}

/** Rows in use and what they come from, before anything is drawn. */
export async function readSource(
  { data, holdout, task, features }: Pick<Config, 'data' | 'holdout' | 'task' | 'features'>,
  folder: string,
): Promise<Source> {
  const { read, origin, format, found, files, recipes, drop } = await readTable({ data, features }, folder);
  const roles = { ...data, ...origin, task, recipes };
  const checked = checkData(read.table, roles);
  const own = { read, checked, files, recipes, rows: { file: read.table.rows, used: checked.rows.length } };
  if (!isGiven(holdout)) return own;
  const test = await findFiles(folder, [holdout.source], 'holdout.source');
  const twice = test.find(({ path }) => found.some((file) => file.path === path));
  if (twice) throw sameFile(twice.shown);
  const below = await readFiles(test, format);
  const joined = joinHoldout(
    {
      ...{ read, checked, source: origin.file, raw: below.raw },
      format: { ...format, file: holdout.source, parts: below.parts },
    },
    { ...roles, drop },
  );
  return { ...own, ...joined, files: [...files, ...below.files] };
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
  if (!(await isRegularFile(path))) throw missingFile('FOLD_FILE', file, relativeFix('validation.fold-file'));
  return readFoldFile(streamFile(path), file, dataRows);
}
