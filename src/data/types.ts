import type { Fault } from '../errors/user-error.ts';
import { throwFaults } from '../errors/user-error.ts';
import { nearest } from '../config/nearest.ts';
import {
  compareCodePoints,
  isDigitName,
  parseBoolean,
  parseCommaNumber,
  parseDateCell,
  parseNumber,
  parseYesNo,
} from './cells.ts';
import type { DecimalSign } from './csv/scanner.ts';
import type { DateOrder } from './dates.ts';
import { placeOfRow, type Origin } from './parts.ts';
import type { RawColumn, RawTable } from './raw-table.ts';
import { codeOf, textOf } from './raw-table.ts';
import { sharedFloat64, sharedInt32 } from './shared.ts';
import type { Column, ColumnKind, Table } from './table.ts';

/** Texts that mean "no value" when the configuration names none; compared without blanks around them. */
export const defaultMissing: readonly string[] = [
  ...['', 'NA', 'N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', 'None', '?'],
];

export interface TypeOptions extends Origin {
  /** Replaces `defaultMissing`. */
  readonly missing?: readonly string[] | undefined;
  /** Column name -> kind that the user says it has. */
  readonly types?: Readonly<Record<string, ColumnKind>> | undefined;
  /** The decimal sign of numbers; a point when it isn't given. */
  readonly decimal?: DecimalSign | undefined;
  /** How dates such as 3/4/2024 are read; without it they are texts. */
  readonly dates?: DateOrder | undefined;
  /** Columns that nothing is made of: their numbers may be written in any way. */
  readonly drop?: readonly string[] | undefined;
  /** File that `types` were read from, where it wasn't the user who gave them. */
  readonly typesOf?: string | undefined;
}

/**
 * Gives each column its kind: numeric when every cell that isn't missing is a finite number (and none is a name made
 * of digits, such as 007), boolean for true and false, date for dates, else categorical; `types` overrules.
 * @throws UserError DATA_COLUMN for an unknown name in `types` or a cell that doesn't fit its kind
 */
export function typeTable(raw: RawTable, options: TypeOptions): Table {
  const { file, missing = defaultMissing, types = {}, drop = [] } = options;
  const parsers = parsersOf(options);
  const markers = new Set(missing.map((marker) => marker.trim()));
  const overrides = new Map(Object.entries(types));
  const faults = unknownNames(raw, [...overrides.keys()], file);
  const columns = raw.columns.map((column): Column => {
    const cells = readCells(column, markers);
    const wanted = overrides.get(column.name);
    const kind = wanted ?? inferKind(cells, parsers);
    if (options.decimal === ',' && wanted === undefined && !drop.includes(column.name))
      faults.push(...separatorFaults(column, cells, options));
    if (kind === 'categorical') return categoricalColumn(column, cells);
    const parse = parsers[wanted === 'boolean' ? 'yesNo' : kind];
    const values = valuesOf(column, cells, parse, kind === 'numeric');
    const misfit = wanted === undefined ? -1 : firstMisfit(column, cells, values);
    if (misfit >= 0) faults.push(misfitFault(column, misfit, kind, options));
    return { kind, name: column.name, values };
  });
  throwFaults(faults.slice(0, 10));
  return { rows: raw.rows, columns };
}

type Parse = (text: string) => number;

function parsersOf({ decimal, dates }: TypeOptions) {
  const numeric: Parse = decimal === ',' ? parseCommaNumber : parseNumber;
  const date: Parse = (text) => parseDateCell(text, dates);
  return { numeric, boolean: parseBoolean, yesNo: parseYesNo, date };
}

/** The distinct texts of a column and which of them mean "no value". Number cells stand beside them. */
interface Cells {
  readonly texts: readonly string[];
  readonly isMissing: Uint8Array;
  readonly hasNumbers: boolean;
  /** Numbers that are missing markers, such as 999 or -1; null when there are none. */
  readonly missingNumbers: ReadonlySet<number> | null;
}

function readCells(column: RawColumn, markers: ReadonlySet<string>): Cells {
  const texts = column.texts.all();
  const numbers = [...markers].map(parseNumber).filter((value) => !Number.isNaN(value));
  return {
    texts,
    isMissing: Uint8Array.from(texts, (text) => (markers.has(text.trim()) ? 1 : 0)),
    hasNumbers: column.values !== undefined,
    missingNumbers: numbers.length > 0 ? new Set(numbers) : null,
  };
}

function inferKind(
  { texts, isMissing, hasNumbers }: Cells,
  { numeric, boolean, date }: ReturnType<typeof parsersOf>,
): ColumnKind {
  const present = texts.filter((_, code) => isMissing[code] === 0);
  const all = (parse: Parse) => present.every((text) => !Number.isNaN(parse(text)));
  if (present.length === 0 || (all(numeric) && !present.some(isDigitName))) return 'numeric';
  if (hasNumbers) return 'categorical';
  if (all(boolean)) return 'boolean';
  return all(date) ? 'date' : 'categorical';
}

