import { describe, expect, it } from '@jest/globals';
import { checkData, type CheckedData, type CheckOptions } from '../../../src/data/check.ts';
import type { FeatureRecipe } from '../../../src/contracts/feature.ts';
import type { UserError } from '../../../src/errors/user-error.ts';
import { faultOf, typed } from './csv.ts';

type Options = Partial<CheckOptions>;

/** Rows `cells(i)` under a header, checked. */
async function check(header: string, rows: number, cells: (row: number) => string, options: Options = {}) {
  const lines = Array.from({ length: rows }, (_, row) => cells(row));
  const table = await typed([header, ...lines].join('\n'), options.types ? { types: options.types } : {});
  return checkData(table, { file: 'data.csv', target: 'y', ...options });
}

const codes = ({ notices }: CheckedData) => notices.map(({ code, column }) => `${code} ${column ?? ''}`);
const allFaults = (error: UserError) => [error, ...error.more];
/** A number without order in the row number. */
const scattered = (row: number, modulus: number) => (row * 7919) % modulus;

describe('the task', () => {
  it.each<[string, string, (row: number) => string, string[]]>([
    ['binary', 'y has 2 classes', (row) => (row % 3 ? 'no' : 'yes'), ['no', 'yes']],
    ['binary', 'y has 2 different whole numbers', (row) => String(row % 2), ['0', '1']],
    ['binary', 'y has 2 classes', (row) => (row % 2 ? 'True' : 'False'), ['false', 'true']],
    ['multiclass', 'y has 3 classes', (row) => 'abc'.charAt(row % 3), ['a', 'b', 'c']],
    ['multiclass', 'y has 20 different whole numbers', (row) => String(100 + (row % 20)), []],
    ['regression', 'y has 21 different whole numbers (more than 20)', (row) => String(row % 21), []],
    ['regression', 'y holds numbers that are not whole', (row) => `${row % 3}.5`, []],
  ])('is %s because %s', async (task, reason, label, classes) => {
    const checked = await check('x,y', 84, (row) => `${scattered(row, 10)},${label(row)}`);
    expect(checked).toMatchObject({ task, taskReason: reason });
    if (classes.length > 0) expect(checked.classes).toEqual(classes);
  });

  it('is what the configuration says, where it can be', async () => {
    const cells = (row: number) => `${scattered(row, 10)},${row % 5}`;
    const checked = await check('x,y', 50, cells, { task: 'regression' });
    expect([checked.classes, [...checked.y.subarray(0, 6)]]).toEqual([[], [0, 1, 2, 3, 4, 0]]);
    expect((await faultOf(check('x,y', 50, cells, { task: 'binary' }))).code).toBe('DATA_TARGET');
    const text = (row: number) => `${scattered(row, 10)},${row % 2 ? 'a' : 'b'}`;
    expect((await faultOf(check('x,y', 50, text, { task: 'regression' }))).code).toBe('DATA_TARGET');
    expect((await faultOf(check('x,y', 50, text, { task: 'multiclass' }))).code).toBe('DATA_TARGET');
  });

  it('puts the positive class last and knows no other', async () => {
    const cells = (row: number) => `${scattered(row, 10)},${row % 2 ? 'a' : 'b'}`;
    const checked = await check('x,y', 60, cells, { positive: 'a' });
    expect(checked).toMatchObject({ classes: ['b', 'a'], classRows: [30, 30] });
    expect([...checked.y.subarray(0, 3)]).toEqual([0, 1, 0]);
    const error = await faultOf(check('x,y', 60, cells, { positive: 'c' }));
    expect(error).toMatchObject({ code: 'DATA_TARGET', fix: 'Use one of: "a", "b".' });
  });

  it('leaves out rows without a target and counts them', async () => {
    const checked = await check('x,y', 60, (row) => `${scattered(row, 10)},${['0', '1', 'NA'][row % 3]!}`);
    expect(checked.rows).toHaveLength(40);
    expect([...checked.rows.subarray(0, 3)]).toEqual([0, 1, 3]);
    expect(checked.notices[0]).toMatchObject({
      code: 'TARGET_MISSING',
      message: expect.stringContaining('20 rows'),
    });
  });

  it.each<[string, (row: number) => string]>([
    ['no value', () => 'NA'],
    ['the same value', () => 'a'],
    ['a date', (row) => `2019-01-0${1 + (row % 9)}`],
    ['names', (row) => `name${row}`],
  ])('can not be learnt from %s', async (_, label) => {
    const error = await faultOf(check('x,y', 1200, (row) => `${scattered(row, 10)},${label(row)}`));
    expect(error).toMatchObject({ code: 'DATA_TARGET', at: { name: 'y' } });
  });

  it('can not be learnt where numbers are too large for a model', async () => {
    const cells = (row: number) => `${scattered(row, 10)},${row === 6 ? '-1e155' : row + 0.5}`;
    expect(await faultOf(check('x,y', 60, cells))).toMatchObject({
      ...{ code: 'DATA_TARGET', at: { file: 'data.csv', name: 'y', row: 7 } },
      message: 'The target is -1e+155 in this row; at most 1e+30 can be learnt.',
    });
  });

  it('names rare classes', async () => {
    const checked = await check(
      'x,y',
      60,
      (row) => `${scattered(row, 10)},${row < 3 ? 'rare' : 'ab'.charAt(row % 2)}`,
    );
    expect(codes(checked)).toEqual(['RARE_CLASS y']);
  });
});

