import type { TextDictionary } from './csv/text-dictionary.ts';

/** How a number was written: 0 … 22 = a plain decimal with that many digits after the point. */
export type NumberFormat = number;

/** The number's text is what `String(value)` gives. */
export const SHORTEST: NumberFormat = 255;

/**
 * One column as it was written, before anybody decided on its kind. A cell is a number (`values[row]`) where `codes`
 * is absent or `codes[row]` = -1, else the text `texts.text(codes[row])`. Nothing is lost by it: `textOf` gives back
 * what the file says (decimals of more than 15 digits and decimals with an exponent come back in their shortest form).
 */
export interface RawColumn {
  readonly name: string;
  readonly rows: number;
  readonly values: Float64Array | undefined;
  readonly formats: Uint8Array | undefined;
  readonly codes: Int32Array | undefined;
  readonly texts: TextDictionary;
}

/** A table as it was written. All columns have `rows` rows; names are unique and not empty. */
export interface RawTable {
  readonly rows: number;
  readonly columns: readonly RawColumn[];
}

/** The column of that name, or undefined. */
export function findRawColumn(table: RawTable, name: string): RawColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The dictionary code of a text cell, or -1 for a number. */
export function codeOf(column: RawColumn, row: number): number {
  return column.codes === undefined ? -1 : column.codes[row]!;
}

/** A cell as it is written in the file. */
export function textOf(column: RawColumn, row: number): string {
  const code = codeOf(column, row);
  return code >= 0 ? column.texts.text(code) : numberText(column.values![row]!, column.formats![row]!);
}

/** A number in the given format. */
export function numberText(value: number, format: NumberFormat): string {
  return format === SHORTEST ? String(value) : value.toFixed(format);
}
