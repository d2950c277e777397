import { describe, expect, it } from '@jest/globals';
import { checkData } from '../../../src/data/check.ts';
import { fingerprintTable } from '../../../src/data/fingerprint.ts';
import { joinHoldout, sharedRowsNotice } from '../../../src/data/given-holdout.ts';
import { identitiesOf } from '../../../src/data/identity.ts';
import { readCsv, readRawCsv } from '../../../src/data/read-csv.ts';
import { splitAt } from '../../../src/data/split.ts';
import { findColumn } from '../../../src/data/table.ts';
import { UserError } from '../../../src/errors/user-error.ts';

const bytes = (text: string) => [new TextEncoder().encode(text)];
const train = 'a,c,note,y\n1,x,n,no\n2.50,y,m,yes\n3,x,,no\n4,,k,yes\n5,x,j,\n';
const roles = { file: 'train.csv', target: 'y', drop: ['note'] };

async function join(test: string, more: object = {}) {
  const read = await readCsv(bytes(train), { file: 'train.csv' });
  const raw = await readRawCsv(bytes(test), { file: 'test.csv' });
  const checked = checkData(read.table, { ...roles, ...more });
  return joinHoldout(
    { read, checked, source: 'train.csv', raw, format: { file: 'test.csv' } },
    { ...roles, ...more },
  );
}

async function faultsOf(test: string, more: object = {}): Promise<string[]> {
  try {
    await join(test, more);
  } catch (error) {
    if (error instanceof UserError)
      return [error, ...error.more].map(({ at, message, fix }) =>
        [at.file, at.name, at.row ?? '-', message, fix].join(' | '),
      );
  }
  return [];
}

describe('joinHoldout', () => {
  it('asks for no weights of rows that nothing learns from', async () => {
    const { read, checked } = await join('y,c\nyes,x\nno,x\n', { weight: 'a' });
    expect([...checked.weights!]).toEqual([1, 2.5, 3, 4, 1, 1]);
    const other = await readCsv(bytes(train.replace('2.50', '2')), { file: 'train.csv' });
    expect(fingerprintTable(read.table)).not.toBe(fingerprintTable(other.table));
  });

  it('puts the rows below, by column name, with categories that only the test set has', async () => {
    const { read, checked } = await join('y,c,a\nyes,new,7\nno,x,8\n,x,9\n');
    expect(read.table.rows).toBe(8);
    expect([...checked.rows]).toEqual([0, 1, 2, 3, 5, 6]);
    expect([...checked.y]).toEqual([0, 1, 0, 1, 1, 0]);
    expect(checked.classRows).toEqual([3, 3]);
    const c = findColumn(read.table, 'c');
    if (c?.kind !== 'categorical') throw new Error('c is categorical');
    expect(Array.from(c.codes, (code) => c.levels[code] ?? null)).toEqual([
      'x',
      'y',
      'x',
      null,
      'x',
      'new',
      'x',
      'x',
    ]);
    expect(read.raw.columns.map(({ name }) => name)).toEqual(['a', 'c', 'y']);
    expect(checked.notices.map(({ message }) => message)).toContain(
      '1 row of test.csv has no target and is left out.',
    );
  });

  it('reads cells as the same file in one piece would be read', async () => {
    const [header, ...lines] = train.trimEnd().split('\n');
    const { read } = await join(`${header}\n${lines.toReversed().join('\n')}\n`);
    const whole = await readCsv(bytes([header, ...lines, ...lines.toReversed(), ''].join('\n')), {
      file: 'w',
    });
    expect(fingerprintTable(read.table)).toBe(fingerprintTable(whole.table));
    const all = Int32Array.from({ length: 10 }, (_, row) => row);
    const columns = ['a', 'c', 'note', 'y'];
    expect(identitiesOf(read.raw, all, columns, 's')).toEqual(identitiesOf(whole.raw, all, columns, 's'));
  });

  it('names file and column of what does not fit', async () => {
    expect(await faultsOf('a,note\n1,n\n')).toEqual([
      'test.csv | c | - | The test set has no column "c", train.csv has. | Add the column to test.csv, or name it in data.drop.',
      'test.csv | y | - | The test set has no column "y", train.csv has. | ' +
        'A test set needs the answers: add the column, or use holdout: { fraction: 0.2 } instead of this file.',
    ]);
    expect(await faultsOf('a,c,y,z\n1,x,no,1\n')).toEqual([
      'test.csv | z | - | The test set has a column "z", train.csv has none. | Remove the column from test.csv, or add it to train.csv.',
    ]);
    expect(await faultsOf('a,c,y\n1,x,no\n2,x,maybe\n')).toEqual([
      'test.csv | y | 2 | The class "maybe" stands in no row of train.csv: no model can learn it. | ' +
        'Add rows of it to train.csv, or remove its rows from test.csv.',
    ]);
    expect(await faultsOf('a,c,y\n1,x,no\nlow,x,no\n')).toEqual([
      'test.csv | a | 2 | "low" is not a number, as the column is in train.csv. | ' +
        'Correct the cell, add it to data.missing if it means "no value", or give a another kind in data.types.',
    ]);
    expect(await faultsOf('a,c,y\n1,x,no\n,x,no\n', { key: 'a' })).toEqual([
      expect.stringContaining('test.csv | a | 2 | The key has no value'),
    ]);
    expect(await faultsOf('a,c,y\n1,x,\n')).toEqual([
      expect.stringContaining('test.csv | y | - | The target has no value in any row.'),
    ]);
  });
});

describe('sharedRowsNotice', () => {
  it('counts test rows that development has too', async () => {
    const { read, checked } = await join('a,c,y\n2.5,y,yes\n8,x,no\n4,,no\n');
    const units = identitiesOf(read.raw, checked.rows, ['a', 'c'], 's');
    const files = { source: 'train.csv', file: 'test.csv' };
    const split = splitAt(4, 7);
    expect(sharedRowsNotice(units, split, files, {})).toMatchObject([
      {
        column: null,
        message: expect.stringContaining('2 of 3 rows (67%) of the test set (hold-out) test.csv'),
      },
    ]);
    expect(sharedRowsNotice(units, split, files, { key: 'a' })[0]!.fix).toBe(
      'Keep each a in one of the files.',
    );
    expect(sharedRowsNotice(units, splitAt(5, 6), files, {})).toEqual([]);
  });
});
