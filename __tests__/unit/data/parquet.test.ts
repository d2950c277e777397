import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { addParquet } from '../../../src/data/parquet/add-parquet.ts';
import { fingerprintTable } from '../../../src/data/fingerprint.ts';
import { hexesOf, identitiesOf } from '../../../src/data/identity.ts';
import type { RawTable } from '../../../src/data/raw-table.ts';
import { TableBuilder } from '../../../src/data/table-builder.ts';
import { readFiles, readTableFile } from '../../../src/factory/source/read.ts';
import { cells, faultOf } from './csv.ts';

/** Written by pandas: see `make.py` there. */
const folder = fileURLToPath(new URL('../../fixtures/parquet/', import.meta.url));
const read = (file: string) => readTableFile({ shown: file, path: `${folder}${file}` });

async function readBytes(bytes: Uint8Array, table = new TableBuilder()): Promise<RawTable> {
  const slice = (start: number, end?: number): Promise<ArrayBuffer> =>
    Promise.resolve(Uint8Array.from(bytes.slice(start, end)).buffer);
  await addParquet(table, { byteLength: bytes.length, slice }, 'a.parquet');
  return table.finish();
}

const identities = (table: RawTable, columns: readonly string[]): string[] =>
  hexesOf(
    identitiesOf(
      table,
      Int32Array.from({ length: table.rows }, (_, i) => i),
      columns,
      'salt',
    ),
  );

describe('Parquet', () => {
  const same = ['types', 'types-gzip', 'types-zstd', 'types-brotli'].map((name) => `${name}.parquet`);

  it.each(same)('%s is the table that pandas writes as CSV: kinds, values, row identities', async (file) => {
    const csv = await read('types.csv');
    const parquet = await read(file);
    expect(parquet.table.columns.map(({ name, kind }) => [name, kind])).toEqual(
      csv.table.columns.map(({ name, kind }) => [name, kind]),
    );
    expect(fingerprintTable(parquet.table)).toBe(fingerprintTable(csv.table));
    const names = csv.raw.columns.map(({ name }) => name);
    expect(identities(parquet.raw, names)).toEqual(identities(csv.raw, names));
  });

  it('gives columns the kinds of their values', async () => {
    const { table } = await read('types.parquet');
    const kinds = Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({
      ...{ whole: 'numeric', long: 'numeric', counts: 'numeric', price: 'numeric', exact: 'numeric' },
      // Beyond 2^53 a double can't tell neighbours apart: such numbers are names.
      ...{ id: 'categorical', huge: 'categorical', digits: 'categorical', time: 'categorical' },
      ...{ flag: 'boolean', maybe: 'boolean', day: 'date', nanos: 'date', zoned: 'date', date: 'date' },
    });
  });

  it('reads 96-bit timestamps of old writers, which know no zone', async () => {
    const [csv, old] = [await read('types.csv'), await read('types-old.parquet')];
    const kept = { rows: csv.table.rows, columns: csv.table.columns.filter(({ name }) => name !== 'nanos') };
    expect(fingerprintTable(old.table)).toBe(fingerprintTable(kept));
  });

  it('keeps numbers of 16 and 32 bits as they are stored', async () => {
    expect(cells((await read('floats.parquet')).raw)).toEqual([
      ['half', 'single'],
      ['0.0', '0.5'],
      ['-0.5', '0.10000000149011612'],
      ['5.960464477539063e-8', '3.0'],
      ['65504.0', '-2.0'],
      ['inf', '1.0000000150474662e+30'],
    ]);
  });

  it('refuses lists, records and bytes, all of them by name', async () => {
    const fault = await faultOf(read('nested.parquet'));
    expect([fault, ...fault.more].map(({ code, at, message }) => [code, at.name, message])).toEqual([
      ['DATA_COLUMN', 'lists', expect.stringContaining('holds lists')],
      ['DATA_COLUMN', 'record', expect.stringContaining('holds records')],
      ['DATA_COLUMN', 'bytes', expect.stringContaining('holds bytes')],
    ]);
    expect(await faultOf(read('bytes.parquet'))).toMatchObject({
      code: 'DATA_ENCODING',
      at: { file: 'bytes.parquet', row: 2, name: 'raw' },
    });
  });

  it('names a compression that it does not read', async () => {
    const fault = await faultOf(read('lz4.parquet'));
    expect(fault).toMatchObject({ code: 'DATA_SYNTAX', at: { file: 'lz4.parquet' } });
    expect(fault.message).toContain('LZ4_RAW');
  });

  it('is a fault of the data wherever the file is cut', async () => {
    const whole = readFileSync(`${folder}types-gzip.parquet`);
    for (const share of [0.0005, 0.1, 0.5, 0.9, 0.9999]) {
      const cut = whole.subarray(0, Math.floor(share * whole.length));
      expect(await faultOf(readBytes(cut))).toMatchObject({ code: 'DATA_SYNTAX', at: { file: 'a.parquet' } });
    }
    // The footer is whole, and what it points to isn't.
    const hollow = Uint8Array.from(whole).fill(0xff, 4, 9000);
    expect(await faultOf(readBytes(hollow))).toMatchObject({ code: 'DATA_SYNTAX' });
  });

  it('stands beside CSV files with the same columns', async () => {
    const names = ['types.csv', 'types-gzip.parquet'];
    const { raw, parts } = await readFiles(
      names.map((shown) => ({ shown, path: `${folder}${shown}` })),
      {},
    );
    expect(parts).toEqual(names.map((file) => ({ file, rows: 40 })));
    const all = identities(
      raw,
      raw.columns.map(({ name }) => name),
    );
    expect(all.slice(40)).toEqual(all.slice(0, 40));
  });

  it('must have the columns of the files beside it', async () => {
    const table = new TableBuilder();
    table.columnsOf(['ok', 'more'], 'a.csv');
    const fault = await faultOf(readBytes(readFileSync(`${folder}bytes.parquet`), table));
    expect([fault, ...fault.more].map(({ code, at }) => [code, at.file, at.name])).toEqual([
      ['DATA_COLUMN', 'a.parquet', 'more'],
      ['DATA_COLUMN', 'a.parquet', 'raw'],
    ]);
  });
});
