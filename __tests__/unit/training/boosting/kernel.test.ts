import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../../src/numeric/random.ts';
import type { BinnedRows } from '../../../../src/training/boosting/bins.ts';
import { binRows, cellsOf } from '../../../../src/training/boosting/bins.ts';
import { createKernel } from '../../../../src/training/boosting/kernel.ts';
import { numericSet } from '../fixture.ts';

function randomBins(rows: number, width: number): BinnedRows {
  const random = new Random(rows);
  const x = Array.from({ length: rows }, () => Array.from({ length: width }, () => random.integer(9)));
  const data = numericSet(
    'regression',
    x,
    x.map(() => 0),
  );
  return binRows(data, Int32Array.from(data.y.keys()), 255, random);
}

/** Whole numbers, so that sums are exact. */
function fill(pairs: Float64Array): void {
  const random = new Random(2);
  pairs.forEach((_, i) => (pairs[i] = random.integer(1000) - (i % 2 ? 0 : 500)));
}

function plainHistogram(bins: BinnedRows, rows: Int32Array, pairs: Float64Array): Float64Array {
  const sums = new Float64Array(2 * bins.totalBins);
  const cells = cellsOf(bins);
  for (const row of rows)
    for (let j = 0; j < bins.width; j++) {
      const bin = cells[row * bins.width + j]!;
      sums[2 * bin]! += pairs[2 * row]!;
      sums[2 * bin + 1]! += pairs[2 * row + 1]!;
    }
  return sums;
}

describe.each([1, 2, 5, 8])('the kernel on %d features', (width) => {
  const bins = randomBins(200, width);

  it('sums the pairs of a node by bin, into a cleared slot', () => {
    const kernel = createKernel(bins, 200);
    kernel.order.set(new Random(1).shuffle(Int32Array.from({ length: 200 }, (_, row) => row)));
    fill(kernel.pairs);
    kernel.build(3, 0, 200);
    kernel.build(3, 40, 111);
    expect(kernel.histogram(3)).toEqual(plainHistogram(bins, kernel.order.slice(40, 111), kernel.pairs));
  });

  it('leaves the sibling when a child is taken from its parent', () => {
    const kernel = createKernel(bins, 200);
    kernel.order.set(Int32Array.from({ length: 200 }, (_, row) => row));
    fill(kernel.pairs);
    kernel.build(0, 0, 200);
    kernel.build(1, 0, 70);
    kernel.subtract(0, 1);
    expect(kernel.histogram(0)).toEqual(plainHistogram(bins, kernel.order.slice(70), kernel.pairs));
  });

  it('divides a stretch of rows by bin and keeps their order on both sides', () => {
    const kernel = createKernel(bins, 200);
    kernel.order.set(Int32Array.from({ length: 200 }, (_, row) => row));
    const feature = width - 1;
    const goesLeft = Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 0, 0, 0);
    const middle = kernel.partition(50, 180, feature, goesLeft);
    const isLeft = (row: number): boolean => goesLeft[bins.columns[feature * 200 + row]!] === 1;
    const stretch = Array.from({ length: 130 }, (_, i) => 50 + i);
    expect([...kernel.order.slice(50, middle)]).toEqual(stretch.filter(isLeft));
    expect([...kernel.order.slice(middle, 180)]).toEqual(stretch.filter((row) => !isLeft(row)));
    expect([kernel.order[49], kernel.order[180]]).toEqual([49, 180]);
  });
});
