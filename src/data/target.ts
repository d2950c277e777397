import type { Task } from '../contracts/task.ts';
import type { Notice } from '../contracts/plan.ts';
import type { Fault } from '../errors/user-error.ts';
import { UserError } from '../errors/user-error.ts';
import { compareCodePoints } from './cells.ts';
import type { ColumnFacts } from './column-facts.ts';
import { columnFacts } from './column-facts.ts';
import type { Origin } from './parts.ts';
import type { Column } from './table.ts';

/** A numeric target with more distinct values than this is a quantity, not a class. */
export const maxNumericClasses = 20;

/** More classes than this are names, not classes. */
const maxClasses = 1000;

/** Below this many rows a class is too rare to be learnt or judged. */
const rareClassRows = 20;

export interface TargetOptions extends Origin {
  readonly task?: Task | undefined;
  /** The class that counts as "yes"; the last in code-point order when it isn't given. */
  readonly positive?: string | undefined;
}

export interface Target {
  readonly task: Task;
  /** One clause: why it is this task. */
  readonly taskReason: string;
  /** Sorted by code point, binary: [negative, positive]; empty for regression. */
  readonly classes: readonly string[];
  /** Rows per class; empty for regression. */
  readonly classRows: readonly number[];
  /** Rows of the table whose target is known, ascending. */
  readonly rows: Int32Array;
  /** Class index or number for each of `rows`. */
  readonly y: Float64Array;
  readonly notices: readonly Notice[];
}

/**
 * What there is to learn: numbers that aren't whole or have more than 20 different values make a regression, everything
 * else classes. Rows without a target are left out and counted.
 * @throws UserError DATA_TARGET when it can't be learnt, or isn't what `task` or `positive` say
 */
export function readTarget(column: Column, options: TargetOptions): Target {
  const all = allRows(column);
  const rows = all.filter((row) => isPresent(column, row));
  const facts = columnFacts(column, rows);
  const { task, reason } = taskOf(column, facts, options);
  const notices = missingNotice(column.name, all.length - rows.length);
  if (task === 'regression') {
    const y = column.kind === 'numeric' ? quantities(column, rows, options.file) : new Float64Array(0);
    return { task, taskReason: reason, classes: [], classRows: [], rows, y, notices };
  }
  const labels = labelsOf(column, rows);
  const classes = orderedClasses(column.name, [...new Set(labels)], task, options);
  const indexOf = new Map(classes.map((label, index) => [label, index]));
  const y = Float64Array.from(labels, (label) => indexOf.get(label)!);
  const classRows = classes.map(() => 0);
  for (const index of y) classRows[index]!++;
  return {
    task,
    taskReason: reason,
    classes,
    classRows,
    rows,
    y,
    notices: [...notices, ...rareNotices(column, classes, classRows)],
  };
}

/**
 * The same target in another file, read with the classes of the first.
 * @param source name of the first file
 * @throws UserError DATA_TARGET for a class that the first file lacks, or where no row has a target
 */
export function readTargetLike(
  column: Column,
  { task, classes }: Pick<Target, 'task' | 'classes'>,
  file: string,
  source: string,
): Pick<Target, 'rows' | 'y' | 'notices'> {
  const { name } = column;
  const all = allRows(column);
  const rows = all.filter((row) => isPresent(column, row));
  if (rows.length === 0)
    throw new UserError(
      targetFault('The target has no value in any row.', `Add the answers to ${file}.`, name, file),
    );
  const notices = missingNotice(name, all.length - rows.length, ` of ${file}`);
  if (task === 'regression' && column.kind !== 'categorical')
    return { rows, y: quantities(column, rows, file), notices };
  const indexOf = new Map(classes.map((label, index) => [label, index]));
  const y = Float64Array.from(labelsOf(column, rows), (label, i) => {
    const index = indexOf.get(label);
    if (index !== undefined) return index;
    throw new UserError({
      code: 'DATA_TARGET',
      message: `The class "${label}" stands in no row of ${source}: no model can learn it.`,
      at: { file, name, row: rows[i]! + 1 },
      fix: `Add rows of it to ${source}, or remove its rows from ${file}.`,
    });
  });
  return { rows, y, notices };
}

/** Models answer in 32-bit floating point, and losses square what is left: more than this can't be learnt. */
const largestTarget = 1e30;

/** @throws UserError DATA_TARGET */
function quantities(
  { name, values }: Exclude<Column, { kind: 'categorical' }>,
  rows: Int32Array,
  file: string | undefined,
) {
  return Float64Array.from(rows, (row) => {
    const value = values[row]!;
    if (Math.abs(value) <= largestTarget) return value;
    throw new UserError({
      code: 'DATA_TARGET',
      message: `The target is ${value} in this row; at most ${largestTarget} can be learnt.`,
      at: { file, name, row: row + 1 },
      fix: 'Correct the cell, or rescale the column.',
    });
  });
}

