import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../../src/numeric/random.ts';
import { bestRound, setAside, shouldStop } from '../../../../src/training/boosting/early-stopping.ts';

describe('setAside', () => {
  const y = Float64Array.from({ length: 205 }, (_, row) => (row < 150 ? 0 : row < 204 ? 1 : 2));

  it('takes the same share of each class and each row once', () => {
    const { train, validation } = setAside(y, 3, 0.1, new Random(1));
    const of = (rows: Int32Array, label: number): number => rows.filter((row) => y[row] === label).length;
    expect([of(validation, 0), of(validation, 1), of(validation, 2)]).toEqual([15, 5, 0]);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...y.keys()]);
    expect([...train]).toEqual([...train].sort((a, b) => a - b));
  });

  it('leaves a row of each class for training', () => {
    const { train } = setAside(y, 3, 0.999, new Random(1));
    expect(new Set(Array.from(train, (row) => y[row]))).toEqual(new Set([0, 1, 2]));
  });

  it('depends on the random numbers alone', () => {
    expect(setAside(y, 3, 0.2, new Random(4))).toEqual(setAside(y, 3, 0.2, new Random(4)));
    expect(setAside(y, 3, 0.2, new Random(4))).not.toEqual(setAside(y, 3, 0.2, new Random(5)));
  });

  it('takes rows as they are without classes', () => {
    expect(setAside(Float64Array.of(5, 1.5, 2, -1), 0, 0.5, new Random(1)).validation).toHaveLength(2);
  });
});

describe('shouldStop', () => {
  it('waits for `patience` rounds, then asks whether one was better', () => {
    expect(shouldStop([5, 6, 7], 3, 0)).toBe(false);
    expect(shouldStop([5, 6, 7, 8], 3, 0)).toBe(true);
    expect(shouldStop([5, 6, 4.9, 8], 3, 0)).toBe(false);
    expect(shouldStop([5, 6, 4.9, 8], 3, 0.2)).toBe(true);
    expect(shouldStop([9, 5, 5, 5, 5], 3, 0)).toBe(true);
  });
});

describe('bestRound', () => {
  it('is the first of the lowest', () => {
    expect(bestRound([5, 3, 4, 3])).toBe(1);
    expect(bestRound([1, 2])).toBe(0);
  });
});
