import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import { elasticNetRegression } from '../../../../src/training/trainers/elastic-net.ts';
import { linearRegression } from '../../../../src/training/trainers/linear-regression.ts';
import type { Trainer, TrainingSet } from '../../../../src/training/trainer.ts';
import { fit, largestDifference, numericSet, readFixture } from '../fixture.ts';

const california = readFixture('california');
const data = numericSet('regression', california['standard'] as number[][], california.y);
const reference = california['elasticNet'] as Record<string, { coefficients: number[]; intercept: number }>;

function linear<P>(trainer: Trainer<P>, params: object, rows: TrainingSet = data) {
  const { predictor, warnings } = fit(trainer, rows, params);
  if (predictor.kind !== 'linear') throw new Error(predictor.kind);
  return { ...predictor, warnings };
}

describe('elastic-net', () => {
  it.each([
    ['plain', {}],
    ['sparse', { alpha: 5, l1_ratio: 0.9 }],
    ['lasso', { alpha: 2, l1_ratio: 1 }],
    ['noIntercept', { alpha: 0.5, fit_intercept: false }],
  ] as const)('has the coefficients of scikit-learn: %s', (name, params) => {
    const { coefficients, intercepts } = linear(elasticNetRegression, {
      ...params,
      tol: 1e-12,
      max_iter: 1e6,
    });
    const { coefficients: expected, intercept } = reference[name]!;
    expect(largestDifference(coefficients, expected)).toBeLessThan(1e-4);
    expect(intercepts[0]).toBeCloseTo(intercept, 4);
    expected.forEach((weight, j) => expect(coefficients[j] === 0).toBe(weight === 0));
  });

  it('is ridge regression without the L1 penalty', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, width) => {
        const random = new Random(seed);
        const x = Array.from({ length: 30 }, () =>
          Array.from({ length: width }, () => Math.fround(random.normal())),
        );
        const rows = numericSet(
          'regression',
          x,
          x.map((row) => 2 * row[0]! + random.normal()),
        );
        const net = linear(
          elasticNetRegression,
          { alpha: 0.1, l1_ratio: 0, tol: 1e-12, max_iter: 1e5 },
          rows,
        );
        const ridge = linear(linearRegression, { alpha: 0.1 * 30 }, rows);
        expect(largestDifference(net.coefficients, ridge.coefficients)).toBeLessThan(1e-5);
      }),
      { numRuns: 25 },
    );
  });

  it('sets everything to 0 under a strong penalty and predicts the mean', () => {
    const { coefficients, intercepts } = linear(elasticNetRegression, { alpha: 1e6, l1_ratio: 1 });
    expect(coefficients.every((weight) => weight === 0)).toBe(true);
    const mean = data.y.reduce((total, value) => total + value, 0) / data.rows;
    expect(intercepts[0]).toBeCloseTo(mean, 3);
  });

  it('says when it ran out of sweeps', () => {
    expect(linear(elasticNetRegression, { alpha: 0.01, max_iter: 1, tol: 1e-9 }).warnings).toEqual([
      'elastic-net did not converge in 1 sweeps: raise max_iter or tol.',
    ]);
  });
});
