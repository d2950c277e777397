import { describe, expect, it } from '@jest/globals';
import * as numbers from '../../../src/report/numbers.ts';

const spaced = (text: string) => text.replaceAll('\u00A0', ' ');

describe('numbers in reports', () => {
  it.each([
    [0.28714, 4, '0.2871'],
    [-0.00004, 4, '0.0000'],
    [-0.0021, 4, '−0.0021'],
    [1234567.891, 2, '1,234,567.89'],
    [999.9996, 3, '1,000.000'],
    [3.1e15, 2, '3.100e+15'],
    [null, 2, '–'],
    [Number.NaN, 2, '–'],
    [Infinity, 2, '–'],
  ])('%p with %p decimals is %p', (value, decimals, shown) => {
    expect(numbers.formatFixed(value, decimals)).toBe(shown);
  });

  it('give differences their sign, and none to what rounds to zero', () => {
    expect([0.0021, -0.0021, 0.00001, -0.00001, 0].map((value) => numbers.formatSigned(value, 4))).toEqual([
      ...['+0.0021', '−0.0021', '0.0000', '0.0000', '0.0000'],
    ]);
  });

  it.each([
    [[0.2871, 0.3], 4],
    [[0.0786, 0.0762], 4],
    [[3.21], 3],
    [[48231.5, 2], 0],
    [[0.000123], 7],
    [[null, Number.NaN], 4],
    [[1e-300], 8],
  ])('a column of %p has %p decimals', (values, decimals) => {
    expect(numbers.decimalsFor(values)).toBe(decimals);
  });

  it.each([
    [0, '0.0 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [99_940, '99.9 s'],
    [99_960, '1 min 40 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h 0 min'],
    [90_000_000, '25 h 0 min'],
    [null, '–'],
  ])('%p milliseconds are %p', (milliseconds, shown) => {
    expect(spaced(numbers.formatDuration(milliseconds))).toBe(shown);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_949, '99.9 kB'],
    [999_600, '1.0 MB'],
    [412_000, '412 kB'],
    [5e15, '5,000 TB'],
    [null, '–'],
  ])('%p bytes are %p', (bytes, shown) => {
    expect(spaced(numbers.formatBytes(bytes))).toBe(shown);
  });

  it('speak of one and of many, of days and of p', () => {
    expect([1, 2, 1000].map((count) => numbers.counted(count, 'row'))).toEqual([
      '1 row',
      '2 rows',
      '1,000 rows',
    ]);
    expect([0.4, 1.9, 12.4].map(numbers.formatAge)).toEqual([
      'less than a day old',
      '1 day old',
      '12 days old',
    ]);
    expect([0.00002, 0.0042, 0.21, null].map((p) => spaced(numbers.formatP(p)))).toEqual([
      ...['p < 0.0001', 'p = 0.0042', 'p = 0.21', 'p –'],
    ]);
  });
});
