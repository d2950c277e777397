import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import { binRows, cellsOf } from '../../../../src/training/boosting/bins.ts';
import { binLocator, edgesOf } from '../../../../src/training/boosting/edges.ts';
import { numericSet, readFixture, trainingSet } from '../fixture.ts';

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('edgesOf', () => {
  it('cuts half-way between few values', () => {
    expect(edgesOf(Float32Array.of(1, 1, 2, 4, 4), 255)).toEqual(Float32Array.of(1.5, 3));
    expect(edgesOf(Float32Array.of(7, 7), 255)).toEqual(new Float32Array(0));
    expect(edgesOf(new Float32Array(0), 255)).toEqual(new Float32Array(0));
  });

  it('cuts many values at quantiles', () => {
    const sorted = Float32Array.from({ length: 100 }, (_, i) => i);
    expect(edgesOf(sorted, 4)).toEqual(Float32Array.of(24.5, 49.5, 74.5));
    expect(edgesOf(sorted.subarray(0, 98), 4)).toEqual(Float32Array.of(24, 48.5, 73));
  });

  it('keeps neighbouring float32 numbers apart, and edges ascending', () => {
    fc.assert(
      fc.property(
        fc.array(float32, { maxLength: 40 }),
        fc.integer({ min: 2, max: 12 }),
        (values, maxBins) => {
          const sorted = Float32Array.from(values).sort();
          const edges = edgesOf(sorted, maxBins);
          expect(edges.length).toBeLessThan(Math.max(maxBins, 1));
          edges.forEach((edge, i) => i > 0 && expect(edge).toBeGreaterThan(edges[i - 1]!));
          const distinct = new Set(Array.from(sorted, (value) => value + 0));
          if (distinct.size > maxBins) return;
          const locate = binLocator(edges);
          expect(new Set(Array.from(distinct, locate)).size).toBe(distinct.size);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('binLocator', () => {
  it('counts the edges below a value', () => {
    fc.assert(
      fc.property(fc.uniqueArray(float32, { maxLength: 254 }), fc.array(float32), (unsorted, values) => {
        const edges = Float32Array.from(unsorted).sort();
        const locate = binLocator(edges);
        for (const value of [...values, ...edges])
          expect(locate(value)).toBe(edges.filter((edge) => edge < value).length);
      }),
    );
  });

  it('is exact for crowded edges far from others', () => {
    const edges = Float32Array.from([...Array.from({ length: 200 }, (_, i) => 1 + i / 1e5), 1e30]);
    const locate = binLocator(edges);
    edges.forEach((edge, bin) => expect(locate(edge)).toBe(bin));
    expect([locate(0), locate(2), locate(3e30)]).toEqual([0, 200, 201]);
  });
});

describe('binRows', () => {
  it('keeps the same bins by row and by column, counted from the first bin of the feature', () => {
    const data = trainingSet(readFixture('california'));
    const bins = binRows(data, Int32Array.from(data.y.keys()), 64, new Random(1));
    const { rows, width, columns, features } = bins;
    const cells = cellsOf(bins);
    expect([rows, width]).toEqual([608, 9]);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < width; j++)
        expect(cells[row * width + j]! - features[j]!.first).toBe(columns[j * rows + row]);
    expect(bins.totalBins).toBe(features.reduce((total, { count }) => total + count + 1, 0));
    expect(features.map(({ count }) => count)).toEqual([64, 64, 51, 64, 64, 64, 64, 64, 4]);
  });

  it('looks at the training rows alone', () => {
    const data = numericSet('regression', [[1], [2], [50], [NaN]], [0, 0, 0, 0]);
    const { features, columns } = binRows(data, Int32Array.of(0, 1), 255, new Random(1));
    expect(features).toEqual([
      { first: 0, count: 2, hasMissing: false, cut: { kind: 'numeric', edges: Float32Array.of(1.5) } },
    ]);
    expect(columns).toEqual(Uint8Array.of(0, 1, 1, 2));
  });

  it('gives rare levels one bin and unseen ones the bin for missing values', () => {
    const codes = [0, 1, 1, 2, 3, 3, 3, NaN].map((code) => [code]);
    const data = {
      ...numericSet(
        'regression',
        codes,
        codes.map(() => 0),
      ),
      features: [{ name: 'c', input: 'c', levels: 5 }],
    };
    const rows = Int32Array.from(data.y.keys());
    const { features, columns } = binRows(data, rows, 3, new Random(1));
    expect(features[0]!.cut).toEqual({ kind: 'levels', binOf: Int32Array.of(2, 1, 2, 0, -1) });
    expect(columns).toEqual(Uint8Array.of(2, 1, 1, 2, 0, 0, 0, 3));
  });
});