function allRows(column: Column): Int32Array {
  const length = column.kind === 'categorical' ? column.codes.length : column.values.length;
  return Int32Array.from({ length }, (_, row) => row);
}

/** The text of each row's label: a category as it is, a number in its shortest form, true or false. */
function labelsOf(column: Column, rows: Int32Array): string[] {
  if (column.kind === 'categorical') return Array.from(rows, (row) => column.levels[column.codes[row]!]!);
  if (column.kind === 'boolean')
    return Array.from(rows, (row) => (column.values[row] === 1 ? 'true' : 'false'));
  return Array.from(rows, (row) => String(column.values[row]!));
}

function isPresent(column: Column, row: number): boolean {
  return column.kind === 'categorical' ? column.codes[row]! >= 0 : !Number.isNaN(column.values[row]!);
}

function taskOf(
  column: Column,
  facts: ColumnFacts,
  { file, task }: TargetOptions,
): { task: Task; reason: string } {
  const { name, kind } = column;
  const { distinct, present, wholeNumbers } = facts;
  const fail = (message: string, fix: string): never => {
    throw new UserError(targetFault(message, fix, name, file));
  };
  if (present === 0) fail('The target has no value in any row.', 'Name another column in data.target.');
  if (distinct === 1)
    fail(
      'The target has the same value in every row.',
      'Name another column in data.target, or add rows of another class.',
    );
  if (kind === 'date') fail('The target is a date.', 'Turn it into a number, such as days until the event.');
  if (task === 'regression' && kind !== 'numeric')
    fail(
      `A regression needs numbers, the target is ${kind}.`,
      'Use task: binary or multiclass, or another target.',
    );
  const quantity = kind === 'numeric' && (!wholeNumbers || distinct > maxNumericClasses);
  if (task === undefined && quantity)
    return {
      task: 'regression',
      reason: wholeNumbers
        ? `${name} has ${distinct} different whole numbers (more than ${maxNumericClasses})`
        : `${name} holds numbers that are not whole`,
    };
  if (task === 'regression') return { task, reason: 'task: regression' };
  if (distinct > maxClasses)
    fail(
      `The target has ${distinct} different values: names rather than classes.`,
      'Name another column in data.target.',
    );
  if (task === 'binary' && distinct !== 2)
    fail(
      `A binary task needs 2 classes, the target has ${distinct}.`,
      'Use task: multiclass, or another target.',
    );
  if (task === 'multiclass' && distinct === 2)
    fail('The target has 2 classes, which is a binary task.', 'Use task: binary, or leave it out.');
  if (task !== undefined) return { task, reason: `task: ${task}` };
  const what = kind === 'numeric' ? `${distinct} different whole numbers` : `${distinct} classes`;
  return { task: distinct === 2 ? 'binary' : 'multiclass', reason: `${name} has ${what}` };
}

function orderedClasses(
  name: string,
  found: string[],
  task: Task,
  { file, positive }: TargetOptions,
): string[] {
  const classes = found.sort(compareCodePoints);
  if (task !== 'binary' || positive === undefined) return classes;
  if (!classes.includes(positive))
    throw new UserError(
      targetFault(
        `data.positive is "${positive}", which the target never is.`,
        `Use one of: ${classes.map((label) => `"${label}"`).join(', ')}.`,
        name,
        file,
      ),
    );
  return [...classes.filter((label) => label !== positive), positive];
}

function targetFault(message: string, fix: string, name: string, file: string): Fault {
  return { code: 'DATA_TARGET', message, at: { file, name }, fix };
}

function missingNotice(column: string, count: number, of = ''): Notice[] {
  if (count === 0) return [];
  const rows = count === 1 ? `1 row${of} has no target and is` : `${count} rows${of} have no target and are`;
  return [{ code: 'TARGET_MISSING', column, message: `${rows} left out.`, fix: null }];
}

function rareNotices(
  { name, kind }: Column,
  classes: readonly string[],
  counts: readonly number[],
): Notice[] {
  const asNumber =
    kind === 'numeric' && classes.length > 2 ? ', or set task: regression if it is a quantity' : '';
  return classes.flatMap((label, index): Notice[] => {
    const count = counts[index]!;
    if (count >= rareClassRows) return [];
    const rows = count === 1 ? '1 row' : `${count} rows`;
    return [
      {
        code: 'RARE_CLASS',
        column: name,
        message: `The class "${label}" has ${rows}: too few to learn or to judge it.`,
        fix: `Collect more rows of it, join it with another class, or leave its rows out${asNumber}.`,
      },
    ];
  });
}
