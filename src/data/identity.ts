import { createHmac, hash } from 'node:crypto';
import { compareCodePoints } from './cells.ts';
import { identityBytes, IdentityTable, identityWords } from './identity-table.ts';
import type { RawTable } from './raw-table.ts';
import { findRawColumn } from './raw-table.ts';
import { RowWriter } from './row-writer.ts';

export { identityBytes };

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
  const present = tableOf(now);
  const met = new IdentityTable();
  const words = identityWords(known);
  let vanished = 0;
  for (let row = 0; row < words.length / 4; row++) {
    const before = met.count;
    met.add(words, row);
    if (met.count > before && !present.has(words, row)) vanished++;
  }
  return met.count === 0 ? 0 : vanished / met.count;
}

/** How many different identities there are. */
export function countDistinct(identities: Uint8Array): number {
  return tableOf(identities).count;
}

function tableOf(identities: Uint8Array): IdentityTable {
  const table = new IdentityTable();
  const words = identityWords(identities);
  for (let row = 0; row < words.length / 4; row++) table.add(words, row);
  return table;
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
  const digestOf = hmacSha256(salt);
  const identities = new Uint8Array(rows.length * identityBytes);
  for (let i = 0; i < rows.length; i++) {
    const digest = digestOf(writer.write(rows[i]!));
    for (let k = 0; k < identityBytes; k++) identities[i * identityBytes + k] = digest[k]!;
  }
  return identities;
}

/** Bytes that SHA-256 takes in at a time. */
const blockBytes = 64;

/**
 * HMAC-SHA256 with one key, for millions of short messages (RFC 2104): without an object of the crypto library or a
 * buffer for each, which take longer to make than the digest and would wait for the garbage collector. The next call
 * overwrites what the one before returned.
 */
export function hmacSha256(key: string): (message: Uint8Array) => Uint8Array {
  const long = Buffer.from(key);
  const short = long.length > blockBytes ? hash('sha256', long, 'buffer') : long;
  const padded = (pad: number): Uint8Array => new Uint8Array(blockBytes).map((_, i) => (short[i] ?? 0) ^ pad);
  let inner = Buffer.concat([padded(0x36), Buffer.alloc(512)]);
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(32)]);
  const digest = Buffer.alloc(32);
  return (message) => {
    if (inner.length < blockBytes + message.length)
      inner = Buffer.concat([inner.subarray(0, blockBytes), Buffer.alloc(2 * message.length)]);
    inner.set(message, blockBytes);
    outer.write(
      hash('sha256', inner.subarray(0, blockBytes + message.length), 'binary'),
      blockBytes,
      'latin1',
    );
    digest.write(hash('sha256', outer, 'binary'), 'latin1');
    return digest;
  };
}

/** 4 bytes a row that change when the row's label does, and tell nothing else. */
export function labelChecksOf(
  identities: Uint8Array,
  labelOf: (row: number) => string,
  salt: string,
): Uint32Array {
  const digestOf = hmacSha256(salt);
  const checks = new Uint32Array(identities.length / identityBytes);
  for (let row = 0; row < checks.length; row++) {
    const digest = digestOf(Buffer.from(`${hexOf(identities, row)}\n${labelOf(row)}`));
    checks[row] = (digest[0]! | (digest[1]! << 8) | (digest[2]! << 16) | (digest[3]! << 24)) >>> 0;
  }
  return checks;
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
