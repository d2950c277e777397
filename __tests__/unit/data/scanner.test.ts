import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cells, faultOf, raw } from './csv.ts';

describe('CSV that follows the rules', () => {
  it.each([
    ['LF', 'a,b\n1,x\n2,y\n'],
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['CR alone', 'a,b\r1,x\r2,y\r'],
    ['no line end at the end', 'a,b\n1,x\n2,y'],
    ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['blank lines', 'a,b\n\n1,x\r\n\r\n2,y\n\n'],
    ['semicolons', 'a;b\n1;x\n2;y\n'],
    ['tabs', 'a\tb\n1\tx\n2\ty\n'],
    ['bars', 'a|b\n1|x\n2|y\n'],
    ['needless quotes', '"a","b"\n"1","x"\n2,"y"\n'],
    ['blanks around names', ' a , b\n1,x\n2,y\n'],
  ])('reads %s', async (_, text) => {
    for (const size of [1, 2, 3, 1000])
      expect(cells(await raw(text, size))).toEqual([
        ['a', 'b'],
        ['1', 'x'],
        ['2', 'y'],
      ]);
  });

  it('reads quoted delimiters, quotes and line ends', async () => {
    const table = await raw('name,n\n"Braund, Mr. ""Owen""",1\n"two\r\nlines",2\n"",3\n');
    expect(cells(table).slice(1)).toEqual([
      ['Braund, Mr. "Owen"', '1'],
      ['two\r\nlines', '2'],
      ['', '3'],
    ]);
  });

  it('finds the delimiter outside quotes, and takes the one that is given', async () => {
    expect(cells(await raw('"a,b,c";d\n1;2\n'))[0]).toEqual(['a,b,c', 'd']);
    expect(cells(await raw('a,b;c\n1,2;3\n', 9, ';'))[0]).toEqual(['a,b', 'c']);
    expect(cells(await raw('a:b\n1:2\n', 9, ':'))[1]).toEqual(['1', '2']);
  });

  it('keeps an empty last field, with and without a line end behind it', async () => {
    expect(cells(await raw('a,b\n1,\n2,\n'))).toEqual([
      ['a', 'b'],
      ['1', ''],
      ['2', ''],
    ]);
    expect(cells(await raw('a,b\n1,\n2,'))).toEqual([
      ['a', 'b'],
      ['1', ''],
      ['2', ''],
    ]);
  });

  it('gives back every number as it was written', async () => {
    const written = [
      ...[
        '0',
        '-0',
        '1',
        '1.0',
        '007',
        '-12.50',
        '0.1',
        '123456789012345',
        '12345678901234567890',
        '1e5',
        '1e999',
      ],
      ...[
        '.5',
        '5.',
        '+5',
        '0.05644299999999999',
        '1.7976931348623157e+308',
        '--1',
        '1.2.3',
        '1-2',
        '-',
        '.',
        ' 5',
      ],
    ];
    const table = await raw(['n', ...written].join('\n'));
    expect(cells(table).flat().slice(1)).toEqual(written);
  });

  it('is the inverse of writing, wherever the chunks end', async () => {
    const field = fc.oneof(
      fc
        .string({ unit: 'binary', maxLength: 6 })
        .filter((text) => !text.includes('\0') && text.isWellFormed()),
      fc.constantFrom('', '"', ',', '\n', '\r', '\r\n', '""', 'é', '𝄞', ' ', '﻿'),
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    );
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }))
      .chain(([width, height]) =>
        fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: width, maxLength: width }), {
          minLength: height,
          maxLength: height,
        }),
      );
    const options = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      last: fc.boolean(),
      chunk: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(matrix, options, async (rows, { delimiter, lineEnd, last, chunk }) => {
        const header = rows[0]!.map((_, i) => `c${i}`);
        const lines = rows.map((row) =>
          row.map(([text, quote]) => (quote || needsQuotes(text) ? quoted(text) : text)).join(delimiter),
        );
        const file = [header.join(delimiter), ...lines].join(lineEnd) + (last ? lineEnd : '');
        const table = await raw(file, chunk, delimiter);
        expect(cells(table).slice(1)).toEqual(rows.map((row) => row.map(([text]) => text)));
      }),
      { numRuns: 300 },
    );
  });
});

