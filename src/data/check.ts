import type { FeatureRecipe } from '../contracts/feature.ts';
import type { Notice } from '../contracts/plan.ts';
import type { Fault } from '../errors/user-error.ts';
import { throwFaults } from '../errors/user-error.ts';
import { featureFaults } from './check-features.ts';
import type { ColumnFacts } from './column-facts.ts';
import { columnFacts } from './column-facts.ts';
import { orderNotice, textNotices, uselessNotice } from './column-notices.ts';
import { disguiseOf } from './disguise.ts';
import { leakNotice, rowsToLookAt } from './leak.ts';
import { placeOfRow, type Origin } from './parts.ts';
import type { Column, ColumnKind, Table } from './table.ts';
import { findColumn } from './table.ts';
import type { Target, TargetOptions } from './target.ts';
import { maxNumericClasses, readTarget } from './target.ts';
import { unknownColumn } from './types.ts';
import { weightFaults, weightsOf } from './weights.ts';

/** Texts or whole numbers that are unique in more than this share of more than `idRows` rows name rows. */
const idShare = 0.95;
const idRows = 100;

/** A category with more levels than this is free text. */
export const maxLevels = 1000;

export interface CheckOptions extends TargetOptions {
  readonly target: string;
  readonly drop?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly time?: string | undefined;
  readonly group?: string | undefined;
  /** Column with what each row counts for in training. */
  readonly weight?: string | undefined;
  /** Features that are computed from columns, dropped ones too. */
  readonly recipes?: readonly FeatureRecipe[] | undefined;
  /** Columns whose kind the user gave: no rule about ids and free text doubts them. */
  readonly types?: Readonly<Record<string, ColumnKind>> | undefined;
}

/** What is learnt from what. */
export interface CheckedData extends Target {
  /** Names of the columns to learn from, in the order of the file. */
  readonly features: readonly string[];
  /** What each of `rows` counts for in training; absent where all count the same. */
  readonly weights?: Float64Array | undefined;
}

/**
 * Decides on the task and the features. Key, time, group, weight and dropped columns are never features; constant and empty
 * columns are left out with a notice.
 * @throws UserError DATA_COLUMN for unknown columns, ids and free text among the features, or no feature at all;
 *   DATA_TARGET for a target that can't be learnt
 */
export function checkData(table: Table, options: CheckOptions): CheckedData {
  throwFaults(nameFaults(table, options));
  const { file, drop = [], key, time, group, weight, types = {}, recipes = [] } = options;
  const targetColumn = findColumn(table, options.target)!;
  throwFaults(disguisedTarget(targetColumn, file));
  const target = readTarget(targetColumn, options);
  const notFeatures = new Set([...drop, options.target, key, time, group, weight]);
  const faults: Fault[] = [
    ...roleFaults(table, target.rows, options),
    ...featureFaults(table, recipes, { ...options, classes: target.classes.length }),
  ];
  const notices: Notice[] = [...target.notices, ...textNotices(targetColumn)];
  const looked = rowsToLookAt(target);
  const features: string[] = [];
  for (const column of table.columns) {
    if (notFeatures.has(column.name)) {
      // What is dropped may still come in by a feature that reads it.
      const readers = recipes.filter(({ sources }) => sources.includes(column.name)).map(({ name }) => name);
      if (readers.length > 0)
        notices.push(...leakNotice(column, looked, `remove ${readers.join(', ')} from features`));
      continue;
    }
    const facts = columnFacts(column, target.rows);
    const useless = uselessNotice(column.name, facts);
    if (useless !== undefined) {
      notices.push(useless);
      continue;
    }
    const isGiven = Object.hasOwn(types, column.name);
    const fault = isGiven ? undefined : nameLikeFault(column, facts, file);
    if (fault !== undefined) {
      faults.push(fault);
      continue;
    }
    features.push(column.name);
    notices.push(...leakNotice(column, looked));
    if (!isGiven) notices.push(...textNotices(column));
    if (time === undefined)
      notices.push(...orderNotice(column, target.rows, `data.time: ${quote(column.name)}`));
  }
  if (features.length + recipes.length === 0 && faults.length === 0) faults.push(noFeatureFault(file));
  throwFaults(faults);
  const weights = weight === undefined ? undefined : weightsOf(findColumn(table, weight)!, target.rows);
  return { ...target, features, weights, notices };
}

