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
    hash.update(JSON.stringify(column.levels)).update(littleEndian(column.codes));
  } else hash.update(littleEndian(canonicalNumbers(column.values)));
  return hash.digest();
}

/** One bit pattern for every missing value and for zero. */
function canonicalNumbers(values: Float64Array): Float64Array {
  return values.map((value) => (Number.isNaN(value) ? NaN : value + 0));
}

function littleEndian(values: Float64Array | Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Int32Array) values.forEach((value, i) => view.setInt32(4 * i, value, true));
  else
    values.forEach((value, i) => {
      if (Number.isNaN(value)) view.setBigUint64(8 * i, 0x7ff8000000000000n, true);
      else view.setFloat64(8 * i, value, true);
    });
  return bytes;
}