function valuesOf(column: RawColumn, cells: Cells, parse: Parse, takesNumbers: boolean): Float64Array {
  // Nobody writes to them after reading, so that both tables may have the same ones.
  if (column.codes === undefined && takesNumbers && cells.missingNumbers === null) return column.values!;
  const values = sharedFloat64(column.rows);
  const byCode = Float64Array.from(cells.texts, (text, code) =>
    cells.isMissing[code] === 1 ? NaN : parse(text),
  );
  const { missingNumbers } = cells;
  for (let row = 0; row < column.rows; row++) {
    const code = codeOf(column, row);
    if (code >= 0) values[row] = byCode[code]!;
    else if (missingNumbers?.has(column.values![row]!)) values[row] = NaN;
    else values[row] = takesNumbers ? column.values![row]! : parse(textOf(column, row));
  }
  return values;
}

/** First row that has a cell but no value. */
function firstMisfit(column: RawColumn, cells: Cells, values: Float64Array): number {
  return values.findIndex((value, row) => Number.isNaN(value) && !isMissingCell(column, cells, row));
}

function isMissingCell(column: RawColumn, { isMissing, missingNumbers }: Cells, row: number): boolean {
  const code = codeOf(column, row);
  return code >= 0 ? isMissing[code] === 1 : (missingNumbers?.has(column.values![row]!) ?? false);
}

function categoricalColumn(column: RawColumn, cells: Cells): Column {
  const levelOfText = new Map<string, number>();
  const found: string[] = [];
  const codes = sharedInt32(column.rows);
  const intern = (text: string): number => {
    const known = levelOfText.get(text);
    if (known !== undefined) return known;
    levelOfText.set(text, found.length);
    return found.push(text) - 1;
  };
  const byCode = new Int32Array(cells.texts.length).fill(-2);
  for (let row = 0; row < column.rows; row++) {
    const code = codeOf(column, row);
    if (isMissingCell(column, cells, row)) codes[row] = -1;
    else if (code < 0) codes[row] = intern(textOf(column, row));
    else codes[row] = byCode[code] === -2 ? (byCode[code] = intern(cells.texts[code]!)) : byCode[code]!;
  }
  const order = Array.from(found, (_, index) => index).sort((a, b) =>
    compareCodePoints(found[a]!, found[b]!),
  );
  const rank = new Int32Array(found.length);
  order.forEach((index, position) => (rank[index] = position));
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) codes[row] = rank[codes[row]!]!;
  return { kind: 'categorical', name: column.name, codes, levels: order.map((index) => found[index]!) };
}

const meanings: Record<ColumnKind, string> = {
  numeric: 'a number',
  boolean: 'true or false',
  date: 'a date (YYYY-MM-DD, YYYY-MM-DD hh:mm:ss or DD.MM.YYYY)',
  categorical: 'text',
};

function misfitFault(column: RawColumn, row: number, kind: ColumnKind, options: TypeOptions): Fault {
  const { name } = column;
  const { typesOf } = options;
  const given = typesOf === undefined;
  return {
    code: 'DATA_COLUMN',
    message:
      `"${textOf(column, row).slice(0, 60)}" is not ${meanings[kind]}, ` +
      (given ? 'as data.types says of the column.' : `as the column is in ${typesOf}.`),
    at: { ...placeOfRow(options, row), name },
    fix:
      'Correct the cell, add it to data.missing if it means "no value", or ' +
      (given ? `remove ${name} from data.types.` : `give ${name} another kind in data.types.`),
  };
}

const pointSeparated = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;

/** Numbers with a decimal comma of which some have points between thousands: 1.234,5 or 1.234. */
function separatorFaults(column: RawColumn, { texts, isMissing }: Cells, origin: Origin): Fault[] {
  const separated = texts.map((text) => pointSeparated.test(text.trim()));
  const isNumber = (text: string, code: number): boolean =>
    isMissing[code] === 1 || separated[code]! || !Number.isNaN(parseCommaNumber(text));
  if (!separated.includes(true) || !texts.every(isNumber)) return [];
  const row = column.codes!.findIndex((code) => code >= 0 && separated[code]!);
  const { name } = column;
  return [
    {
      code: 'DATA_COLUMN',
      message: `"${textOf(column, row)}" has a thousands separator, which numbers with a decimal comma must not have.`,
      at: { ...placeOfRow(origin, row), name },
      fix:
        'Write 1234,5 rather than 1.234,5 in the file; if these are no numbers, ' +
        `add ${name} to data.types as categorical, or to data.drop.`,
    },
  ];
}

function unknownNames(raw: RawTable, wanted: readonly string[], file: string): Fault[] {
  const names = raw.columns.map(({ name }) => name);
  const known = new Set(names);
  return wanted
    .filter((name) => !known.has(name))
    .map((name) => unknownColumn(name, 'data.types', names, file));
}

/** The fault for a column that the configuration names and the file doesn't have. */
export function unknownColumn(name: string, key: string, names: readonly string[], file: string): Fault {
  const near = nearest(name, names);
  const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
  return {
    code: 'DATA_COLUMN',
    message: `${key} names the column "${name}", which the file does not have.`,
    at: { file, line: 1, name },
    fix: near === undefined ? `Use one of: ${shown}.` : `Did you mean "${near}"?`,
  };
}
