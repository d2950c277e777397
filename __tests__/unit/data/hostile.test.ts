import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cells, chunksOf, faultOf, raw } from './csv.ts';
import { fingerprintTable } from '../../../src/data/fingerprint.ts';
import { readFoldFile } from '../../../src/data/fold-file.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { typed } from './csv.ts';

/** What reading gives: the cells, or the fault with its place. */
async function outcome(bytes: Uint8Array, size: number): Promise<unknown> {
  try {
    return cells(await raw(bytes, size));
  } catch (error) {
    if (error instanceof UserError) return [error.code, error.message, error.at, error.more.length];
    throw error;
  }
}

describe('any bytes', () => {
  const pieces = fc.array(
    fc.oneof(
      fc
        .constantFrom('a,b\n', '"', ',', '\n', '\r', '1', '""', ';', '-', '.', 'é', '\ufeff')
        .map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 4 }),
    ),
    { maxLength: 25 },
  );

  it('are a table or a fault of the user, the same wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const bytes = Uint8Array.from([
          ...new TextEncoder().encode('x,y\n'),
          ...parts.flatMap((part) => [...part]),
        ]);
        expect(await outcome(bytes, size)).toEqual(await outcome(bytes, 10_000));
      }),
      { numRuns: 500 },
    );
  });

  it('may be ten thousand columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const table = await raw(`${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`, 65_536);
    expect([table.columns.length, cells(table)[1]![9_999]]).toEqual([10_000, '9999']);
  });
});

describe('readFoldFile', () => {
  const read = (text: string, rows: number) =>
    readFoldFile(
      (async function* () {
        yield* await Promise.resolve(chunksOf(text, 5));
      })(),
      'folds.csv',
      rows,
    );

  it('reads one fold for each row', async () => {
    expect([...(await read('fold\n0\n2\n1.0\n', 3))]).toEqual([0, 2, 1]);
  });

  it.each([
    ['fold\n0\nx\n', 2, { row: 2, name: 'fold' }],
    ['fold\n0\n-1\n', 2, { row: 2 }],
    ['fold\n0\n1\n', 3, { file: 'folds.csv' }],
    ['folds\n0\n1\n', 2, { file: 'folds.csv' }],
  ])('refuses %j for %d rows', async (text, rows, place) => {
    const error = await faultOf(read(text, rows));
    expect(error).toMatchObject({ code: 'FOLD_FILE', at: place });
  });
});

describe('fingerprintTable', () => {
  it('depends on content and row order, not on how it is written or on the order of columns', async () => {
    const base = fingerprintTable(await typed('a,b\n1,x\nNA,y\n'));
    for (const same of ['b;a\r\n"x";1.0\r\ny;?\r\n', '\ufeffa,b\n1e0,x\n,y'])
      expect(fingerprintTable(await typed(same))).toBe(base);
    for (const other of ['a,b\nNA,y\n1,x\n', 'a,c\n1,x\nNA,y\n', 'a,b\n1,x\n0,y\n', 'a,b\n1,x\nNA,z\n'])
      expect(fingerprintTable(await typed(other))).not.toBe(base);
  });
});
