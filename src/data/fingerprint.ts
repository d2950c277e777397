import { createHash } from 'node:crypto';
import type { Column, Table } from './table.ts';

/**
 * SHA-256 over the typed content of a table: names, kinds and values in row order, independent of the order of the
 * columns, of quoting, delimiters and line ends. Equal fingerprints mean equal training data.
 */
export function fingerprintTable(table: Table): string {
  const hash = createHash('sha256').update(`table/1\n${table.rows}\n`);
  const columns = [...table.columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const column of columns) hash.update(columnDigest(column));
  return hash.digest('hex');
}

function columnDigest(column: Column): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([column.name, column.kind]));
  if (column.kind === 'categorical') {
    hash.update(JSON.stringify(column.levels));
    const { codes } = column;
    inPieces(codes.length, (start, end) => {
      const view = new DataView(new ArrayBuffer(4 * (end - start)));
      for (let i = start; i < end; i++) view.setInt32(4 * (i - start), codes[i]!, true);
      hash.update(view);
    });
  } else {
    const { values } = column;
    inPieces(values.length, (start, end) => {
      const view = new DataView(new ArrayBuffer(8 * (end - start)));
      for (let i = start; i < end; i++) setCanonical(view, 8 * (i - start), values[i]!);
      hash.update(view);
    });
  }
  return hash.digest();
}

/** One bit pattern for every missing value and for zero. */
function setCanonical(view: DataView, at: number, value: number): void {
  if (Number.isNaN(value)) view.setBigUint64(at, 0x7ff8000000000000n, true);
  else view.setFloat64(at, value + 0, true);
}

/** Cells that are written down at a time: a copy of the column would take as much memory again. */
const pieceCells = 65_536;

function inPieces(length: number, take: (start: number, end: number) => void): void {
  for (let start = 0; start < length; start += pieceCells) take(start, Math.min(start + pieceCells, length));
}