describe('features', () => {
  const label = (row: number) => String(scattered(row, 997) % 2);

  it('are all columns but the target, key, time, group, dropped, constant and empty ones', async () => {
    const checked = await check(
      'a,id,when,who,old,one,none,half,y',
      120,
      (row) => [row % 7, `k${row}`, row, row % 40, row % 3, 5, 'NA', row % 2 ? 1 : '', label(row)].join(','),
      { key: 'id', time: 'when', group: 'who', drop: ['old'] },
    );
    expect(checked.features).toEqual(['a', 'half']);
    expect(codes(checked)).toEqual(['CONSTANT_COLUMN one', 'EMPTY_COLUMN none']);
  });

  it('leave out the weight, which every row in use needs', async () => {
    const weighed = (weight: (row: number) => string) =>
      check('a,w,y', 60, (row) => [row % 7, weight(row), row === 9 ? '' : label(row)].join(','), {
        weight: 'w',
      });
    const checked = await weighed((row) => (row === 9 ? '' : String(0.5 + (row % 3))));
    expect(checked.features).toEqual(['a']);
    expect([...checked.weights!.subarray(7, 11)]).toEqual([1.5, 2.5, 1.5, 2.5]);
    const complaint = async (weight: (row: number) => string) => {
      const { code, at, message, fix } = await faultOf(weighed(weight));
      return [code, at.name, at.row ?? '-', message, fix].join(' | ');
    };
    expect(await complaint((row) => (row === 4 ? '0' : '1.5'))).toBe(
      'DATA_COLUMN | w | 5 | The weight is 0 in this row; it must be a number from 1e-9 to 1000000000. | ' +
        'Remove rows that count for nothing, or remove data.weight.',
    );
    expect(await complaint((row) => (row === 4 ? '' : '2'))).toContain('w | 5 | The weight has no value');
    expect(await complaint((row) => (row === 4 ? '-3' : '2'))).toContain('w | 5 | The weight is -3');
    expect(await complaint((row) => 'abc'.charAt(row % 3))).toContain('holds texts, not numbers');
    expect(
      await faultOf(check('a,y', 60, (row) => `${row % 7},${label(row)}`, { weight: 'A' })),
    ).toMatchObject({
      message: 'data.weight names the column "A", which the file does not have.',
      fix: 'Did you mean "a"?',
    });
  });

  it('that name rows or are free text are errors with two fixes, all at once', async () => {
    const cells = (row: number) =>
      [`n${scattered(row, 5000)}`, row, scattered(row, 5003), `t${row % 1100}`, row % 6, label(row)].join(
        ',',
      );
    const error = await faultOf(check('name,index,number,text,x,y', 5000, cells));
    const faults = allFaults(error);
    expect(faults.map(({ at }) => at.name)).toEqual(['name', 'index', 'number', 'text']);
    for (const { code, fix } of faults) {
      expect(code).toBe('DATA_COLUMN');
      expect(fix).toMatch(/data\.drop.*data\.types/);
    }
    expect(faults[1]!.message).toMatch(/increase row by row/);
    const types = { name: 'categorical', index: 'numeric', number: 'numeric', text: 'categorical' } as const;
    expect((await check('name,index,number,text,x,y', 5000, cells, { types })).features).toHaveLength(5);
  });

  it('may be unique in small tables, and where they are not whole or are dates', async () => {
    const small = await check('x,z,y', 100, (row) => `n${row},${row % 5},${label(row)}`);
    expect(small.features).toEqual(['x', 'z']);
    const cells = (row: number) =>
      `${scattered(row, 1009)}.5,20${10 + (row % 80)}-01-0${1 + (row % 9)},${label(row)}`;
    expect((await check('x,z,y', 500, cells)).features).toEqual(['x', 'z']);
  });

  it('must be there', async () => {
    const error = await faultOf(check('x,y', 60, (row) => `5,${label(row)}`));
    expect(error).toMatchObject({ code: 'DATA_COLUMN', message: 'No column is left to learn from.' });
  });

  it('that the configuration names must be in the file', async () => {
    const error = await faultOf(
      check('price,y', 60, (row) => `${row % 7},${label(row)}`, { drop: ['prise'], key: 'id', target: 'z' }),
    );
    expect(allFaults(error).map(({ at }) => at.name)).toEqual(['z', 'id', 'prise']);
    expect(error.more[1]!.fix).toBe('Did you mean "price"?');
  });

  it('need a key in every row and a time that has an order', async () => {
    const cells = (row: number) => `${row === 4 ? '' : `k${row}`},a${row % 3},${row % 5},${label(row)}`;
    const error = await faultOf(check('id,when,x,y', 60, cells, { key: 'id', time: 'when' }));
    expect(allFaults(error).map(({ at }) => [at.name, at.row])).toEqual([
      ['id', 5],
      ['when', undefined],
    ]);
  });
});

