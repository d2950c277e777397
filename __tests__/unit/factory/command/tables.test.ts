import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprintTable } from '../../../../src/data/fingerprint.ts';
import { selectRows, type Table } from '../../../../src/data/table.ts';
import { tableFile } from '../../../../src/factory/command/tables.ts';
import { readTableFile } from '../../../../src/factory/source/read.ts';

/** Numbers, booleans, dates, texts with commas, quotes and newlines; missing values in most columns. */
const types = fileURLToPath(new URL('../../../fixtures/parquet/types.csv', import.meta.url));

describe('the tables of a program', () => {
  let folder: string;
  let table: Table;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'program-tables-'));
    const { rows, columns } = (await readTableFile({ shown: 'types.csv', path: types })).table;
    // Parquet files are written with milliseconds.
    table = { rows, columns: columns.filter(({ name }) => name !== 'nanos') };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const backwards = (): Int32Array => Int32Array.from({ length: table.rows }, (_, i) => table.rows - 1 - i);
  /** What a reader of the written file finds. */
  const readBack = async (files: Record<string, Uint8Array>): Promise<Table> => {
    const [[name, bytes] = ['', new Uint8Array()]] = Object.entries(files);
    writeFileSync(join(folder, name), bytes);
    return (await readTableFile({ shown: name, path: join(folder, name) })).table;
  };

  it('hold in Parquet the kinds and values of the columns, in the order of the rows', async () => {
    const rows = backwards();
    const written = tableFile('train', 'parquet', { table, inputs: table.columns, rows });
    expect(Object.keys(written)).toEqual(['train.parquet']);
    expect(fingerprintTable(await readBack(written))).toBe(fingerprintTable(selectRows(table, rows)));
  });

  it('hold the same numbers and names in CSV, dates as days', async () => {
    const rows = backwards();
    const inputs = table.columns.filter(({ kind }) => kind === 'numeric' || kind === 'categorical');
    const written = tableFile('train', 'csv', { table, inputs, rows });
    const wanted = selectRows({ rows: table.rows, columns: inputs }, rows);
    expect(fingerprintTable(await readBack(written))).toBe(fingerprintTable(wanted));
    const dates = table.columns.filter(({ kind }) => kind === 'date');
    const read = await readBack(tableFile('days', 'csv', { table, inputs: dates, rows }));
    expect(read.columns.map((column) => 'values' in column && column.values)).toEqual(
      selectRows({ rows: table.rows, columns: dates }, rows).columns.map(
        (column) => 'values' in column && column.values,
      ),
    );
  });

  it.each(['csv', 'parquet'] as const)(
    'end with the target in %s: a name of a class, or a number',
    async (format) => {
      const rows = Int32Array.of(2, 0);
      const y = Float64Array.of(0, 1, 1);
      const inputs = table.columns.slice(0, 1);
      const targetOf = async (classes: readonly string[]) => {
        const target = { name: 'y', classes, y };
        const read = await readBack(tableFile('t', format, { table, inputs, rows, target }));
        return read.columns[1];
      };
      expect(await targetOf(['rain, hail', 'sun'])).toMatchObject({
        ...{ name: 'y', kind: 'categorical', levels: ['rain, hail', 'sun'], codes: Int32Array.of(1, 0) },
      });
      // Two numbers alone would be read as a flag.
      y.set([0.5, 7, 2.25]);
      expect(await targetOf([])).toMatchObject({
        name: 'y',
        kind: 'numeric',
        values: Float64Array.of(2.25, 0.5),
      });
    },
  );
});
