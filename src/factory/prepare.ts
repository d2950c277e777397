import { sourceName } from '../config/data-source.ts';
import { resolveSettings, type DataFacts, type Settings } from '../config/resolve.ts';
import { isGiven, type Config } from '../config/schema.ts';
import { sha256 } from '../contracts/digest.ts';
import type { FeatureRecipe } from '../contracts/feature.ts';
import type { Epoch } from '../contracts/plan.ts';
import { encodeSplit, type SplitFile } from '../contracts/split.ts';
import { duplicateNotice } from '../data/column-notices.ts';
import { fingerprintTable } from '../data/fingerprint.ts';
import { sharedRowsNotice } from '../data/given-holdout.ts';
import { dealFolds, givenFolds, strataOf, windowFolds, type FoldRows } from '../data/folds.ts';
import {
  countDistinct,
  groupIdentities,
  identitiesOf,
  identityBytes,
  labelChecksOf,
} from '../data/identity.ts';
import { givenStructure, type RowStructure } from '../data/row-structure.ts';
import {
  drawList,
  latestOfUnit,
  splitAt,
  splitByIdentity,
  splitByList,
  splitByTime,
  withoutHoldout,
  type Split,
} from '../data/split.ts';
import { findColumn, selectRows, type Table } from '../data/table.ts';
import { inputsOf } from '../model/preprocessing.ts';
import type { Dataset } from '../training/dataset.ts';
import { codeDigest } from './command/code-digest.ts';
import { continueEpoch, type KnownRows } from './epoch.ts';
import type { Prepared } from './prepared.ts';
import { readModels } from './pretrained/given.ts';
import { readFolds, readSource } from './source.ts';

export interface PrepareRequest {
  readonly config: Config;
  /** Folder that data paths are relative to. */
  readonly folder: string;
  /** Epoch that the history names; null begins the first one. */
  readonly epoch: Epoch | null;
  /** What an epoch with `listed` needs: the list, or the rows that it is drawn from. */
  readonly listed?: ReadonlySet<string> | null | undefined;
  readonly draw?: ListDraw | undefined;
  /** Rows of each side and fold as a plan drew them; drawn here without one. */
  readonly split?: SplitFile | undefined;
  /** Fold of each identity on the base side, by repeat. */
  readonly knownFolds?: ReadonlyMap<string, number>[] | undefined;
  /** Rows that the champion knew in `epoch`: when too many are gone a new epoch begins. */
  readonly knownRows?: KnownRows | undefined;
}

/** A list of at least `count` of the given rows, numbered as in `dataset.table`. */
export interface ListDraw {
  readonly among: Int32Array;
  readonly count: number;
}

