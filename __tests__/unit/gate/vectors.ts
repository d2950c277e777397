import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';

export interface VectorCase<Input, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** Cases of a file in `__tests__/fixtures/vectors`; "NaN" and "Infinity" become numbers. */
export function readVectors<Input, Expected>(file: string): VectorCase<Input, Expected>[] {
  const url = new URL(`../../fixtures/vectors/${file}`, import.meta.url);
  const special: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };
  const revive = (_: string, value: unknown) =>
    typeof value === 'string' && value in special ? special[value] : value;
  const { cases } = JSON.parse(readFileSync(url, 'utf8'), revive) as {
    cases: VectorCase<Input, Expected>[];
  };
  return cases;
}

/** Absolute tolerance up to 1, relative above; null only matches null. */
export function expectNear(actual: number | null, expected: number | null, tolerance: number): void {
  if (expected === null || actual === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}
