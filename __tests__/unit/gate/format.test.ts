import { describe, expect, it } from '@jest/globals';
import * as format from '../../../src/gate/format.ts';

describe('numbers in sentences', () => {
  it.each([
    [0, '0'],
    [0.28712, '0.2871'],
    [3.21449, '3.214'],
    [48231.2, '48,230'],
    [-0.5, '-0.5000'],
    [0.01, '0.01000'],
    [0.99996, '1.000'],
    [1e-9, '1.000e-9'],
    [1234567, '1,235,000'],
  ])('%p is %s', (value, text) => expect(format.formatNumber(value)).toBe(text));

  it.each<[number, number, string]>([
    [0.28714, 0.2893, '0.2871 against 0.2893'],
    [0.692214, 0.692231, '0.69221 against 0.69223'],
    [0.5, 0.5, '0.5000 against 0.5000'],
    [1e-300, 0, '1.000e-300 against 0'],
  ])('%p and %p are told apart: %s', (own, other, text) => {
    expect(format.formatAgainst(own, other)).toBe(text);
  });

  it.each([
    [0.7, '0.7'],
    [5000000, '5,000,000'],
    [0.01, '0.01'],
    [1e-9, '1e-9'],
    [-3.5, '-3.5'],
  ])('what somebody wrote stays as short as it was: %p is %s', (value, text) =>
    expect(format.formatGiven(value)).toBe(text),
  );

  it.each([
    [0.0021, 0.001, 0.0034, '0.0021 better (plausibly 0.0010 to 0.0034 better)'],
    [0.0021, -0.001, 0.0052, '0.0021 better (plausibly 0.0010 worse to 0.0052 better)'],
    [-12.4, -20, -4.81, '12 worse (plausibly 4.8 to 20 worse)'],
    [0, -0.1, 0.1, 'no different (plausibly 0.10 worse to 0.10 better)'],
    [0, 0, 0, 'no different'],
  ])('a change of %p between %p and %p: %s', (estimate, lower, upper, text) =>
    expect(format.changePhrase({ estimate, lower, upper })).toBe(text),
  );

  it('counts and shares', () => {
    expect(format.counted(1, 'row')).toBe('1 row');
    expect(format.counted(12345, 'row')).toBe('12,345 rows');
    expect(format.formatShare(0.05, -0.4527)).toBe('11%');
    expect(format.formatShare(1, 0)).toBe('');
  });
});
