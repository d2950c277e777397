import { checkData, type CheckedData, type CheckOptions } from '../../data/check.ts';
import { columnFacts, type ColumnFacts } from '../../data/column-facts.ts';
import { findKeys } from '../../data/keys.ts';
import type { ReadTable } from '../../data/read-csv.ts';
import type { ColumnKind, Table } from '../../data/table.ts';
import { UserError } from '../../errors/user-error.ts';
import { isIdName, isWeightName } from './names.ts';

/** A column and why it gets a role. */
export interface Reason {
  readonly name: string;
  readonly why: string;
}

export interface NamedFacts extends ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Columns that may split the rows, each list with the likeliest first. */
export interface Roles {
  readonly keys: readonly Reason[];
  /** `ordered`: the rows stand in the order of this date. */
  readonly times: readonly (Reason & { readonly ordered: boolean })[];
  readonly groups: readonly Reason[];
  /** Named like the weights of a survey or a sample. */
  readonly weights: readonly Reason[];
}

/** Texts or whole numbers that are different in nearly each row. */
export function namesRows({ kind, present, distinct, wholeNumbers }: NamedFacts): boolean {
  return present > 20 && distinct > 0.95 * present && (kind === 'categorical' || wholeNumbers);
}

/** Fewer groups can't be judged; with fewer rows in each there is nothing to keep together. */
const fewestGroups = 100;
const fewestRowsInGroup = 1.5;

/** What could be key, time and group beside a target. */
export function findRoles(read: ReadTable, target: string): Roles {
  const { table } = read;
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const others = table.columns.filter(({ name }) => name !== target);
  const facts = others.map((column) => ({
    name: column.name,
    kind: column.kind,
    ...columnFacts(column, rows),
  }));
  const keys = findKeys(read, target)
    .flatMap(([name = '', second]) => (second === undefined && isIdName(name) ? [name] : []))
    .map((name) => ({ name, why: 'different in each row: tells rows apart, is never a feature' }));
  const times = others
    .filter((column) => column.kind === 'date' && !column.values.some(Number.isNaN))
    .map((column) => ({
      name: column.name,
      ordered: column.kind === 'date' && isAscending(column.values),
    }))
    .map(({ name, ordered }) => ({
      ...{ name, ordered },
      why: ordered ? 'rows are in the order of this date' : 'a date',
    }));
  const groups = facts
    .filter(({ name, kind, wholeNumbers }) => isIdName(name) && (kind === 'categorical' || wholeNumbers))
    .filter(({ distinct, present }) => distinct >= fewestGroups && present >= fewestRowsInGroup * distinct)
    .map(({ name, distinct, present }) => ({
      name,
      why: `${distinct} ids in ${present} rows: rows of one stay on one side of each split`,
    }));
  const weights = facts
    .filter(({ name, kind }) => kind === 'numeric' && isWeightName(name))
    .map(({ name }) => ({ name, why: 'named like a weight: set it if it says what a row counts for' }));
  return { keys, times: times.sort((a, b) => Number(b.ordered) - Number(a.ordered)), groups, weights };
}

function isAscending(values: Float64Array): boolean {
  return values.every((value, row) => row === 0 || value >= values[row - 1]!);
}

/** The check that every run begins with, after columns that it refuses as features were dropped. */
export interface Usable {
  readonly checked: CheckedData;
  readonly dropped: readonly Reason[];
}

/**
 * Drops what can't be a feature: ids and free text, as the check of the data names them.
 * @throws UserError as `checkData` does for everything else
 */
export function dropUnusable(table: Table, options: CheckOptions): Usable {
  try {
    return { checked: checkData(table, options), dropped: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { target, key, time, group } = options;
    const features = new Set(table.columns.map(({ name }) => name));
    for (const role of [target, key, time, group]) if (role !== undefined) features.delete(role);
    const dropped = [error, ...error.more].flatMap(({ code, at, message }) =>
      code === 'DATA_COLUMN' && at.name !== undefined && features.has(at.name)
        ? [{ name: at.name, why: message }]
        : [],
    );
    if (dropped.length !== 1 + error.more.length) throw error;
    const drop = [...(options.drop ?? []), ...dropped.map(({ name }) => name)];
    return { checked: checkData(table, { ...options, drop }), dropped };
  }
}

const yes =
  /^(yes|y|ja|j|oui|sim?|s[ií]|tak|true|t|1|positive|pos|churn(ed)?|fraud(ulent)?|default(ed)?|spam|malignant|fail(ed|ure)?)$/i;

/** The class that counts as "yes": one that says so, else the last in code-point order, as everywhere. */
export function likelyPositive(classes: readonly string[]): string {
  const affirmative = classes.filter((label) => yes.test(label.trim()));
  return affirmative.length === 1 ? affirmative[0]! : (classes.at(-1) ?? '');
}
