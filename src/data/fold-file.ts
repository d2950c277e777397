import { UserError, type Place } from '../errors/user-error.ts';
import { findRawColumn, textOf } from './raw-table.ts';
import { readRawCsv } from './read-csv.ts';

/**
 * Reads a fold file: a CSV with a column `fold` of whole numbers, row by row with the data.
 * @returns the fold of each data row
 * @throws UserError FOLD_FILE with the row
 */
export async function readFoldFile(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  dataRows: number,
): Promise<Int32Array> {
  const fail = (message: string, fix: string, at: Place = { file }): UserError =>
    new UserError({ code: 'FOLD_FILE', message, at, fix });
  const raw = await readRawCsv(chunks, { file });
  const column = findRawColumn(raw, 'fold');
  if (!column) throw fail('the file has no column "fold"', 'Name its column `fold` in the first line.');
  if (raw.rows !== dataRows)
    throw fail(
      `the file has ${raw.rows} rows, the data has ${dataRows}`,
      'Write one fold for each data row.',
    );
  return Int32Array.from({ length: dataRows }, (_, row) => {
    const text = textOf(column, row);
    if (/^\d{1,3}(\.0+)?$/.test(text)) return Number(text);
    throw fail(`"${text.slice(0, 40)}" is not a fold`, 'Use whole numbers from 0 to 999.', {
      file,
      row: row + 1,
      name: 'fold',
    });
  });
}
