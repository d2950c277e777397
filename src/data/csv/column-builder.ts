import type { NumberFormat, RawColumn } from '../raw-table.ts';
import { SHORTEST } from '../raw-table.ts';
import { sharedFloat64 } from '../shared.ts';
import { latin1, MINUS, POINT, ZERO } from './bytes.ts';
import { longDecimal, powersOfTen } from './long-decimal.ts';
import { TextDictionary } from './text-dictionary.ts';

/** Up to 15 digits a decimal survives the way to double and back, so its text can be rebuilt from value and format. */
const EXACT_LIMIT = 1e15;

type Cells = Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Longer ones are texts. */
const MAX_NUMBER_BYTES = 40;

/**
 * Collects the cells of one column: numbers as doubles with one byte of format, everything else as codes of a
 * dictionary. Arrays are made when the first cell of their sort arrives: 9 bytes a row for numbers, 4 for texts.
 */
export class ColumnBuilder {
  private rows = 0;
  private capacity = 64;
  private values: Float64Array<ArrayBuffer> | undefined;
  private formats: Uint8Array<ArrayBuffer> | undefined;
  private codes: Int32Array<ArrayBuffer> | undefined;
  private readonly texts = new TextDictionary();
  private readonly decimal: number;

  /** @param decimal byte of the decimal sign: point or comma */
  constructor(decimal: number = POINT) {
    this.decimal = decimal;
  }

  /** Adds the cell `bytes[start … end]`; returns 0, or why it isn't text (NUL_BYTE, NOT_UTF8). */
  add(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    const negative = bytes[at] === MINUS && at < end;
    if (negative) at++;
    const first = at;
    let point = -1;
    let mantissa = 0;
    const { decimal } = this;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (digit === decimal - ZERO && point < 0) point = at;
      else break;
    }
    const wholeDigits = (point < 0 ? at : point) - first;
    const decimals = point < 0 ? 0 : at - point - 1;
    const isDecimal =
      at === end &&
      wholeDigits > 0 &&
      point !== end - 1 &&
      (bytes[first] !== ZERO || wholeDigits === 1) &&
      (mantissa !== 0 || !negative);
    if (isDecimal && mantissa < EXACT_LIMIT && decimals <= 22) {
      // m / 10^k is correctly rounded for every whole m < 2^53 and k <= 22 (Clinger 1990).
      const value = mantissa / powersOfTen[decimals]!;
      this.addNumber(negative ? -value : value, decimals);
    } else if (isDecimal && decimals > 0 && end - start <= MAX_NUMBER_BYTES) {
      let value = longDecimal(bytes, first, end, decimals);
      if (Number.isNaN(value)) value = Number(this.pointed(latin1(bytes, first, end)));
      this.addNumber(negative ? -value : value, SHORTEST);
    } else if (at > first) return this.addOddNumber(bytes, start, end, point >= 0);
    else return this.addText(bytes, start, end);
    return 0;
  }

  /** The column as it is now; the builder is of no further use. */
  finish(name: string): RawColumn {
    const { rows, texts } = this;
    const column = {
      name,
      rows,
      values: this.values && moveInto(sharedFloat64(rows), this.values),
      formats: this.formats && moveInto(new Uint8Array(rows), this.formats),
      codes: this.codes && moveInto(new Int32Array(rows), this.codes),
      texts,
    };
    this.values = this.formats = this.codes = undefined;
    return column;
  }

  /** Adds a number that is written in that format. */
  addNumber(value: number, format: NumberFormat): void {
    if (this.rows === this.capacity) this.grow();
    this.values ??= new Float64Array(this.capacity);
    this.formats ??= new Uint8Array(this.capacity);
    this.values[this.rows] = value;
    this.formats[this.rows] = format;
    this.rows++;
  }

  /** What begins like a number: with an exponent, leading zeros or no end of digits, or no number after all. */
  private addOddNumber(bytes: Uint8Array, start: number, end: number, hasPoint: boolean): number {
    if (end - start <= MAX_NUMBER_BYTES) {
      const text = this.pointed(latin1(bytes, start, end));
      const value = decimal.test(text) ? Number(text) : NaN;
      if (Number.isFinite(value) && ((hasPoint && value !== 0) || String(value) === text)) {
        this.addNumber(value, SHORTEST);
        return 0;
      }
    }
    return this.addText(bytes, start, end);
  }

  /** The number's text with a decimal point; a point beside a decimal comma makes it no number. */
  private pointed(text: string): string {
    if (this.decimal === POINT) return text;
    return text.includes('.') ? '' : text.replace(',', '.');
  }

  private addText(bytes: Uint8Array, start: number, end: number): number {
    const code = this.texts.add(bytes, start, end);
    if (code < 0) return code;
    if (this.rows === this.capacity) this.grow();
    this.codes ??= new Int32Array(this.capacity).fill(-1);
    this.codes[this.rows++] = code;
    return 0;
  }

  private grow(): void {
    this.capacity = Math.ceil(this.capacity * 1.5);
    if (this.values) this.values = moveInto(new Float64Array(this.capacity), this.values);
    if (this.formats) this.formats = moveInto(new Uint8Array(this.capacity), this.formats);
    if (this.codes) {
      const filled = this.codes.length;
      this.codes = moveInto(new Int32Array(this.capacity), this.codes).fill(-1, filled);
    }
  }
}

const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Node 20 has no such method, and waits. */
const givesBack = 'transfer' in ArrayBuffer.prototype;

/**
 * Copies as much as there is room for, and gives back the memory of what was copied: else it would wait for the garbage
 * collector, which sees small objects where there are megabytes.
 */
function moveInto<A extends Float64Array | Uint8Array | Int32Array>(to: A, from: Cells): A {
  to.set(from.length > to.length ? from.subarray(0, to.length) : from);
  if (givesBack) from.buffer.transfer(0);
  return to;
}
