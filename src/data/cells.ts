import { parseDate, type DateOrder } from './dates.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const maxExactInteger = 9_007_199_254_740_992;

/** The number that a text is (blanks around it don't count), or NaN; beyond the range of doubles is none. */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  const value = number.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** As `parseNumber` of a text with a decimal comma; a point is none of its signs. */
export function parseCommaNumber(text: string): number {
  return text.includes('.') ? NaN : parseNumber(text.replace(',', '.'));
}

/** Whether digits are a name rather than a quantity: a leading zero (`007`), or too many for a double. */
export function isDigitName(text: string): boolean {
  const digits = /^\s*[+-]?(\d+)\s*$/.exec(text)?.[1];
  if (digits === undefined) return false;
  return (digits.length > 1 && digits.startsWith('0')) || Number(digits) > maxExactInteger;
}

/** 1 or 0 for `true` and `false` in any case, else NaN. */
export function parseBoolean(text: string): number {
  const word = text.trim().toLowerCase();
  return word === 'true' ? 1 : word === 'false' ? 0 : NaN;
}

const yes = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const no = new Set(['false', 'f', 'no', 'n', '0', '0.0']);

/** As `parseBoolean`, and yes/no, y/n, t/f, 1/0: for columns that the user calls boolean. */
export function parseYesNo(text: string): number {
  const word = text.trim().toLowerCase();
  return yes.has(word) ? 1 : no.has(word) ? 0 : NaN;
}

/** Days since 1970 of a date with blanks around it allowed, else NaN. */
export function parseDateCell(text: string, order?: DateOrder): number {
  return parseDate(text.trim(), order);
}

/** Compares by Unicode code point, which is the order of UTF-8 bytes. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, though not as UTF-16 units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
