/** Bytes that mean something in CSV. */
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const SEMICOLON = 0x3b;
export const BAR = 0x7c;

/** `first` followed by `second`. */
export function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

const ascii = new TextDecoder('latin1');

/** Bytes as text, one character a byte: for numbers and for what may not be UTF-8. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return ascii.decode(bytes.subarray(start, end));
}
