import { describe, expect, it } from '@jest/globals';
import { createReadStream, readFileSync } from 'node:fs';
import { columnFacts } from '../../../src/data/column-facts.ts';
import { profileTable } from '../../../src/data/profile.ts';
import { readCsv } from '../../../src/data/read-csv.ts';
import { renderProfile } from '../../../src/data/render-profile.ts';
import { chunksOf } from './csv.ts';

const folder = new URL('../../fixtures/data/', import.meta.url);
const read = (file: string) => readCsv(createReadStream(new URL(file, folder)), { file });
const profileOf = async (text: string, target?: string) =>
  profileTable(await readCsv(chunksOf(text, 99), { file: 'a.csv' }), {
    file: 'a.csv',
    check: target === undefined ? undefined : { file: 'a.csv', target },
  });

interface Expected {
  readonly rows: number;
  readonly columns: Record<string, { kind: string; missing: number; distinct: number; sum: number | null }>;
}
const expected = Object.entries(
  JSON.parse(readFileSync(new URL('columns.json', folder), 'utf8')) as Record<string, Expected>,
);

describe('real data sets', () => {
  it.each(expected)('%s is read as pandas reads it', async (file, { rows, columns }) => {
    const { table } = await read(file);
    const all = Int32Array.from({ length: table.rows }, (_, row) => row);
    expect([table.rows, table.columns.map(({ name }) => name)]).toEqual([rows, Object.keys(columns)]);
    for (const column of table.columns) {
      const { kind, missing, distinct, sum } = columns[column.name]!;
      expect({ kind: column.kind, ...columnFacts(column, all) }).toMatchObject({ kind, missing, distinct });
      if (column.kind === 'categorical') continue;
      const total = column.values.reduce((before, value) => before + (Number.isNaN(value) ? 0 : value), 0);
      expect(total).toBeCloseTo(sum!, 6);
    }
  });

  it('have a profile that fits a terminal', async () => {
    const check = { file: 'penguins.csv', target: 'species' };
    expect(
      renderProfile(profileTable(await read('penguins.csv'), { file: 'penguins.csv', check })),
    ).toMatchSnapshot();
  });
});

describe('profileTable', () => {
  it('recommends columns that identify each row, or else pairs', async () => {
    expect((await profileOf('id,x\n3,1.5\n1,2.5\n2,3.5\n')).keys).toEqual([['id']]);
    expect((await profileOf('a,b,y\n1,x,1\n1,z,2\n2,x,3\n', 'y')).keys).toEqual([['a', 'b']]);
    const repeated = await profileOf('a,b\n1,x\n1,x\n2,x\n');
    expect([repeated.keys, repeated.duplicateRows]).toEqual([[], 1]);
  });

  it('reports what stands in the way without throwing it', async () => {
    const lines = Array.from({ length: 200 }, (_, row) => `${row},${row % 3},${row % 2}`);
    const profile = await profileOf(['row,x,y', ...lines].join('\n'), 'y');
    expect(profile.problem).toMatchObject({ code: 'DATA_COLUMN', at: { name: 'row' } });
    expect(renderProfile(profile)).toContain('fix:   Add row to data.drop');
  });

  it('summarises empty and boolean columns, and keeps control characters off the terminal', async () => {
    const profile = await profileOf('none,flag,text\n,true,"a\u001b[2J"\n,false,b\n,true,c\n');
    expect(profile.columns.map(({ summary }) => summary)).toMatchObject([
      { kind: 'empty' },
      { kind: 'levels', top: [{ level: 'true', share: 2 / 3 }, { level: 'false' }] },
      { kind: 'levels' },
    ]);
    expect(renderProfile(profile)).not.toContain('\u001b');
  });
});
