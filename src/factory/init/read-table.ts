import { parseDate } from '../../data/dates.ts';
import { disguiseOf } from '../../data/disguise.ts';
import { readCsv, type ReadOptions, type ReadTable } from '../../data/read-csv.ts';
import type { Table } from '../../data/table.ts';
import { UserError } from '../../errors/user-error.ts';
import { streamFile } from '../../platform/files.ts';
import { requireData } from '../source-files.ts';

/** How a file must be read beyond the defaults; keys as under `data` in the configuration. */
export interface Format {
  readonly encoding?: 'windows-1252' | 'utf-16';
  readonly decimal?: ',';
  readonly dates?: 'day-first' | 'month-first';
}

export interface FoundTable {
  readonly read: ReadTable;
  readonly format: Format;
}

/**
 * Reads a CSV file of which nothing is known. What the defaults can't read is tried as the errors and notices of
 * reading would advise: another encoding, decimal commas, the order of day and month.
 * @throws UserError as `readCsv` does, and for pointers to data that isn't there
 */
export async function readUnknownTable(path: string, shown: string): Promise<FoundTable> {
  await requireData(path, shown, 'Check the path.');
  const read = (format: ReadOptions): Promise<ReadTable> =>
    readCsv(streamFile(path), { ...format, file: shown });
  const { first, encoding } = await readAnyEncoding(read, shown);
  const format: Format = { ...encoding, ...hiddenNumbers(first.table), ...hiddenDates(first.table) };
  const again = format.decimal !== undefined || format.dates !== undefined;
  return { read: again ? await read({ ...format, file: shown }) : first, format };
}

async function readAnyEncoding(
  read: (format: ReadOptions) => Promise<ReadTable>,
  file: string,
): Promise<{ first: ReadTable; encoding: Pick<Format, 'encoding'> }> {
  try {
    return { first: await read({ file }), encoding: {} };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'DATA_ENCODING') throw error;
    const encoding = error.message.includes('UTF-16') ? 'utf-16' : 'windows-1252';
    return { first: await read({ file, encoding }), encoding: { encoding } };
  }
}

function hiddenNumbers({ columns }: Table): Pick<Format, 'decimal'> {
  const commas = columns.some(
    (column) => column.kind === 'categorical' && disguiseOf(column.levels)?.kind === 'decimal-comma',
  );
  return commas ? { decimal: ',' } : {};
}

/** Only where one order of day and month fits every date of every such column. */
function hiddenDates({ columns }: Table): Pick<Format, 'dates'> {
  const texts = columns.flatMap((column) =>
    column.kind === 'categorical' && disguiseOf(column.levels)?.kind === 'dates' ? column.levels : [],
  );
  const orders = (['day-first', 'month-first'] as const).filter(
    (order) => texts.length > 0 && texts.every((text) => !Number.isNaN(parseDate(text.trim(), order))),
  );
  const [dates] = orders;
  return orders.length === 1 && dates !== undefined ? { dates } : {};
}
