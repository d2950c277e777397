import { describe, expect, it } from '@jest/globals';
import { checkData } from '../../../src/data/check.ts';
import type { Encoding } from '../../../src/data/csv/encoding.ts';
import { parseDate } from '../../../src/data/dates.ts';
import { readCsv, type ReadOptions } from '../../../src/data/read-csv.ts';
import type { Column } from '../../../src/data/table.ts';
import type { TypeOptions } from '../../../src/data/types.ts';
import { cells, chunksOf, faultOf } from './csv.ts';

type Options = Partial<ReadOptions & TypeOptions>;
const read = (text: string | Uint8Array, options: Options = {}) =>
  readCsv(chunksOf(text, 5), { file: 'data.csv', ...options });
const columnsOf = async (text: string | Uint8Array, options?: Options): Promise<readonly Column[]> =>
  (await read(text, options)).table.columns;
const shown = (column: Column) =>
  column.kind === 'categorical' ? [column.kind, ...column.levels] : [column.kind, ...column.values];

describe('a decimal comma', () => {
  const german = 'name;price\nKäse;1,5\nBrot;-0,25\nWein;12\nÖl;1,2e3\nSalz;0,05644299999999999\n';

  it('is read where it is declared, and the delimiter is another character', async () => {
    const [, price] = await columnsOf(german, { decimal: ',' });
    expect(shown(price!)).toEqual(['numeric', 1.5, -0.25, 12, 1200, 0.05644299999999999]);
    const quoted = await columnsOf('a,b\n"1,5",x\n"2,5",y\n', { decimal: ',' });
    expect(shown(quoted[0]!)).toEqual(['numeric', 1.5, 2.5]);
  });

  it('leaves row identities as they are when the file is written with points later', async () => {
    const { raw } = await read('a;b\n1,5;x\n', { decimal: ',' });
    const { raw: later } = await read('a,b\n1.5,x\n');
    expect(cells(raw)).toEqual(cells(later));
  });

  it.each([
    ['1.234,5', 3],
    ['1.234', 3],
    ['-12.345.678', 3],
  ])('does not go with the thousands separator in %s', async (text, row) => {
    const fault = await faultOf(read(`a;b\n1,5;x\n;x\n${text};y\n`, { decimal: ',' }));
    expect([fault.code, fault.at]).toEqual(['DATA_COLUMN', { file: 'data.csv', row, name: 'a' }]);
    expect(fault.message).toBe(
      `"${text}" has a thousands separator, which numbers with a decimal comma must not have.`,
    );
    const [column] = await columnsOf(`a;b\n1,5;x\n${text};y\n`, {
      decimal: ',',
      types: { a: 'categorical' },
    });
    expect(column!.kind).toBe('categorical');
  });
});

describe('encodings', () => {
  const text = 'Straße,Größe\nÖ,1\nß,2\n';
  const bytes: Record<Exclude<Encoding, 'utf-8'>, Uint8Array> = {
    'latin-1': Buffer.from(text, 'latin1'),
    'windows-1252': Buffer.concat([Buffer.from(text, 'latin1'), Uint8Array.of(0x80, 0x2c, 0x33)]),
    'utf-16': Buffer.from(`\ufeff${text}`, 'utf16le'),
  };

  it.each(['latin-1', 'windows-1252', 'utf-16'] as const)(
    '%s is read where it is named',
    async (encoding) => {
      const [street, size] = await columnsOf(bytes[encoding], { encoding });
      const euro = encoding === 'windows-1252' ? ['€'] : [];
      expect([street!.name, shown(street!)]).toEqual([
        'Straße',
        ['categorical', 'Ö', 'ß', ...euro].sort(byCode),
      ]);
      expect(shown(size!)).toEqual(['numeric', 1, 2, ...(euro.length > 0 ? [3] : [])]);
    },
  );

  it('reads big-endian UTF-16 by its byte order mark', async () => {
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect((await columnsOf(swapped, { encoding: 'utf-16' }))[0]!.name).toBe('Straße');
  });

  it('that nobody named are an error with row, column and the setting', async () => {
    const fault = await faultOf(read(Buffer.from('a,b\n1,x\n2,Größe\n', 'latin1')));
    expect([fault.code, fault.at]).toEqual([
      'DATA_ENCODING',
      { file: 'data.csv', line: 3, column: 3, row: 2, name: 'b' },
    ]);
    expect(fault.message).toContain('"Größe" is not UTF-8 (byte 0xF6)');
    expect(fault.fix).toMatch(
      /^Set data\.encoding: windows-1252 \(predict: --encoding windows-1252\), or convert the file: iconv/,
    );
    expect((await faultOf(read(bytes['utf-16']))).fix).toMatch(/^Set data\.encoding: utf-16 /);
  });

  function byCode(a: string, b: string): number {
    return a === 'categorical' ? -1 : b === 'categorical' ? 1 : a < b ? -1 : 1;
  }
});