/** Reads the data and makes it ready: types, checks, target, identities, hold-out and folds. */
export async function prepare({
  config,
  folder,
  epoch: known,
  listed: knownList,
  draw: listDraw,
  split: drawn,
  knownFolds,
  knownRows,
}: PrepareRequest): Promise<Prepared> {
  const { read, checked, files, recipes, rows: own } = await readSource(config, folder);
  const { rows, y, classes } = checked;
  const facts: DataFacts = {
    task: checked.task,
    taskReason: checked.taskReason,
    classes,
    rows: rows.length,
    rarerClassRows: classes.length > 0 ? Math.min(...checked.classRows) : rows.length,
  };
  const settings = resolveSettings(config, facts);
  const dataset: Dataset = {
    task: checked.task,
    classes,
    table: selectRows(read.table, rows),
    inputs: inputsOf(read.table, checked.features),
    engineered: engineeredFrom(read.table, checked.features, recipes),
    y,
    weights: checked.weights,
  };
  const given = isGiven(config.holdout) ? rows.subarray(own.used) : null;
  const { epoch, notice } = continueEpoch({ config, raw: read.raw, rows, given, known, knownRows });
  const identities = identitiesOf(read.raw, rows, epoch.splitColumns, epoch.salt);
  const { group } = config.data;
  const units = group === undefined ? identities : groupIdentities(read.raw, rows, group, epoch.salt);
  const duplicates = duplicateNotice(
    repeatedRows(identities.subarray(0, own.used * identityBytes)),
    config.data.key,
    config.validation['fold-file'] !== undefined,
  );
  const drawnList = listDraw && new Set(drawList(units, listDraw.among, listDraw.count));
  const listed = epoch.listed ? (drawnList ?? knownList ?? null) : null;
  const { folds, ...split } = drawn ?? (await draw());
  const test = isGiven(config.holdout) ? config.holdout.source : '';
  const shared = given
    ? sharedRowsNotice(units, split, { source: sourceName(config.data.source), file: test }, config.data)
    : [];
  return {
    config,
    settings,
    facts,
    dataset: { ...dataset, structure: structureOf(config, dataset.table, units, folds) },
    identities,
    units: group === undefined ? null : units,
    labelChecks: labelChecksOf(identities, (row) => classes[y[row]!] ?? String(y[row]), epoch.salt),
    epoch,
    listed,
    development: split.development,
    holdout: split.holdout,
    folds,
    totalRows: read.table.rows,
    files,
    folder,
    code: await codeDigest(
      config,
      folder,
      files.map(({ path }) => path),
    ),
    predecessor: null,
    given: await readModels(settings.candidates, folder),
    fingerprint: fingerprintTable(read.table),
    splitDigest: sha256(encodeSplit({ ...split, rows: rows.length, folds })),
    notices: [...(notice ? [notice] : []), ...shared, ...checked.notices, ...duplicates],
  };

  async function draw(): Promise<Split & { folds: FoldRows[] }> {
    const sides = given
      ? splitAt(own.used, rows.length)
      : splitRows(config, settings, dataset.table, units, listed);
    const foldFile = config.validation['fold-file'];
    if (foldFile === undefined)
      return { ...sides, folds: dealRows(config, dataset, sides.development, units, knownFolds) };
    const foldOf = await readFolds(folder, foldFile, own.file);
    return { ...sides, folds: givenFolds(sides.development, pick(foldOf, rows.subarray(0, own.used))) };
  }
}

/** The recipes with the columns that only they read, in the order of the file. */
function engineeredFrom(
  table: Table,
  features: readonly string[],
  recipes: readonly FeatureRecipe[],
): Dataset['engineered'] {
  if (recipes.length === 0) return undefined;
  const read = new Set(recipes.flatMap(({ sources }): readonly string[] => sources));
  const names = table.columns.map(({ name }) => name);
  const only = names.filter((name) => read.has(name) && !features.includes(name));
  return { recipes, inputs: inputsOf(table, only) };
}

function repeatedRows(identities: Uint8Array): number {
  return identities.length / identityBytes - countDistinct(identities);
}

function splitRows(
  { holdout, data }: Config,
  { useHoldout }: Settings,
  table: Table,
  units: Uint8Array,
  listed: ReadonlySet<string> | null,
): Split {
  if (!useHoldout || holdout === 'none' || isGiven(holdout)) return withoutHoldout(table.rows);
  if (listed) return splitByList(units, listed);
  if (data.time === undefined) return splitByIdentity(units, holdout.fraction);
  return splitByTime(latestOfUnit(timesOf(table, data.time), units), holdout.fraction);
}

function dealRows(
  { data, validation }: Config,
  { table, y, classes }: Dataset,
  rows: Int32Array,
  identities: Uint8Array,
  known: PrepareRequest['knownFolds'],
): FoldRows[] {
  const { folds, repeats, gap = 0 } = validation;
  if (data.time !== undefined)
    return windowFolds(rows, latestOfUnit(timesOf(table, data.time), identities), folds, gap);
  const strata = strataOf(y, rows, classes.length);
  return dealFolds({ rows, identities, strata, folds, repeats, known });
}

/** What folds within training rows must respect: the rule by which the folds themselves came about. */
function structureOf(
  { data, validation }: Config,
  table: Table,
  units: Uint8Array,
  folds: readonly FoldRows[],
): RowStructure {
  if (validation['fold-file'] !== undefined) return givenStructure(folds, table.rows);
  if (data.time === undefined) return { kind: 'units', units };
  const times = latestOfUnit(timesOf(table, data.time), units);
  return { kind: 'time', times, gap: validation.gap ?? 0 };
}

/** Values of the time column; `checkData` has made sure that it holds dates or numbers. */
export function timesOf(table: Table, name: string): Float64Array {
  const column = findColumn(table, name);
  if (!column || column.kind === 'categorical') throw new Error(`${name} is not a time column`);
  return column.values;
}

function pick(values: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => values[row]!);
}
