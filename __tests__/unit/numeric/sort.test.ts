import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../src/numeric/random.ts';
import { sortFloats } from '../../../src/numeric/sort.ts';

describe('sortFloats', () => {
  it.each([0, 1, 2, 1499, 1500, 20000])('sorts %d numbers as the engine does', (length) => {
    const random = new Random(length);
    const values = Float32Array.from(
      { length },
      () => random.normal() * (random.next() < 0.5 ? 1e-30 : 1e30),
    );
    [0, -0, Infinity, -Infinity, 3.4e38, 1e-45].forEach((value, i) => (values[3 * i] = value));
    const expected = Float32Array.from(values).sort();
    expect(sortFloats(values)).toBe(values);
    expect(values).toEqual(expected);
  });

  it('sorts a part of a buffer and leaves the rest alone', () => {
    const buffer = Float32Array.from({ length: 4000 }, (_, i) => -i);
    sortFloats(buffer.subarray(1000, 3000));
    expect([buffer[999], buffer[1000], buffer[2999], buffer[3000]]).toEqual([-999, -2999, -1000, -3000]);
  });
});
