import { createHmac } from 'node:crypto';
import type { RawTable } from './raw-table.ts';
import { findRawColumn, textOf } from './raw-table.ts';

/** Bytes of one row's identity. */
export const identityBytes = 16;

/**
 * Columns whose text identifies a row: the key, or without one all columns of the file but the target, dropped ones
 * too. Recorded when an epoch begins and never widened, so a column that is added later moves nothing.
 */
export function splitColumnsOf(raw: RawTable, target: string, key: string | undefined): string[] {
  if (key !== undefined) return [key];
  return raw.columns.map(({ name }) => name).filter((name) => name !== target);
}

/** First salt of a model: the same on a laptop and in CI. */
export function firstSalt(model: string, seed: number): string {
  return createHmac('sha256', 'model-factory/split/1').update(`${model}\n${seed}`).digest('hex').slice(0, 32);
}

/** Split columns that the table lost; any makes the split broken. */
export function lostColumns(raw: RawTable, splitColumns: readonly string[]): string[] {
  return splitColumns.filter((name) => findRawColumn(raw, name) === undefined);
}

/**
 * Identity of each row: HMAC-SHA256 with the epoch's salt over the text of the split columns, cut to 16 bytes. The
 * text is the file's own, so a type override changes nothing. Only this form leaves the process.
 * @returns rows.length × 16 bytes
 */
export function identitiesOf(
  raw: RawTable,
  rows: Int32Array,
  splitColumns: readonly string[],
  salt: string,
): Uint8Array {
  const columns = splitColumns.map((name) => findRawColumn(raw, name)!);
  const identities = new Uint8Array(rows.length * identityBytes);
  rows.forEach((row, i) => {
    const texts = columns.map((column) => textOf(column, row));
    const digest = hmac(salt, texts.map((text) => `${text.length}:${text}`).join(''));
    identities.set(digest.subarray(0, identityBytes), i * identityBytes);
  });
  return identities;
}

/** 4 bytes a row that change when the row's label does, and tell nothing else. */
export function labelChecksOf(identities: Uint8Array, labels: readonly string[], salt: string): Uint32Array {
  return Uint32Array.from(labels, (label, row) =>
    hmac(salt, `${hexOf(identities, row)}\n${label}`).readUInt32LE(0),
  );
}

/** Digest of each row's group, in the form of an identity: rows of one group get the same 16 bytes. */
export function groupIdentities(raw: RawTable, rows: Int32Array, group: string, salt: string): Uint8Array {
  return identitiesOf(raw, rows, [group], `${salt}/group`);
}

/** Identity of a row as 32 hexadecimal digits. */
export function hexOf(identities: Uint8Array, row: number): string {
  return Buffer.from(identities.subarray(row * identityBytes, (row + 1) * identityBytes)).toString('hex');
}

function hmac(salt: string, text: string): Buffer {
  return createHmac('sha256', salt).update(text).digest();
}
