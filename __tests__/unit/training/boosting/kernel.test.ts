import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import type { BinnedRows } from '../../../../src/training/boosting/bins.ts';
import { binRows } from '../../../../src/training/boosting/bins.ts';
import { javaScriptKernel } from '../../../../src/training/boosting/javascript-kernel.ts';
import { createKernel } from '../../../../src/training/boosting/kernel.ts';
import type { Kernel } from '../../../../src/training/boosting/kernel.ts';
import { unitHessians } from '../../../../src/training/boosting/packing.ts';
import { searchOf } from '../../../../src/training/boosting/threshold.ts';
import { webAssemblyKernel } from '../../../../src/training/boosting/webassembly-kernel.ts';
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
  for (const row of rows)
    for (let j = 0; j < bins.width; j++) {
      const bin = bins.features[j]!.first + bins.columns[j * bins.rows + row]!;
      sums[2 * bin]! += pairs[2 * row]!;
      sums[2 * bin + 1]! += pairs[2 * row + 1]!;
    }
  return sums;
}

function inWebAssembly(bins: BinnedRows, trained: number): Kernel {
  const kernel = webAssemblyKernel(bins, trained);
  if (kernel === undefined) throw new Error('no WebAssembly');
  return kernel;
}

const makers = { JavaScript: javaScriptKernel, WebAssembly: inWebAssembly };
const cases = Object.entries(makers).flatMap(([engine, make]) =>
  [1, 2, 5, 8].map((width) => ({ engine, make, width })),
);

describe.each(cases)('the kernel in $engine on $width features', ({ make: createKernel, width }) => {
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
    kernel.goesLeft.set(goesLeft);
    const middle = kernel.partition(50, 180, feature);
    const isLeft = (row: number): boolean => goesLeft[bins.columns[feature * 200 + row]!] === 1;
    const stretch = Array.from({ length: 130 }, (_, i) => 50 + i);
    expect([...kernel.order.slice(50, middle)]).toEqual(stretch.filter(isLeft));
    expect([...kernel.order.slice(middle, 180)]).toEqual(stretch.filter((row) => !isLeft(row)));
    expect([kernel.order[49], kernel.order[180]]).toEqual([49, 180]);
  });
});

describe('the kernels', () => {
  /** Feature j gets `bins[j]` bins; which one a row is in, and its pair, come from the seed. */
  function anyBins(rows: number, counts: readonly number[], seed: number): BinnedRows {
    const random = new Random(seed);
    let totalBins = 0;
    const features = counts.map((count) => {
      const first = totalBins;
      totalBins += count + 1;
      const cut = { kind: 'numeric', edges: new Float32Array(count - 1) } as const;
      return { first, count, hasMissing: true, cut };
    });
    const columns = Uint8Array.from(
      features.flatMap(({ count }) => Array.from({ length: rows }, () => random.integer(count + 1))),
    );
    return { rows, width: counts.length, features, totalBins, columns };
  }

  /** What is left after a parent was divided and both children have their histograms. */
  function run(kernel: Kernel, bins: BinnedRows, seed: number, slots: number): unknown {
    const random = new Random(seed);
    kernel.order.set(random.shuffle(Int32Array.from({ length: bins.rows }, (_, row) => row)));
    kernel.pairs.forEach((_, i) => (kernel.pairs[i] = random.normal()));
    kernel.pairs.forEach((_, i) => (kernel.pairs[i] = i % 2 ? 1 : kernel.pairs[i]!));
    const feature = random.integer(bins.width);
    const table = Uint8Array.from({ length: bins.features[feature]!.count + 1 }, () => random.integer(2));
    kernel.build(slots, 0, bins.rows);
    kernel.goesLeft.set(table);
    const middle = kernel.partition(0, bins.rows, feature);
    kernel.build(0, 0, middle);
    kernel.subtract(slots, 0);
    const directions = Int8Array.from({ length: bins.width }, () => random.integer(3) - 1);
    const thresholds = [undefined, directions].map((monotone) => {
      const [gradient, packed] = kernel.total(middle, bins.rows);
      const bounds = monotone ? { lower: -0.5, upper: 0.7 } : { lower: -Infinity, upper: Infinity };
      const rules = { minSamplesLeaf: 2, l1: monotone ? 0.1 : 0, l2: 0.3, minGain: 0.01, monotone };
      const search = searchOf({ gradient, packed, ...bounds }, { ...rules, packing: unitHessians });
      const chosen = Int32Array.from({ length: bins.width }, (_, j) => j);
      return kernel.threshold(slots, chosen, search);
    });
    const histograms = [kernel.histogram(slots), kernel.histogram(0)];
    return { middle, order: kernel.order, histograms, thresholds };
  }

  it('agree to the bit, whatever the rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 150 }),
        fc.nat(),
        fc.nat({ max: 9 }),
        (rows, counts, seed, slot) => {
          const bins = anyBins(rows, counts, seed);
          const [ours, theirs] = Object.values(makers).map((make) =>
            run(make(bins, rows), bins, seed, slot + 1),
          );
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('agree on more bins than 16 bits can number', () => {
    const bins = anyBins(
      40,
      Array.from({ length: 300 }, () => 255),
      3,
    );
    expect(bins.totalBins).toBeGreaterThan(65_536);
    expect(run(inWebAssembly(bins, 40), bins, 4, 7)).toEqual(run(javaScriptKernel(bins, 40), bins, 4, 7));
  });

  it('keep rows and pairs when the memory grows', () => {
    const bins = randomBins(200, 8);
    const kernel = inWebAssembly(bins, 200);
    fill(kernel.pairs);
    kernel.order.set(Int32Array.from({ length: 200 }, (_, row) => 199 - row));
    const before = [kernel.pairs.slice(), kernel.order.slice()];
    const { buffer } = kernel.pairs;
    kernel.build(1000, 0, 200);
    expect(kernel.pairs.buffer).not.toBe(buffer);
    expect([kernel.pairs, kernel.order]).toEqual(before);
    expect(kernel.histogram(1000)).toEqual(plainHistogram(bins, kernel.order, kernel.pairs));
  });

  it('are in WebAssembly where the engine has it, else in JavaScript', () => {
    const bins = randomBins(200, 2);
    /** Only WebAssembly's memory moves as it grows. */
    const moves = (kernel: Kernel): boolean => {
      const { buffer } = kernel.order;
      kernel.build(10_000, 0, 200);
      return kernel.order.buffer !== buffer;
    };
    expect(moves(createKernel(bins, 200))).toBe(true);
    const { WebAssembly: engine } = globalThis as { WebAssembly?: unknown };
    Object.assign(globalThis, { WebAssembly: undefined });
    expect(moves(createKernel(bins, 200))).toBe(false);
    Object.assign(globalThis, { WebAssembly: engine });
  });
});
