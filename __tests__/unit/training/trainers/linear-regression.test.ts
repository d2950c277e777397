import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import { linearRegression } from '../../../../src/training/trainers/linear-regression.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf } from '../fixture.ts';

interface Reference {
  readonly coefficients: number[];
  readonly intercept: number;
}

const california = readFixture('california');
const reference = california['ridge'] as Record<'plain' | 'strong' | 'noIntercept', Reference> & {
  leastSquares: { predictions: number[] };
};
const data = numericSet('regression', california['standard'] as number[][], california.y);

function linear(params: object, rows = data) {
  const { predictor } = fit(linearRegression, rows, params);
  if (predictor.kind !== 'linear') throw new Error(predictor.kind);
  return predictor;
}

describe('linear-regression', () => {
  it.each([
    ['plain', {}],
    ['strong', { alpha: 100 }],
    ['noIntercept', { fit_intercept: false }],
  ] as const)('has the coefficients of scikit-learn: %s', (name, params) => {
    const { coefficients, intercepts } = linear(params);
    expect(largestDifference(coefficients, reference[name].coefficients)).toBeLessThan(1e-5);
    expect(largestDifference(intercepts, [reference[name].intercept])).toBeLessThan(1e-5);
  });

  it('solves least squares where one-hot columns and intercept are collinear', () => {
    const predictions = scoresOf(linear({ alpha: 0 }), data);
    expect(largestDifference(predictions, reference.leastSquares.predictions)).toBeLessThan(1e-4);
  });

  it('predicts the same when a column is repeated without a penalty', () => {
    const x = (california['standard'] as number[][]).map((row) => [...row, row[2]!, row[0]! + row[1]!]);
    const wider = numericSet('regression', x, california.y);
    const once = scoresOf(linear({ alpha: 0 }), data);
    expect(largestDifference(scoresOf(linear({ alpha: 0 }, wider), wider), once)).toBeLessThan(1e-3);
  });

  it('finds an exact linear rule', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 }),
        (seed, rule) => {
          const random = new Random(seed);
          const x = Array.from({ length: 40 }, () => rule.map(() => Math.fround(random.normal())));
          const y = x.map((row) => row.reduce((total, value, j) => total + value * rule[j]!, 3));
          const { coefficients, intercepts } = linear({ alpha: 0 }, numericSet('regression', x, y));
          expect(largestDifference(coefficients, rule)).toBeLessThan(1e-5);
          expect(intercepts[0]).toBeCloseTo(3, 5);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('solves wide problems by conjugate gradients, to the same result', () => {
    const random = new Random(5);
    const width = 1500;
    const x = Array.from({ length: 60 }, () =>
      Array.from({ length: width }, () => Math.fround(random.normal())),
    );
    const y = x.map((row) => row[0]! - 2 * row[1]! + random.normal());
    const wide = numericSet('regression', x, y);
    const { coefficients, intercepts } = linear({ alpha: 10 }, wide);
    const residuals = scoresOf(linear({ alpha: 10 }, wide), wide).map((score, row) => y[row]! - score);
    // At the optimum alpha * w = X' residual, and residuals sum to 0.
    const slopes = coefficients.map(
      (w, j) => 10 * w - residuals.reduce((t, r, row) => t + r * x[row]![j]!, 0),
    );
    expect(largestDifference(slopes, new Float64Array(width))).toBeLessThan(1e-3);
    expect(Math.abs(residuals.reduce((t, r) => t + r, 0))).toBeLessThan(1e-3);
    expect(intercepts[0]).not.toBe(0);
  });

  it('refuses a target that is not finite, by code', () => {
    const bad = numericSet('regression', [[1], [2]], [1, Infinity]);
    expect(() => fit(linearRegression, bad)).toThrow(expect.objectContaining({ code: 'TRAINING_FAILED' }));
  });
});
