import { CsvScanner } from '../../data/csv/scanner.ts';
import { codeOf, findRawColumn, type RawColumn, type RawTable } from '../../data/raw-table.ts';
import { formatPlace, UserError } from '../../errors/user-error.ts';
import type { Pipeline } from '../../model/pipeline.ts';

/** Name of the column that a program writes for regression. */
export const predictionColumn = 'prediction';

/** How far the probabilities of a row may be from 1 in sum. */
const sumTolerance = 1e-6;

/**
 * Predictions that a program wrote: one column for each class with its probability, or one column `prediction`; one
 * line for each row that it was asked about, in the same order. Returns rows × outputs.
 * @throws UserError COMMAND_OUTPUT with row and column
 */
export function readProgramPredictions(
  bytes: Uint8Array,
  file: string,
  rows: number,
  { task, classes }: Pick<Pipeline, 'task' | 'classes'>,
): Float64Array {
  const names = task === 'regression' ? [predictionColumn] : classes;
  const table = parse(bytes, file);
  const columns = names.map((name) => findRawColumn(table, name));
  const absent = names.filter((_, i) => columns[i] === undefined);
  if (absent.length > 0)
    throw refusal(
      `${file} has no column ${absent.join(', ')}; it has ${table.columns.map(({ name }) => name).join(', ')}`,
      task === 'regression'
        ? `Write one column named ${predictionColumn}.`
        : 'Write one column for each class, named as in `classes` of params.json, with its probability.',
    );
  if (table.rows !== rows)
    throw refusal(
      `${file} has ${table.rows} rows, ${rows} were asked for`,
      'Write one line for each row, in the same order.',
    );
  const values = new Float64Array(rows * names.length);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const [k, column] of columns.entries()) {
      const value = numberAt(column!, row);
      const fault = valueFault(value, task);
      if (fault !== null)
        throw refusal(
          `${formatPlace({ file, row: row + 1, name: names[k] })}: ${textAt(column!, row)} is ${fault}`,
          'Mend the program; nothing is guessed in place of a prediction.',
        );
      values[row * names.length + k] = value;
      sum += value;
    }
    if (task !== 'regression' && Math.abs(sum - 1) > sumTolerance)
      throw refusal(
        `${formatPlace({ file, row: row + 1 })}: the probabilities have the sum ${sum}, not 1`,
        'Write a probability for each class; write numbers with all their digits.',
      );
  }
  return values;
}

function valueFault(value: number, task: Pipeline['task']): string | null {
  if (!Number.isFinite(value)) return 'not a finite number';
  if (task !== 'regression' && (value < 0 || value > 1)) return 'no probability between 0 and 1';
  return null;
}

function parse(bytes: Uint8Array, file: string): RawTable {
  const scanner = new CsvScanner({ file, delimiter: ',' });
  try {
    scanner.push(bytes);
    return scanner.end();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw refusal(`${file} can not be read: ${error.message.replace(/\.$/, '')}`, error.fix);
  }
}

function numberAt(column: RawColumn, row: number): number {
  const code = codeOf(column, row);
  if (code < 0) return column.values![row]!;
  const text = column.texts.text(code).trim();
  return text === '' ? NaN : Number(text);
}

function textAt(column: RawColumn, row: number): string {
  const code = codeOf(column, row);
  if (code < 0) return String(column.values![row]);
  return JSON.stringify(column.texts.text(code));
}

function refusal(message: string, fix: string): UserError {
  return new UserError({ code: 'COMMAND_OUTPUT', message, fix });
}