describe('dates', () => {
  const day = parseDate('2024-12-31');

  it.each([
    ['31.12.2024', undefined, 0],
    ['1.1.2025', undefined, 1],
    ['2024/12/31', undefined, 0],
    ['31.12.2024 06:00', undefined, 0.25],
    ['2024-12-31 12:00:00 UTC', undefined, 0.5],
    ['2024-12-31 13:00:00+01', undefined, 0.5],
    ['12/31/2024', 'month-first', 0],
    ['12/31/2024 1:30 PM', 'month-first', 13.5 / 24],
    ['12/31/2024 12:00 am', 'month-first', 0],
    ['31/12/2024', 'day-first', 0],
    ['31-12-2024', 'day-first', 0],
  ] as const)('%s, %s', (text, order, later) => {
    expect(parseDate(text, order)).toBeCloseTo(day + later, 9);
  });

  it.each([
    ['12/31/2024', undefined],
    ['12/31/2024', 'day-first'],
    ['31.12/2024', 'day-first'],
    ['30.2.2024', undefined],
    ['31.12.24', undefined],
    ['2024-12/31', undefined],
    ['2024-12-31 13:00 PM', undefined],
  ] as const)('%s, %s is none', (text, order) => {
    expect(parseDate(text, order)).toBeNaN();
  });
});

describe('texts that a person reads as numbers or dates', () => {
  const rows = (cell: (row: number) => string): string =>
    ['x;z;y', ...Array.from({ length: 60 }, (_, row) => `${cell(row)};${row % 7};${row % 2}`)].join('\n');
  const noticesOf = async (text: string) =>
    checkData((await read(text)).table, { file: 'data.csv', target: 'y' }).notices;

  it.each<[string, (row: number) => string, string, string]>([
    [
      'a decimal comma',
      (row) => `${row % 5},5`,
      'Numbers with a decimal comma ("0,5")',
      'Set data.decimal: ","',
    ],
    [
      'thousands',
      (row) => `${(row % 5) + 1},500`,
      'Numbers with thousands separators ("1,500")',
      'Write plain',
    ],
    ['percent signs', (row) => `${row % 5}.5%`, 'Numbers with a percent sign ("0.5%")', 'Write plain'],
    ['a currency', (row) => `$${row % 5}.50`, 'Amounts with a currency ("$0.50")', 'Write plain'],
    [
      'dates of either order',
      (row) => `0${(row % 5) + 1}/02/2024`,
      'Dates with the day or the month first ("01/02/2024")',
      'Say which: data.dates',
    ],
    [
      'dates of one order',
      (row) => `02/${(row % 5) + 11}/2024`,
      'Dates with the day or the month first ("02/11/2024")',
      'Set data.dates: month-first',
    ],
  ])('%s: categories with a notice', async (_, cell, what, fix) => {
    const [notice, ...more] = await noticesOf(rows(cell));
    expect(more).toEqual([]);
    expect(notice).toMatchObject({
      code: 'TAKEN_AS_CATEGORIES',
      column: 'x',
      message: `${what}: taken as categories.`,
    });
    expect(notice!.fix).toContain(fix);
  });

  it('are named where there are too many to be categories, or in the target', async () => {
    const many = ['x;y', ...Array.from({ length: 300 }, (_, row) => `${row},25;${row % 2}`)].join('\n');
    const { table } = await read(many);
    const fault = await faultOf(
      Promise.resolve().then(() => checkData(table, { file: 'data.csv', target: 'y' })),
    );
    expect(fault.message).toBe(
      'The column holds numbers with a decimal comma ("0,25"): 300 different texts.',
    );
    const target = await faultOf(
      Promise.resolve().then(() => checkData(table, { file: 'data.csv', target: 'x' })),
    );
    expect([target.code, target.fix]).toEqual([
      'DATA_TARGET',
      'Set data.decimal: "," to read them as numbers.',
    ]);
  });

  it('and categories that differ in case alone are pointed at', async () => {
    const [notice] = await noticesOf(rows((row) => ['yes', 'Yes', 'no'][row % 3]!));
    expect(notice).toMatchObject({
      code: 'SIMILAR_LEVELS',
      message: '"Yes" and "yes" count as two: they differ in case or blanks.',
    });
  });

  it('but words among which a number stands are just words', async () => {
    expect(await noticesOf(rows((row) => ['red', 'blue', '5%', '3', 'x'][row % 5]!))).toEqual([]);
  });
});
