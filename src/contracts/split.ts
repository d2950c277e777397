import { UserError } from '../errors/user-error.ts';

/**
 * Which rows of the table are hold-out, development, training and test of each fold: `split.bin`, written by `plan`
 * so that every job uses the same rows. Rows without a known target are in none of the sets. Each set is a bit set of
 * the table's rows; row numbers ascend.
 */
export interface SplitFile {
  readonly rows: number;
  readonly development: Int32Array;
  readonly holdout: Int32Array;
  readonly folds: readonly {
    readonly repeat: number;
    readonly train: Int32Array;
    readonly test: Int32Array;
  }[];
}

const magic = 'MFSP';
const headerBytes = 12;

/** Layout: magic, rows (uint32), folds (uint16), reserved (uint16), repeat of each fold (uint16), then the bit sets. */
export function encodeSplit({ rows, development, holdout, folds }: SplitFile): Uint8Array {
  const setBytes = Math.ceil(rows / 8);
  const sets = [development, holdout, ...folds.flatMap(({ train, test }) => [train, test])];
  const start = headerBytes + 2 * folds.length;
  const bytes = new Uint8Array(start + sets.length * setBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(4, rows, true);
  view.setUint16(8, folds.length, true);
  folds.forEach(({ repeat }, f) => view.setUint16(headerBytes + 2 * f, repeat, true));
  sets.forEach((set, s) => {
    const from = start + s * setBytes;
    for (const row of set) bytes[from + (row >> 3)]! |= 1 << (row & 7);
  });
  return bytes;
}

/** @throws UserError DOCUMENT_INVALID */
export function decodeSplit(bytes: Uint8Array, file: string): SplitFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOurs = bytes.length >= headerBytes && new TextDecoder().decode(bytes.subarray(0, 4)) === magic;
  const rows = isOurs ? view.getUint32(4, true) : 0;
  const count = isOurs ? view.getUint16(8, true) : 0;
  const setBytes = Math.ceil(rows / 8);
  const start = headerBytes + 2 * count;
  if (!isOurs || bytes.length !== start + (2 + 2 * count) * setBytes)
    throw new UserError({
      code: 'DOCUMENT_INVALID',
      message: 'the split file is damaged',
      at: { file },
      fix: 'Run the plan step again; the file should not be edited.',
    });
  const set = (s: number): Int32Array =>
    rowsOf(bytes.subarray(start + s * setBytes, start + (s + 1) * setBytes), rows);
  return {
    rows,
    development: set(0),
    holdout: set(1),
    folds: Array.from({ length: count }, (_, f) => ({
      repeat: view.getUint16(headerBytes + 2 * f, true),
      train: set(2 + 2 * f),
      test: set(3 + 2 * f),
    })),
  };
}

function rowsOf(bits: Uint8Array, rows: number): Int32Array {
  const found = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if ((bits[row >> 3]! >> (row & 7)) & 1) found[count++] = row;
  return found.slice(0, count);
}
