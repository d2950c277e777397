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
  const waiting = new Map<string, number[]>();
  for (let row = second.length / 16 - 1; row >= 0; row--) {
    const key = keyAt(second, row);
    const rows = waiting.get(key);
    if (rows) rows.push(row);
    else waiting.set(key, [row]);
  }
  const pairs: [number, number][] = [];
  for (let row = 0; row < first.length / 16; row++) {
    const match = waiting.get(keyAt(first, row))?.pop();
    if (match !== undefined) pairs.push([row, match]);
  }
  return { first: Int32Array.from(pairs, ([a]) => a), second: Int32Array.from(pairs, ([, b]) => b) };
}

function keyAt(identities: Uint8Array, row: number): string {
  return String.fromCharCode(...identities.subarray(16 * row, 16 * row + 16));
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