describe('suspicious columns', () => {
  const label = (row: number) => scattered(row, 997) % 2;

  it('are named when one predicts the target almost perfectly', async () => {
    const checked = await check('number,text,blank,weak,y', 400, (row) => {
      const y = label(row);
      const jitter = scattered(row, 101) / 1000;
      return [y + jitter, y ? 'paid' : 'open', y ? scattered(row, 50) : '', (row + y) % 9, y].join(',');
    });
    expect(codes(checked)).toEqual(['LEAK number', 'LEAK text', 'LEAK blank']);
    expect(checked.features).toHaveLength(4);
  });

  it('are named although they are dropped, where a feature reads them', async () => {
    const columns = (row: number): string =>
      `${label(row) ? 'paid' : 'open'},${scattered(row, 50)},${label(row)}`;
    const recipes = [{ kind: 'target-mean', name: 'rate', sources: ['state'], smoothing: 10 }] as const;
    const options = { drop: ['state', 'n'], recipes };
    const checked = await check('state,n,y', 400, columns, options);
    expect(checked.notices.filter(({ code }) => code === 'LEAK')).toMatchObject([
      { column: 'state', fix: 'If not, remove rate from features.' },
    ]);
    expect(checked.features).toEqual([]);
  });

  it('are named in a regression, too', async () => {
    const checked = await check('same,other,y', 200, (row) => {
      const y = scattered(row, 997) + 0.5;
      return `${y * 3 + 1},${scattered(row + 3, 89)},${y}`;
    });
    expect(codes(checked)).toEqual(['LEAK same']);
  });

  it('are numbers with a few texts among them, and dates in order', async () => {
    const checked = await check('age,day,y', 200, (row) => {
      const day = String(1 + Math.floor(row / 10)).padStart(2, '0');
      return `${row % 40 === 0 ? 'unknown' : row % 17},2019-03-${day},${label(row)}`;
    });
    expect(codes(checked)).toEqual(['MOSTLY_NUMBERS age', 'TIME_ORDERED day']);
    expect(checked.notices[0]!.message).toContain('5 of 200 values ("unknown")');
  });
});

