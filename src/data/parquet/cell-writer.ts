import type { ColumnBuilder } from '../csv/column-builder.ts';
import { powersOfTen } from '../csv/long-decimal.ts';
import { formatDate } from '../dates.ts';
import { SHORTEST } from '../raw-table.ts';
import type { CellKind } from './cell-kind.ts';
import { clockTime } from './timestamps.ts';

/** Adds one cell; returns 0, or why it isn't text (NUL_BYTE, NOT_UTF8). */
export type CellWriter = (value: unknown) => number;

/** From here on a CSV file's numbers are kept as they are written, see `ColumnBuilder`. */
const exactLimit = 1e15;
const encoder = new TextEncoder();

/** Adds a text as a CSV file would have it. */
export function addAsWritten(column: ColumnBuilder, text: string): number {
  const bytes = encoder.encode(text);
  return column.add(bytes, 0, bytes.length);
}

/**
 * Adds values of a kind to a column as if they had been read from the CSV file that pandas writes of them, so that a row
 * keeps its identity when its file changes from one format to the other.
 */
export function cellWriter(
  kind: Exclude<CellKind, { kind: 'timestamp' | 'refused' }>,
  column: ColumnBuilder,
): CellWriter {
  const write = (text: string): number => addAsWritten(column, text);
  const whole = (value: bigint): number => {
    const number = Number(value);
    if (Math.abs(number) >= exactLimit) return write(String(value));
    column.addNumber(number, 0);
    return 0;
  };
  switch (kind.kind) {
    case 'boolean':
      return (value) => write(value === true ? 'True' : 'False');
    case 'integer': {
      const { bits } = kind;
      return (value) => whole(bits === null ? integer(value) : BigInt.asUintN(bits, integer(value)));
    }
    case 'decimal':
      return (value) => (kind.scale === 0 ? whole(integer(value)) : addDecimal(column, value, kind.scale));
    case 'float':
      return (value) => addFloat(column, number(value));
    case 'half':
      return (value) => addFloat(column, halfFloat(bytesOf(value)));
    case 'date':
      return (value) => write(formatDate(number(value)));
    case 'time':
      return (value) => write(clockTime(integer(value), kind.perSecond));
    case 'uuid':
      return (value) => write(uuid(bytesOf(value)));
    case 'text':
      return (value) => {
        const bytes = bytesOf(value);
        return column.add(bytes, 0, bytes.length);
      };
  }
}

function addFloat(column: ColumnBuilder, value: number): number {
  if (Number.isNaN(value)) return addAsWritten(column, '');
  if (!Number.isFinite(value)) return addAsWritten(column, value > 0 ? 'inf' : '-inf');
  if (Object.is(value, -0)) return addAsWritten(column, '-0.0');
  const isShortWhole = Number.isInteger(value) && Math.abs(value) < exactLimit;
  column.addNumber(value, isShortWhole ? 1 : SHORTEST);
  return 0;
}

function addDecimal(column: ColumnBuilder, value: unknown, scale: number): number {
  const unscaled = integer(value);
  const short = Number(unscaled);
  if (Math.abs(short) < exactLimit && scale < powersOfTen.length)
    column.addNumber(short / powersOfTen[scale]!, scale);
  else column.addNumber(Number(`${unscaled}e-${scale}`), SHORTEST);
  return 0;
}

/** The whole number of a 32-bit or 64-bit value, or of big-endian bytes in two's complement. */
function integer(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  const bytes = bytesOf(value);
  let all = 0n;
  for (const byte of bytes) all = (all << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, all);
}

function number(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`a ${typeof value} where a number should be`);
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error(`a ${typeof value} where bytes should be`);
}

/** IEEE 754 binary16, little-endian. */
function halfFloat(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8);
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 5.960464477539063e-8;
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13));
  return sign * view.getFloat32(0);
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
