import { IdentityTable, identityWords } from '../data/identity-table.ts';

/** Positions in two lists of rows that are the same row by identity, in the order of the first list. */
export interface Alignment {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/**
 * Pairs rows of two tables by identity (16 bytes a row). Rows that share an identity are paired in their order; rows
 * that stand on one side only are left out.
 */
export function alignByIdentity(first: Uint8Array, second: Uint8Array): Alignment {
  const table = new IdentityTable();
  const [a, b] = [identityWords(first), identityWords(second)];
  const [firstRows, secondRows] = [a.length / 4, b.length / 4];
  const numbers = new Int32Array(secondRows);
  for (let row = 0; row < secondRows; row++) numbers[row] = table.add(b, row);
  /** The first row of each identity that has no partner yet, and the one after each row; -1 = none. */
  const waiting = new Int32Array(table.count).fill(-1);
  const next = new Int32Array(secondRows);
  for (let row = secondRows - 1; row >= 0; row--) {
    next[row] = waiting[numbers[row]!]!;
    waiting[numbers[row]!] = row;
  }
  const most = Math.min(firstRows, secondRows);
  const pairs = { first: new Int32Array(most), second: new Int32Array(most) };
  let count = 0;
  for (let row = 0; row < firstRows; row++) {
    const number = table.numberOf(a, row);
    const match = number < 0 ? -1 : waiting[number]!;
    if (match < 0) continue;
    waiting[number] = next[match]!;
    pairs.first[count] = row;
    pairs.second[count++] = match;
  }
  return { first: pairs.first.slice(0, count), second: pairs.second.slice(0, count) };
}

/** Rows `rows[i]` of an array with `width` values a row. */
export function pickRows(values: Float64Array, width: number, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, i) => picked.set(values.subarray(row * width, (row + 1) * width), i * width));
  return picked;
}

/** Identities of rows `rows[i]`. */
export function pickIdentities(identities: Uint8Array, rows: Int32Array): Uint8Array {
  const picked = new Uint8Array(16 * rows.length);
  rows.forEach((row, i) => picked.set(identities.subarray(16 * row, 16 * row + 16), 16 * i));
  return picked;
}