/** A lone empty field would be a blank line; the rest is RFC 4180. */
function needsQuotes(text: string): boolean {
  return text === '' || /[",;\t|\r\n]/.test(text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

describe('CSV that breaks the rules', () => {
  it.each([
    ['too few fields', 'a,b\n1,2\n3\n', { line: 3, row: 2 }, /1 field, the header has 2/],
    ['too many fields', 'a,b\n"x\ny",2\n1,2,3\n', { line: 4, row: 2 }, /3 fields, the header has 2/],
    [
      'text after a quote',
      'a,b\n1,"x"y\n',
      { line: 2, row: 1, column: 6, name: 'b' },
      /after a closing quote/,
    ],
    ['a quote inside', 'a,b\n1,2\nx"y,2\n', { line: 3, row: 2, column: 2, name: 'a' }, /inside an unquoted/],
    ['an open quote', 'a,b\n1,2\n1,"x\n2,y\n', { line: 3, row: 2, column: 3, name: 'b' }, /never closed/],
    ['a NUL byte', 'a,b\n1,x\0y\n', { line: 2, row: 1, column: 3, name: 'b' }, /NUL/],
    ['no content', '', { line: 1 }, /empty/],
    ['an empty first line', '\na,b\n', { line: 1 }, /first line is empty/],
    ['a nameless column', ',a\n0,1\n', { line: 1 }, /no name/],
    ['a name twice', 'a,b,a\n1,2,3\n', { line: 1, name: 'a' }, /Columns 1 and 3/],
    ['no header', '5.1,3.5\n4.9,3.0\n', { line: 1 }, /not column names/],
  ])('says where there is %s', async (_, text, place, message) => {
    for (const size of [1, 4, 100]) {
      const error = await faultOf(raw(text, size));
      expect(error.code).toBe('DATA_SYNTAX');
      expect(error.message).toMatch(message);
      expect(error.at).toMatchObject({ file: 'data.csv', ...place });
    }
  });

  it('reports several faults at once, at most ten', async () => {
    const error = await faultOf(raw('a,b\n1\n1,2\n1,2,3\n'));
    expect([error, ...error.more].map(({ at }) => at.row)).toEqual([1, 3]);
    const many = await faultOf(raw(`a,b\n${'1\n'.repeat(1000)}`));
    expect(many.more).toHaveLength(9);
  });

  it('needs rows below the header', async () => {
    for (const text of ['a,b', 'a,b\n', 'a,b\r\n\r\n'])
      expect((await faultOf(raw(text))).code).toBe('DATA_TOO_SMALL');
  });

  it('stops at a quoted field that has no end', async () => {
    const error = await faultOf(raw(`a,b\n1,"${'x,y\n'.repeat(400_000)}`, 65_536));
    expect(error.message).toMatch(/longer than 1 MB/);
    expect(error.at).toMatchObject({ line: 2, row: 1, name: 'b' });
  });

  it('refuses a delimiter that can not be one', async () => {
    expect((await faultOf(raw('a"b\n', 9, '"'))).code).toBe('CONFIG_INVALID');
  });
});

describe('files that are not UTF-8 text', () => {
  const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));

  it('names Latin-1 with row, column and the command that converts', async () => {
    const error = await faultOf(raw(bytes('name,n\nAnna,1\nRené,2\n', 'latin1')));
    expect(error).toMatchObject({
      code: 'DATA_ENCODING',
      at: { file: 'data.csv', line: 3, row: 2, name: 'name' },
      fix: expect.stringContaining('iconv -f WINDOWS-1252 -t UTF-8 "data.csv"'),
    });
    expect(error.message).toContain('René');
    expect((await faultOf(raw(bytes('größe,n\n1,2\n', 'latin1')))).code).toBe('DATA_ENCODING');
  });

  it('names UTF-16, with and without a byte order mark', async () => {
    for (const mark of ['', '\ufeff']) {
      const error = await faultOf(raw(bytes(`${mark}a,b\n1,2\n`, 'utf16le')));
      expect(error).toMatchObject({ code: 'DATA_ENCODING', fix: expect.stringContaining('-f UTF-16LE') });
    }
  });

  it('names pointers of Git LFS and DVC', async () => {
    const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n';
    expect(await faultOf(raw(lfs))).toMatchObject({
      code: 'DATA_LFS_POINTER',
      fix: expect.stringMatching(/git lfs pull.*lfs: true/),
    });
    const dvc = 'outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 37891850\n  path: data.csv\n';
    expect(await faultOf(raw(dvc))).toMatchObject({
      code: 'DATA_DVC_POINTER',
      fix: expect.stringContaining('dvc pull'),
    });
  });

  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['Excel', [0x50, 0x4b, 3, 4, 20]],
    ['Parquet', [0x50, 0x41, 0x52, 0x31]],
  ])('names %s', async (name, head) => {
    expect((await faultOf(raw(Uint8Array.from(head)))).message).toMatch(new RegExp(name));
  });
});
