import { parseDate } from '../../data/dates.ts';
import { disguiseOf } from '../../data/disguise.ts';
import type { ReadOptions, ReadTable } from '../../data/read-csv.ts';
import type { Table } from '../../data/table.ts';
import type { TypeOptions } from '../../data/types.ts';
import { UserError } from '../../errors/user-error.ts';
import { readTableFile } from '../source/read.ts';
import { requireData } from '../source/files.ts';
import type { Reason } from './roles.ts';

/** How a file must be read beyond the defaults; keys as under `data` in the configuration. */
export interface Format {
  readonly encoding?: 'windows-1252' | 'utf-16';
  readonly decimal?: ',';
  readonly dates?: 'day-first' | 'month-first';
}

export interface FoundTable {
  readonly read: ReadTable;
  readonly format: Format;
  /** Columns that the format can't read as what they hold: they must be left out. */
  readonly unreadable: readonly Reason[];
}

/** What is known of a file: it is not looked for. */
export type KnownFormat = Omit<ReadOptions & TypeOptions, 'file'>;

/**
 * Reads a file of which little is known. What the defaults can't read is tried as the errors and notices of
 * reading would advise: another encoding, decimal commas, the order of day and month.
 * @throws UserError as `readTableFile` does, and for pointers to data that isn't there
 */
export async function readUnknownTable(
  path: string,
  shown: string,
  known: KnownFormat = {},
): Promise<FoundTable> {
  await requireData(path, shown, 'Check the path.');
  const unreadable: Reason[] = [];
  const readOnce = (format: KnownFormat): Promise<ReadTable> =>
    readTableFile(
      { path, shown },
      {
        ...format,
        ...given(known),
        drop: [...(known.drop ?? []), ...unreadable.map(({ name }) => name)],
      },
    );
  const read = (format: KnownFormat): Promise<ReadTable> =>
    readOnce(format).catch((error: unknown) => {
      unreadable.push(...separated(error));
      return readOnce(format);
    });
  const { first, encoding } = await readAnyEncoding(read, known.encoding === undefined);
  const format: Format = {
    ...encoding,
    ...(known.decimal === undefined && hiddenNumbers(first.table)),
    ...(known.dates === undefined && hiddenDates(first.table)),
  };
  const again = format.decimal !== undefined || format.dates !== undefined;
  return { read: again ? await read(format) : first, format, unreadable };
}

function given(known: KnownFormat): KnownFormat {
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Columns whose numbers the decimal comma can't be read in; throws any other error again. */
function separated(error: unknown): Reason[] {
  if (!(error instanceof UserError)) throw error;
  return [error, ...error.more].map(({ code, message, at }) => {
    if (code !== 'DATA_COLUMN' || at.name === undefined) throw error;
    return { name: at.name, why: message };
  });
}

async function readAnyEncoding(
  read: (format: KnownFormat) => Promise<ReadTable>,
  mayGuess: boolean,
): Promise<{ first: ReadTable; encoding: Pick<Format, 'encoding'> }> {
  try {
    return { first: await read({}), encoding: {} };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'DATA_ENCODING' || !mayGuess) throw error;
    const encoding = error.message.includes('UTF-16') ? 'utf-16' : 'windows-1252';
    return { first: await read({ encoding }), encoding: { encoding } };
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