describe('engineered features', () => {
  const cells = (row: number) =>
    `${scattered(row, 10)},${scattered(row, 7)},2024-01-${10 + (row % 9)},${'pqr'.charAt(row % 3)},g${row % 5},${row % 2}`;
  const header = 'a,b,t,c,grp,y';
  const faults = async (recipes: FeatureRecipe[], options: Options = {}) =>
    allFaults(await faultOf(check(header, 60, cells, { group: 'grp', recipes, ...options }))).map(
      ({ message, fix }) => [message, fix],
    );
  const log = (source: string): FeatureRecipe => ({ name: 'ff', kind: 'log', sources: [source] });

  it('may read dropped columns and the time, and be all that there is', async () => {
    const recipes: FeatureRecipe[] = [
      { name: 'per', kind: 'ratio', sources: ['a', 'b'] },
      { name: 'day', kind: 'date-part', sources: ['t'], part: 'day', as: 'number' },
      { name: 'log-per', kind: 'log', sources: ['per'] },
    ];
    const drop = ['a', 'b', 'c', 'grp'];
    const checked = await check(header, 60, cells, { drop, time: 't', recipes });
    expect(checked.features).toEqual([]);
    expect((await faultOf(check(header, 60, cells, { drop, time: 't' }))).code).toBe('DATA_COLUMN');
  });

  it('name the columns that they can not read', async () => {
    expect(await faults([log('aa')])).toEqual([
      ['features.ff names the column "aa", which the file does not have.', 'Did you mean "a"?'],
    ]);
    const messages = async (...recipes: FeatureRecipe[]) => (await faults(recipes)).map(([text]) => text);
    expect(await messages(log('y'))).toEqual(['It reads "y", which is the target and never learnt from.']);
    expect(await messages(log('grp'))).toEqual(['It reads "grp", which is the group and never learnt from.']);
    expect(await messages(log('c'))).toEqual(['"log" needs a column of numbers; "c" is a category.']);
    expect(await messages({ ...log('b'), name: 'a' })).toEqual([
      'features names a feature "a", and a column of the file has that name.',
    ]);
    expect(await messages(log('ff'))).toEqual(['It reads the feature "ff", which comes later.']);
    const mean: FeatureRecipe = { name: 'mm', kind: 'target-mean', sources: ['c'], smoothing: 1 };
    expect(await messages(mean, log('mm'))).toEqual([
      'It reads the target mean "mm", which differs between training and prediction.',
    ]);
    expect(await messages({ name: 'dd', kind: 'difference', sources: ['t', 'a'] })).toEqual([
      '"difference" needs two columns of numbers, or two of dates; "t" is a date and "a" is a number.',
    ]);
    expect(await faults([mean], { target: 'c', group: 'y' })).toEqual([
      ['It reads "c", which is the target and never learnt from.', 'Compute the feature from other columns.'],
    ]);
    expect(await faults([{ ...mean, sources: ['grp'] }], { target: 'c', group: undefined })).toEqual([
      [expect.stringContaining('this one has 3 classes'), expect.any(String)],
    ]);
  });
});
