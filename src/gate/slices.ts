import { UserError } from '../errors/user-error.ts';
import { findColumn, type Column, type Table } from '../data/table.ts';

/** Rows that share a property: "job=admin.", "age<30". */
export interface Slice {
  readonly name: string;
  readonly rows: Int32Array;
}

type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/**
 * The slices that a policy names: a column of text or yes/no gives one slice for each of its values, a condition such
 * as `age<30` or `job!=student` one. Rows are positions in `table`; missing values are in no slice.
 * @throws UserError DATA_COLUMN, CONFIG_INVALID
 */
export function slicesOf(table: Table, specifications: readonly string[]): Slice[] {
  return specifications.flatMap((specification) => {
    const condition = parseCondition(specification, table);
    if (condition) return [{ name: specification, rows: rowsWhere(table.rows, condition) }];
    return valuesOf(columnNamed(table, specification, specification), table.rows);
  });
}

/** The same for none of the rows: a mistake is told before hours of training, not after. */
export function requireSlices(table: Table, specifications: readonly string[] = []): void {
  slicesOf({ ...table, rows: 0 }, specifications);
}

function valuesOf(column: Column, rows: number): Slice[] {
  if (column.kind === 'categorical')
    return column.levels
      .map((level, code) => ({
        name: `${column.name}=${level}`,
        rows: rowsWhere(rows, (row) => column.codes[row] === code),
      }))
      .filter((slice) => slice.rows.length > 0);
  if (column.kind === 'boolean')
    return [0, 1].map((value) => ({
      name: `${column.name}=${value === 1}`,
      rows: rowsWhere(rows, (row) => column.values[row] === value),
    }));
  throw new UserError({
    code: 'CONFIG_INVALID',
    message: `gate.block.slices: "${column.name}" is a column of numbers, which has no natural slices`,
    at: { name: column.name },
    fix: `Write a condition, such as "${column.name}<30".`,
  });
}

/** A name that is a column wins over a condition, so that a column may be called "a<b". */
function parseCondition(specification: string, table: Table): ((row: number) => boolean) | null {
  if (findColumn(table, specification)) return null;
  const parts = /^(.+?)\s*(<=|>=|!=|==|<|>|=)\s*(.+)$/.exec(specification);
  if (!parts) return null;
  const [, name = '', sign = '', text = ''] = parts;
  const operator = (sign === '==' ? '=' : sign) as Operator;
  const column = columnNamed(table, name.trim(), specification);
  return column.kind === 'categorical'
    ? ofText(column, operator, text, specification)
    : ofNumber(column.values, operator, text, specification);
}

function ofText(
  column: Extract<Column, { kind: 'categorical' }>,
  operator: Operator,
  text: string,
  specification: string,
): (row: number) => boolean {
  if (operator !== '=' && operator !== '!=')
    throw invalid(specification, 'text can only be compared with = and !=');
  const wanted = column.levels.indexOf(text);
  return (row) => {
    const code = column.codes[row]!;
    return code >= 0 && (code === wanted) === (operator === '=');
  };
}

function ofNumber(values: Float64Array, operator: Operator, text: string, specification: string) {
  const wanted = text === 'true' ? 1 : text === 'false' ? 0 : Number(text);
  if (!Number.isFinite(wanted)) throw invalid(specification, `"${text}" is not a number`);
  const holds: Record<Operator, (value: number) => boolean> = {
    '<': (value) => value < wanted,
    '<=': (value) => value <= wanted,
    '>': (value) => value > wanted,
    '>=': (value) => value >= wanted,
    '=': (value) => value === wanted,
    '!=': (value) => value !== wanted,
  };
  const test = holds[operator];
  return (row: number) => !Number.isNaN(values[row]!) && test(values[row]!);
}

function columnNamed(table: Table, name: string, specification: string): Column {
  const column = findColumn(table, name);
  if (column) return column;
  throw new UserError({
    code: 'DATA_COLUMN',
    message: `gate.block.slices: "${specification}" names no column of the data`,
    at: { name },
    fix: 'Name a column, or write a condition on one, such as "age<30".',
  });
}

function invalid(specification: string, why: string): UserError {
  return new UserError({
    code: 'CONFIG_INVALID',
    message: `gate.block.slices: "${specification}": ${why}`,
    fix: 'Write a condition such as "age<30" or "job=student".',
  });
}

function rowsWhere(rows: number, holds: (row: number) => boolean): Int32Array {
  const chosen: number[] = [];
  for (let row = 0; row < rows; row++) if (holds(row)) chosen.push(row);
  return Int32Array.from(chosen);
}
