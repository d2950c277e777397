import { createHmac } from 'node:crypto';
import { compareCodePoints } from './cells.ts';
import type { RawTable } from './raw-table.ts';
import { findRawColumn } from './raw-table.ts';
import { RowWriter } from './row-writer.ts';

/** Bytes of one row's identity. */
export const identityBytes = 16;

/**
 * Columns whose content identifies a row, by name: the key, or without one all columns of the file but the target
 * and the rows' weight, dropped ones too. Recorded when an epoch begins and never widened, so a column that is added later moves nothing.
 */
export function splitColumnsOf(
  raw: RawTable,
  {
    target,
    key,
    weight,
  }: { readonly target: string; readonly key?: string | undefined; readonly weight?: string | undefined },
): string[] {
  if (key !== undefined) return [key];
  return raw.columns
    .map(({ name }) => name)
    .filter((name) => name !== target && name !== weight)
    .sort(compareCodePoints);
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
 * Share of the known identities that no row has any more: above 1% the split is broken.
 * @param known identities of an earlier run, 16 bytes a row, with the same salt
 */
export function vanishedShare(known: Uint8Array, now: Uint8Array): number {
  const present = new Set(hexesOf(now));
  const distinct = [...new Set(hexesOf(known))];
  const vanished = distinct.filter((identity) => !present.has(identity)).length;
  return distinct.length === 0 ? 0 : vanished / distinct.length;
}

/**
 * Identity of each row: HMAC-SHA256 with the epoch's salt over the cells of the split columns, cut to 16 bytes. Cells
 * count as they are written, numbers by value (`1.0` is `1`, but `007` is not `7`), so neither a type override nor a
 * new list of missing markers nor saving the file with other number formats changes an identity. Only this form leaves
 * the process.
 * @returns rows.length × 16 bytes
 */
export function identitiesOf(
  raw: RawTable,
  rows: Int32Array,
  splitColumns: readonly string[],
  salt: string,
): Uint8Array {
  const writer = new RowWriter(splitColumns.map((name) => findRawColumn(raw, name)!));
  const identities = new Uint8Array(rows.length * identityBytes);
  rows.forEach((row, i) => {
    const digest = createHmac('sha256', salt).update(writer.write(row)).digest();
    identities.set(digest.subarray(0, identityBytes), i * identityBytes);
  });
  return identities;
}

/** 4 bytes a row that change when the row's label does, and tell nothing else. */
export function labelChecksOf(identities: Uint8Array, labels: readonly string[], salt: string): Uint32Array {
  return Uint32Array.from(labels, (label, row) =>
    createHmac('sha256', salt)
      .update(`${hexOf(identities, row)}\n${label}`)
      .digest()
      .readUInt32LE(0),
  );
}

/** Digest of each row's group, in the form of an identity: rows of one group get the same 16 bytes. */
export function groupIdentities(raw: RawTable, rows: Int32Array, group: string, salt: string): Uint8Array {
  return identitiesOf(raw, rows, [group], `${salt}/group`);
}

/** Identity of a row as 32 hexadecimal digits. */
export function hexOf(identities: Uint8Array, row: number): string {
  const start = identities.byteOffset + row * identityBytes;
  return Buffer.from(identities.buffer, start, identityBytes).toString('hex');
}

/** Identities of all rows as hexadecimal digits. */
export function hexesOf(identities: Uint8Array): string[] {
  return Array.from({ length: identities.length / identityBytes }, (_, row) => hexOf(identities, row));
}