function nameFaults(table: Table, options: CheckOptions): Fault[] {
  const { file, target, drop = [], key, time, group, weight } = options;
  const names = table.columns.map(({ name }) => name);
  const known = new Set(names);
  const wanted: [string, string | undefined][] = [
    ['data.target', target],
    ['data.key', key],
    ['data.time', time],
    ['data.group', group],
    ['data.weight', weight],
    ...drop.map((name): [string, string] => ['data.drop', name]),
  ];
  return wanted.flatMap(([setting, name]) =>
    name === undefined || known.has(name) ? [] : [unknownColumn(name, setting, names, file)],
  );
}

/** Key, time and weight must be able to do their work. */
function roleFaults(table: Table, rows: Int32Array, options: CheckOptions): Fault[] {
  const { file, key, time, weight } = options;
  const faults = keyFaults(table, key, options);
  if (weight !== undefined) faults.push(...weightFaults(findColumn(table, weight)!, rows, options));
  const timeColumn = time === undefined ? undefined : findColumn(table, time);
  if (timeColumn !== undefined && timeColumn.kind !== 'date' && timeColumn.kind !== 'numeric')
    faults.push({
      code: 'DATA_COLUMN',
      message: 'The time column holds neither dates nor numbers.',
      at: { file, name: time },
      fix: 'Write dates as YYYY-MM-DD or YYYY-MM-DD hh:mm:ss, or use a number that grows with time.',
    });
  return faults;
}

/** Each row needs a key, where there is one. */
export function keyFaults(table: Table, key: string | undefined, origin: Origin): Fault[] {
  const column = key === undefined ? undefined : findColumn(table, key);
  const row = column === undefined ? -1 : firstMissing(column);
  if (row < 0) return [];
  return [
    {
      code: 'DATA_COLUMN',
      message: 'The key has no value in this row.',
      at: { ...placeOfRow(origin, row), name: key },
      fix: 'Give each row a key, or remove data.key: then its content identifies a row.',
    },
  ];
}

function firstMissing(column: Column): number {
  return column.kind === 'categorical'
    ? column.codes.findIndex((code) => code < 0)
    : column.values.findIndex((value) => Number.isNaN(value));
}

function nameLikeFault(column: Column, facts: ColumnFacts, file: string): Fault | undefined {
  const { name, kind } = column;
  const { present, distinct, increasing, wholeNumbers } = facts;
  const at = { file, name };
  const idLike = present > idRows && distinct > idShare * present && (kind === 'categorical' || wholeNumbers);
  if (idLike && increasing)
    return {
      code: 'DATA_COLUMN',
      message: 'Whole numbers that increase row by row: an index of the rows, in the order of time perhaps.',
      at,
      fix:
        `Add ${name} to data.drop, name it as data.time if the rows are in that order, ` +
        `or keep it as a feature with data.types: { ${quote(name)}: numeric }.`,
    };
  const asIs = `keep it as a feature with data.types: { ${quote(name)}: ${kind} }`;
  const isTooLong = kind === 'categorical' && distinct > maxLevels;
  const disguise = kind === 'categorical' && (idLike || isTooLong) ? disguiseOf(column.levels) : undefined;
  if (disguise !== undefined)
    return {
      code: 'DATA_COLUMN',
      message: `The column holds ${disguise.what}: ${distinct} different texts.`,
      at,
      fix: `${disguise.fix} Or add ${name} to data.drop.`,
    };
  if (idLike)
    return {
      code: 'DATA_COLUMN',
      message: `${distinct} of ${present} values are different: it names rows rather than describing them.`,
      at,
      fix: `Add ${name} to data.drop (or name it as data.key), or ${asIs}.`,
    };
  if (!isTooLong) return undefined;
  return {
    code: 'DATA_COLUMN',
    message: `${distinct} different texts are free text rather than categories (more than ${maxLevels}).`,
    at,
    fix: `Add ${name} to data.drop, or ${asIs}.`,
  };
}

/** Numbers in disguise would be as many classes as there are numbers. */
function disguisedTarget(column: Column, file: string): Fault[] {
  if (column.kind !== 'categorical' || column.levels.length <= maxNumericClasses) return [];
  const disguise = disguiseOf(column.levels);
  if (disguise === undefined) return [];
  return [
    {
      code: 'DATA_TARGET',
      message: `The target holds ${disguise.what}: ${column.levels.length} different texts.`,
      at: { file, name: column.name },
      fix: disguise.fix,
    },
  ];
}

/** Column names that YAML would read as something else get quotes. */
function quote(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

function noFeatureFault(file: string): Fault {
  return {
    code: 'DATA_COLUMN',
    message: 'No column is left to learn from.',
    at: { file },
    fix: 'Give the data a column that varies, or drop fewer.',
  };
}
