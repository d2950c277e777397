import { describe, expect, it } from '@jest/globals';
import { formatDate, parseDate } from '../../../src/data/dates.ts';
import type { Column } from '../../../src/data/table.ts';
import { faultOf, typed } from './csv.ts';

async function only(
  cellTexts: readonly string[],
  options: Parameters<typeof typed>[1] = {},
): Promise<Column> {
  const lines = cellTexts.map((text) => `${text},.`);
  return (await typed(['c,other', ...lines].join('\n'), options)).columns[0]!;
}

const values = (column: Column) => (column.kind === 'categorical' ? null : [...column.values]);
const levels = (column: Column) => (column.kind === 'categorical' ? column.levels : null);

describe('kinds that are inferred', () => {
  it.each([
    ['numeric', ['1', '2.5', '-3e-2', '.5', '+4', ' 7 ']],
    ['numeric', ['1', 'NA', '?', '', 'nan', 'None']],
    ['numeric', ['NA', '']],
    ['boolean', ['true', 'False', 'TRUE', '']],
    ['date', ['2019-03-23', '2019-03-23 20:21:09', 'NA']],
    ['categorical', ['1', 'x']],
    ['categorical', ['007', '12']],
    ['categorical', ['12345678901234567890', '1']],
    ['categorical', ['1e999', '1']],
    ['categorical', ['inf', '1']],
    ['categorical', ['2019-02-30', '2019-02-28']],
    ['categorical', ['yes', 'no']],
    ['categorical', ['2019-01-01', '5']],
  ])('%s: %j', async (kind, texts) => {
    expect((await only(texts)).kind).toBe(kind);
  });

  it('reads values, missing as NaN', async () => {
    expect(values(await only(['1', 'NA', '2.50', '-1e2', '0.05644299999999999']))).toEqual([
      1,
      NaN,
      2.5,
      -100,
      0.05644299999999999,
    ]);
    expect(values(await only(['true', '', 'FALSE']))).toEqual([1, NaN, 0]);
  });

  it('sorts levels by code point and keeps categories as they are written', async () => {
    const column = await only(['b', '𝄞', '\uffee', '1.0', '1', 'a', '?', 'b']);
    expect(column).toMatchObject({ levels: ['1', '1.0', 'a', 'b', '\uffee', '𝄞'] });
    expect(column.kind === 'categorical' && [...column.codes]).toEqual([3, 5, 4, 1, 0, 2, -1, 3]);
  });

  it('takes the markers of the configuration instead, numbers among them', async () => {
    expect(values(await only(['1', 'unknown', '999', '999.0'], { missing: ['unknown', '999'] }))).toEqual([
      1,
      NaN,
      NaN,
      NaN,
    ]);
    expect(levels(await only(['x', 'NA', 'unknown'], { missing: ['unknown'] }))).toEqual(['NA', 'x']);
  });
});

describe('kinds that the user gives', () => {
  it('overrules what would be inferred', async () => {
    expect(levels(await only(['2007', '2008.0', ''], { types: { c: 'categorical' } }))).toEqual([
      '2007',
      '2008.0',
    ]);
    expect(values(await only(['007', '12'], { types: { c: 'numeric' } }))).toEqual([7, 12]);
    expect(values(await only(['yes', 'no', '1', '?'], { types: { c: 'boolean' } }))).toEqual([1, 0, 1, NaN]);
  });

  it('names the first value that does not fit', async () => {
    const error = await faultOf(only(['1', 'NA', 'x', 'y'], { types: { c: 'numeric' } }));
    expect(error).toMatchObject({ code: 'DATA_COLUMN', at: { file: 'data.csv', row: 3, name: 'c' } });
    expect(error.message).toContain('"x" is not a number');
    expect((await faultOf(only(['1', '2'], { types: { c: 'date' } }))).at.row).toBe(1);
  });

  it('knows no other columns', async () => {
    const error = await faultOf(only(['1'], { types: { othr: 'numeric' } }));
    expect(error).toMatchObject({ code: 'DATA_COLUMN', fix: 'Did you mean "other"?' });
  });
});

describe('dates', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['1900-03-01', -25_508],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
    ['2019-03-23 12:00:00', 17_978.5],
    ['2019-03-23T06:00', 17_978.25],
    ['2019-03-23T13:00:00+01:00', 17_978.5],
    ['2019-03-22T23:00:00.000-1300', 17_978.5],
  ])('%s is day %d', (text, days) => {
    expect(parseDate(text)).toBe(days);
  });

  it.each(['1900-02-29', '2019-13-01', '2019-00-10', '2019-01-01 24:00', '2019-1-1', '23.03.19', '2019-03'])(
    '%s is no date',
    (text) => {
      expect(parseDate(text)).toBeNaN();
    },
  );

  it('writes what it reads, and agrees with the calendar of the platform', () => {
    for (let day = -800_000; day < 3_000_000; day += 997) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (!/^\d{4}-/.test(text)) continue;
      expect([parseDate(text), formatDate(day)]).toEqual([day, text]);
    }
    expect(formatDate(parseDate('2019-03-23 20:21:09'))).toBe('2019-03-23 20:21:09');
  });
});
