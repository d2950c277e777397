import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { resolveSettings, type Settings } from '../config/resolve.ts';
import type { Config } from '../config/schema.ts';
import { canonicalJson, sha256 } from '../contracts/digest.ts';
import type { Epoch } from '../contracts/plan.ts';
import { encodeSplit } from '../contracts/split.ts';
import { checkTable } from '../data/check.ts';
import { dealFolds, givenFolds, strataOf, windowFolds, type FoldRows } from '../data/folds.ts';
import { readFoldFile } from '../data/fold-file.ts';
import { fingerprintTable } from '../data/fingerprint.ts';
import {
  firstSalt,
  groupIdentities,
  identitiesOf,
  labelChecksOf,
  lostColumns,
  splitColumnsOf,
} from '../data/identity.ts';
import type { RawTable } from '../data/raw-table.ts';
import { readCsv, type ReadTable } from '../data/read-csv.ts';
import { splitByIdentity, splitByTime, withoutHoldout, type Split } from '../data/split.ts';
import { findColumn, selectRows, type Table } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import { inputsOf } from '../model/preprocessing.ts';
import { requireFile, streamFile } from '../platform/files.ts';
import type { Dataset } from '../training/dataset.ts';
import type { Prepared } from './prepared.ts';

export interface PrepareRequest {
  readonly config: Config;
  /** Folder that data paths are relative to. */
  readonly folder: string;
  /** Epoch that the history names; null begins the first one. */
  readonly epoch: Epoch | null;
  /** Fold of each identity on the base side, by repeat. */
  readonly knownFolds?: ReadonlyMap<string, number>[] | undefined;
}

/** Reads the data and makes it ready: types, checks, target, identities, hold-out and folds. */
export async function prepare({
  config,
  folder,
  epoch: known,
  knownFolds,
}: PrepareRequest): Promise<Prepared> {
  const source = config.data.source;
  const { read, digest } = await readSource(config, folder);
  const checked = checkTable(read.table, {
    file: source,
    target: config.data.target,
    positive: config.data.positive,
    drop: config.data.drop,
    types: config.data.types,
    key: config.data.key,
    time: config.data.time,
    group: config.data.group,
    task: config.task,
  });
  const { rows, y, classes, labels } = checked.target;
  const settings = resolveSettings(config, {
    task: checked.target.task,
    taskReason: checked.target.taskReason,
    classes,
    rows: rows.length,
    rarerClassRows: rarest(y, classes.length),
  });
  const dataset = orientClasses(
    {
      task: settings.task,
      classes,
      table: selectRows(read.table, rows),
      inputs: inputsOf(read.table, checked.features),
      y,
    },
    settings.positive,
  );
  const epoch = continueEpoch(config, read.raw, known);
  const identities = identitiesOf(read.raw, rows, epoch.splitColumns, epoch.salt);
  const units =
    config.data.group === undefined
      ? identities
      : groupIdentities(read.raw, rows, config.data.group, epoch.salt);
  const split = splitRows(config, settings, dataset.table, units);
  const folds = await foldRows(config, folder, dataset, split, units, knownFolds);
  const splitDigest = sha256(encodeSplit({ rows: rows.length, ...split, folds }));
  return {
    config,
    settings,
    dataset,
    identities,
    labelChecks: labelChecksOf(identities, labels, epoch.salt),
    epoch,
    ...split,
    folds,
    totalRows: read.table.rows,
    files: [{ path: source, ...digest }],
    fingerprint: fingerprintTable(read.table),
    splitDigest,
    notices: checked.notices,
  };
}

async function readSource(
  config: Config,
  folder: string,
): Promise<{ read: ReadTable; digest: { sha256: string; bytes: number } }> {
  const { source, delimiter, missing, types } = config.data;
  const path = resolve(folder, source);
  await requireFile(
    path,
    source,
    'DATA_MISSING',
    'Check data.source; it is relative to the configuration file.',
  );
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
  return { read, digest: { sha256: hash.digest('hex'), bytes } };
}

/** Puts the positive class second; other tasks keep their order. */
function orientClasses(dataset: Dataset, positive: string | null): Dataset {
  const [first, second] = dataset.classes;
  if (dataset.task !== 'binary' || positive === second || first === undefined || second === undefined)
    return dataset;
  if (positive !== first)
    throw new UserError({
      code: 'DATA_TARGET',
      message: `data.positive is "${positive}", but the target holds "${first}" and "${second}"`,
      at: { name: 'data.positive' },
      fix: `Write positive: "${second}" or "${first}".`,
    });
  return { ...dataset, classes: [second, first], y: dataset.y.map((index) => 1 - index) };
}

function continueEpoch(config: Config, raw: RawTable, known: Epoch | null): Epoch {
  const { target, key, group, time } = config.data;
  const rule = canonicalJson({
    holdout: config.holdout,
    key: key ?? null,
    group: group ?? null,
    time: time ?? null,
  });
  if (known?.rule === rule && lostColumns(raw, known.splitColumns).length === 0) return known;
  const first = { rule, splitColumns: splitColumnsOf(raw, target, key) };
  if (!known) return { number: 1, salt: firstSalt(config.model, config.validation.seed), ...first };
  return { number: known.number + 1, salt: sha256(`${known.salt}/${rule}`).slice(0, 32), ...first };
}

function splitRows(config: Config, settings: Settings, table: Table, units: Uint8Array): Split {
  if (!settings.useHoldout || config.holdout === 'none') return withoutHoldout(table.rows);
  const { fraction } = config.holdout;
  return config.data.time === undefined
    ? splitByIdentity(units, fraction)
    : splitByTime(timesOf(table, config.data.time), fraction);
}

async function foldRows(
  config: Config,
  folder: string,
  dataset: Dataset,
  { development }: Split,
  identities: Uint8Array,
  known: PrepareRequest['knownFolds'],
): Promise<FoldRows[]> {
  const { folds, repeats, gap, 'fold-file': foldFile } = config.validation;
  if (foldFile !== undefined) {
    const path = resolve(folder, foldFile);
    await requireFile(
      path,
      foldFile,
      'FOLD_FILE',
      'Check validation.fold-file; it is relative to the configuration.',
    );
    const foldOf = await readFoldFile(streamFile(path), foldFile, fileRows);
    return givenFolds(
      development,
      usedRows.map((row) => foldOf[row]!),
    );
  }
  if (config.data.time !== undefined)
    return windowFolds(development, timesOf(dataset.table, config.data.time), folds, gap ?? 0);
  const strata = strataOf(dataset.y, development, dataset.classes.length);
  return dealFolds({ rows: development, identities, strata, folds, repeats, known });
}

function timesOf(table: Table, name: string): Float64Array {
  const column = findColumn(table, name)!;
  return column.kind === 'categorical' ? Float64Array.from(column.codes) : column.values;
}

function rarest(y: Float64Array, classes: number): number {
  if (classes === 0) return y.length;
  const counts = new Array<number>(classes).fill(0);
  for (const index of y) counts[index]!++;
  return Math.min(...counts);
}
