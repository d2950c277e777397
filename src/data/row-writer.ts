import { isDigitName, parseNumber } from './cells.ts';
import type { TextDictionary } from './csv/text-dictionary.ts';
import type { RawColumn } from './raw-table.ts';
import { codeOf } from './raw-table.ts';

const NUMBER = 1;
const TEXT = 2;

/** Each level of a column's dictionary: its number, or NaN where it counts as text. */
interface Cells {
  readonly column: RawColumn;
  readonly numbers: Float64Array;
}

/**
 * Writes rows as bytes that are equal if and only if all cells are: a number as tag and little-endian double, a text
 * as tag, length and UTF-8. A text that is a number counts by its value unless it is a name made of digits (007).
 */
export class RowWriter {
  private readonly columns: readonly Cells[];
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  constructor(columns: readonly RawColumn[]) {
    this.columns = columns.map((column) => ({
      column,
      numbers: Float64Array.from(column.texts.all(), (text) => (isDigitName(text) ? NaN : parseNumber(text))),
    }));
  }

  /** The bytes of a row: a view that the next call overwrites. */
  write(row: number): Uint8Array {
    this.length = 0;
    for (const { column, numbers } of this.columns) {
      const code = codeOf(column, row);
      const number = code < 0 ? column.values![row]! : numbers[code]!;
      if (Number.isNaN(number)) this.writeText(column.texts, code);
      else this.writeNumber(number);
    }
    return this.bytes.subarray(0, this.length);
  }

  private writeNumber(value: number): void {
    this.reserve(9);
    this.bytes[this.length] = NUMBER;
    // Adding zero turns -0 into 0.
    this.view.setFloat64(this.length + 1, value + 0, true);
    this.length += 9;
  }

  private writeText(texts: TextDictionary, code: number): void {
    const length = texts.byteLength(code);
    this.reserve(5 + length);
    this.bytes[this.length] = TEXT;
    this.view.setUint32(this.length + 1, length, true);
    texts.copy(code, this.bytes, this.length + 5);
    this.length += 5 + length;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.length + count));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
