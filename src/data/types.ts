import type { Fault } from '../errors/user-error.ts';
import { throwFaults } from '../errors/user-error.ts';
import { nearest } from '../config/nearest.ts';
import {
  compareCodePoints,
  isDigitName,
  parseBoolean,
  parseDateCell,
  parseNumber,
  parseYesNo,
} from './cells.ts';
import type { RawColumn, RawTable } from './raw-table.ts';
import { codeOf, textOf } from './raw-table.ts';
import { sharedFloat64, sharedInt32 } from './shared.ts';
import type { Column, ColumnKind, Table } from './table.ts';

/** Texts that mean "no value" when the configuration names none; compared without blanks around them. */
export const defaultMissing: readonly string[] = [
  ...['', 'NA', 'N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', 'None', '?'],
];

export interface TypeOptions {
  /** Name of the file for messages. */
  readonly file: string;
  /** Replaces `defaultMissing`. */
  readonly missing?: readonly string[] | undefined;
  /** Column name -> kind that the user says it has. */
  readonly types?: Readonly<Record<string, ColumnKind>> | undefined;
}

/**
 * Gives each column its kind: numeric when every cell that isn't missing is a finite number (and none is a name made
 * of digits, such as 007), boolean for true and false, date for ISO dates, else categorical; `types` overrules.
 * @throws UserError DATA_COLUMN for an unknown name in `types` or a cell that doesn't fit its kind
 */
export function typeTable(raw: RawTable, { file, missing = defaultMissing, types = {} }: TypeOptions): Table {
  const markers = new Set(missing.map((marker) => marker.trim()));
  const overrides = new Map(Object.entries(types));
  const faults = unknownNames(raw, [...overrides.keys()], file);
  const columns = raw.columns.map((column): Column => {
    const cells = readCells(column, markers);
    const wanted = overrides.get(column.name);
    const kind = wanted ?? inferKind(cells);
    if (kind === 'categorical') return categoricalColumn(column, cells);
    const parse = parsers[wanted === 'boolean' ? 'yesNo' : kind];
    const values = valuesOf(column, cells, parse);
    const misfit = wanted === undefined ? -1 : firstMisfit(column, cells, values);
    if (misfit >= 0) faults.push(misfitFault(column, misfit, kind, file));
    return { kind, name: column.name, values };
  });
  throwFaults(faults.slice(0, 10));
  return { rows: raw.rows, columns };
}

const parsers = {
  numeric: parseNumber,
  boolean: parseBoolean,
  yesNo: parseYesNo,
  date: parseDateCell,
} as const;

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

function inferKind({ texts, isMissing, hasNumbers }: Cells): ColumnKind {
  const present = texts.filter((_, code) => isMissing[code] === 0);
  const all = (parse: (text: string) => number) => present.every((text) => !Number.isNaN(parse(text)));
  if (present.length === 0 || (all(parseNumber) && !present.some(isDigitName))) return 'numeric';
  if (hasNumbers) return 'categorical';
  if (all(parseBoolean)) return 'boolean';
  return all(parseDateCell) ? 'date' : 'categorical';
}

function valuesOf(column: RawColumn, cells: Cells, parse: (text: string) => number): Float64Array {
  const values = sharedFloat64(column.rows);
  const byCode = Float64Array.from(cells.texts, (text, code) =>
    cells.isMissing[code] === 1 ? NaN : parse(text),
  );
  const takesNumbers = parse === parseNumber;
  const { missingNumbers } = cells;
  if (column.codes === undefined && takesNumbers && missingNumbers === null) {
    values.set(column.values!);
    return values;
  }
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
  const temporary = new Int32Array(column.rows);
  const intern = (text: string): number => {
    const known = levelOfText.get(text);
    if (known !== undefined) return known;
    levelOfText.set(text, found.length);
    return found.push(text) - 1;
  };
  const byCode = new Int32Array(cells.texts.length).fill(-2);
  for (let row = 0; row < column.rows; row++) {
    const code = codeOf(column, row);
    if (isMissingCell(column, cells, row)) temporary[row] = -1;
    else if (code < 0) temporary[row] = intern(textOf(column, row));
    else temporary[row] = byCode[code] === -2 ? (byCode[code] = intern(cells.texts[code]!)) : byCode[code]!;
  }
  const order = Array.from(found, (_, index) => index).sort((a, b) =>
    compareCodePoints(found[a]!, found[b]!),
  );
  const rank = new Int32Array(found.length);
  order.forEach((index, position) => (rank[index] = position));
  const codes = sharedInt32(column.rows);
  for (let row = 0; row < codes.length; row++) codes[row] = temporary[row]! < 0 ? -1 : rank[temporary[row]!]!;
  return { kind: 'categorical', name: column.name, codes, levels: order.map((index) => found[index]!) };
}

const meanings: Record<ColumnKind, string> = {
  numeric: 'a number',
  boolean: 'true or false',
  date: 'an ISO date (YYYY-MM-DD or YYYY-MM-DD hh:mm:ss)',
  categorical: 'text',
};

function misfitFault(column: RawColumn, row: number, kind: ColumnKind, file: string): Fault {
  const { name } = column;
  return {
    code: 'DATA_COLUMN',
    message: `"${textOf(column, row).slice(0, 60)}" is not ${meanings[kind]}, as data.types says of the column.`,
    at: { file, row: row + 1, name },
    fix: `Correct the cell, add it to data.missing if it means "no value", or remove ${name} from data.types.`,
  };
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
