import { mean, quantileSorted } from 'simple-statistics';
import type { Notice } from '../contracts/plan.ts';
import type { Task } from '../contracts/task.ts';
import { UserError } from '../errors/user-error.ts';
import type { CheckOptions } from './check.ts';
import { checkData } from './check.ts';
import { columnFacts } from './column-facts.ts';
import { countDistinct, identitiesOf } from './identity.ts';
import { findKeys } from './keys.ts';
import type { ReadTable } from './read-csv.ts';
import type { Column, ColumnKind } from './table.ts';

/** Frequent values that a profile shows of a column. */
const topLevels = 4;

export interface NumberSummary {
  readonly min: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly mean: number;
  readonly upperQuartile: number;
  readonly max: number;
}

export interface LevelShare {
  readonly level: string;
  /** Of all rows. */
  readonly share: number;
}

export type ColumnSummary =
  | { readonly kind: 'empty' }
  | ({ readonly kind: 'numbers' | 'dates' } & NumberSummary)
  | { readonly kind: 'levels'; readonly top: readonly LevelShare[] };

export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnKind;
  readonly missingShare: number;
  readonly distinct: number;
  readonly summary: ColumnSummary;
}

/** What a table is like, and what the factory would do with it. */
export interface TableProfile {
  readonly file: string;
  readonly rows: number;
  /** Rows that repeat an earlier one in every cell. */
  readonly duplicateRows: number;
  readonly columns: readonly ColumnProfile[];
  /** Columns, or else pairs, that identify each row. */
  readonly keys: readonly (readonly string[])[];
  readonly task: { readonly name: Task; readonly reason: string } | null;
  readonly notices: readonly Notice[];
  /** What stands in the way of training, all of it. */
  readonly problem: UserError | null;
}

/**
 * Summarises a table. With `check` (which names the target) it also says the task, what is suspicious and what would be
 * an error, without throwing it.
 */
export function profileTable(
  { table, raw }: ReadTable,
  { file, check }: { readonly file: string; readonly check?: CheckOptions | undefined },
): TableProfile {
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const names = table.columns.map(({ name }) => name);
  const different = countDistinct(identitiesOf(raw, rows, names, ''));
  return {
    file,
    rows: table.rows,
    duplicateRows: table.rows - different,
    columns: table.columns.map((column) => profileColumn(column, rows)),
    keys: different < table.rows ? [] : findKeys({ table, raw }, check?.target),
    ...outcomeOf(() => (check === undefined ? undefined : checkData(table, check))),
  };
}

function outcomeOf(run: () => ReturnType<typeof checkData> | undefined) {
  try {
    const checked = run();
    const task = checked === undefined ? null : { name: checked.task, reason: checked.taskReason };
    return { task, notices: checked?.notices ?? [], problem: null };
  } catch (error) {
    if (error instanceof UserError) return { task: null, notices: [], problem: error };
    throw error;
  }
}

function profileColumn(column: Column, rows: Int32Array): ColumnProfile {
  const { missing, distinct, present } = columnFacts(column, rows);
  return {
    name: column.name,
    type: column.kind,
    missingShare: missing / rows.length,
    distinct,
    summary: present === 0 ? { kind: 'empty' } : summaryOf(column, rows.length),
  };
}

function summaryOf(column: Column, rows: number): ColumnSummary {
  if (column.kind === 'categorical') return { kind: 'levels', top: commonest(column.codes, column.levels) };
  if (column.kind === 'boolean') {
    const codes = Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : value));
    return { kind: 'levels', top: commonest(codes, ['false', 'true']) };
  }
  const present = new Float64Array(rows);
  let count = 0;
  for (const value of column.values) if (!Number.isNaN(value)) present[count++] = value;
  const sorted = Array.from(present.subarray(0, count).sort());
  return {
    kind: column.kind === 'date' ? 'dates' : 'numbers',
    min: sorted[0]!,
    lowerQuartile: quantileSorted(sorted, 0.25),
    median: quantileSorted(sorted, 0.5),
    mean: mean(sorted),
    upperQuartile: quantileSorted(sorted, 0.75),
    max: sorted[count - 1]!,
  };
}

function commonest(codes: Int32Array, levels: readonly string[]): LevelShare[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return [...levels.keys()]
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .filter((code) => counts[code]! > 0)
    .slice(0, topLevels)
    .map((code) => ({ level: levels[code]!, share: counts[code]! / codes.length }));
}
