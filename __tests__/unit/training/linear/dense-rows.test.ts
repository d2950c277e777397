import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import {
  addTimesRows,
  addWeightedGram,
  sparseRows,
  timesColumns,
} from '../../../../src/training/linear/sparse-rows.ts';
import { numericSet } from '../fixture.ts';

describe('rows without zeros', () => {
  it('give the bits of rows with column numbers', () => {
    fc.assert(
      fc.property(
        fc.nat(13),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.nat(),
        (rows, width, intercept, seed) => {
          const random = new Random(seed);
          const x = Array.from({ length: rows + 1 }, () =>
            Array.from({ length: width }, () => 1 + random.next()),
          );
          const dense = sparseRows(
            numericSet(
              'regression',
              x,
              x.map(() => 0),
            ),
            intercept,
          );
          expect(dense.dense).toBe(true);
          const sparse = { ...dense, dense: false };
          const byRow = Float64Array.from(x, () => random.normal());
          const byColumn = Float64Array.from({ length: dense.width + 2 }, () => random.normal());
          const size = dense.width + 3;
          for (const offset of [0, 2]) {
            expect(timesColumns(dense, byColumn, offset)).toEqual(timesColumns(sparse, byColumn, offset));
            const sums = [dense, sparse].map((own) => {
              const out = Float64Array.from({ length: dense.width + 2 }, (_, j) => j / 3);
              addTimesRows(own, byRow, out, offset);
              return out;
            });
            expect(sums[0]).toEqual(sums[1]);
            const grams = [dense, sparse].map((own) => {
              const out = Float64Array.from({ length: size * size }, (_, j) => j / 7);
              addWeightedGram(own, byRow, out, size, offset, 1);
              return out;
            });
            expect(grams[0]).toEqual(grams[1]);
          }
        },
      ),
    );
  });

  it('are told from rows with one', () => {
    expect(
      sparseRows(
        numericSet(
          'regression',
          [
            [1, 2],
            [3, 0],
          ],
          [0, 0],
        ),
        true,
      ).dense,
    ).toBe(false);
  });
});
