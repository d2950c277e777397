import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../../src/numeric/random.ts';
import type { LinearPredictor } from '../../../../src/model/pipeline.ts';
import type { TrainingSet } from '../../../../src/training/trainer.ts';
import { logisticRegression } from '../../../../src/training/trainers/logistic-regression.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf, trainingSet } from '../fixture.ts';

interface Reference {
  readonly coefficients: number[][];
  readonly intercepts: number[];
}

const iris = readFixture('iris');
const reference = iris['logistic'] as Record<'plain' | 'balanced' | 'binary' | 'noIntercept', Reference>;
const threeClasses = trainingSet(iris);
const unbalanced = trainingSet({ ...iris, x: iris.x.slice(0, 120), y: iris.y.slice(0, 120) });
const twoClasses = trainingSet({
  ...iris,
  classes: 2,
  x: iris.x.slice(50),
  y: iris.y.slice(50).map((label) => (label === 2 ? 1 : 0)),
});

function logistic(data: TrainingSet, params: object = {}): LinearPredictor {
  const { predictor } = fit(logisticRegression, data, params);
  if (predictor.kind !== 'linear') throw new Error(predictor.kind);
  return predictor;
}

describe('logistic-regression', () => {
  it.each([
    ['plain', threeClasses, {}],
    ['balanced', unbalanced, { C: 0.1, class_weight: 'balanced' }],
    ['binary', twoClasses, { C: 10 }],
    ['noIntercept', twoClasses, { fit_intercept: false }],
  ] as const)('has the coefficients of scikit-learn: %s', (name, data, params) => {
    const { coefficients, intercepts } = logistic(data, { ...params, tol: 1e-6 });
    expect(largestDifference(coefficients, reference[name].coefficients.flat())).toBeLessThan(1e-4);
    expect(largestDifference(intercepts, reference[name].intercepts)).toBeLessThan(1e-4);
  });

  it('gives the same bytes twice', () => {
    expect(logistic(threeClasses)).toEqual(logistic(threeClasses));
  });

  it('solves wide problems by conjugate gradients: the slope of the penalised loss is 0', () => {
    const random = new Random(4);
    const x = Array.from({ length: 80 }, () =>
      Array.from({ length: 800 }, () => Math.fround(random.normal())),
    );
    const y = x.map((row) => (row[0]! + row[1]! + random.normal() > 0 ? 1 : 0));
    const data = numericSet('binary', x, y);
    const predictor = logistic(data, { C: 0.5 });
    const slopes = scoresOf(predictor, data).map((score, row) => 1 / (1 + Math.exp(-score)) - y[row]!);
    const atOptimum = predictor.coefficients.map(
      (weight, j) => weight + 0.5 * slopes.reduce((total, slope, row) => total + slope * x[row]![j]!, 0),
    );
    expect(largestDifference(atOptimum, new Float64Array(800))).toBeLessThan(1e-4);
  });

  it('solves wide problems of several classes alike', () => {
    const random = new Random(6);
    const x = Array.from({ length: 90 }, () =>
      Array.from({ length: 250 }, () => Math.fround(random.normal())),
    );
    const y = x.map((row) => (row[0]! > 0.4 ? 2 : row[1]! > 0 ? 1 : 0));
    const data = numericSet('multiclass', x, y);
    const predictor = logistic(data);
    const scores = scoresOf(predictor, data);
    const slopes = x.map((_, row) => {
      const odds = Array.from(scores.subarray(3 * row, 3 * row + 3), Math.exp);
      return odds.map((odd, k) => odd / (odds[0]! + odds[1]! + odds[2]!) - (y[row] === k ? 1 : 0));
    });
    const atOptimum = predictor.coefficients.map((weight, i) => {
      const k = Math.floor(i / 250);
      return weight + slopes.reduce((total, slope, row) => total + slope[k]! * x[row]![i % 250]!, 0);
    });
    expect(largestDifference(atOptimum, new Float64Array(750))).toBeLessThan(1e-4);
  });

  it('separates separable classes without running away', () => {
    const data = numericSet('binary', [[-2], [-1], [1], [2]], [0, 0, 1, 1]);
    const { warnings, predictor } = fit(logisticRegression, data, { C: 1e6 });
    expect(warnings).toEqual([]);
    expect(Array.from(scoresOf(predictor, data), Math.sign)).toEqual([-1, -1, 1, 1]);
  });

  it('does not move a coefficient of a column that is always 0', () => {
    const data = numericSet(
      'binary',
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 0],
      ],
      [0, 1, 0, 1],
    );
    expect(logistic(data).coefficients[1]).toBe(0);
  });

  it('warns when it runs out of steps', () => {
    const { warnings, iterations } = fit(logisticRegression, threeClasses, { max_iter: 2, C: 1000 });
    expect(iterations).toBe(2);
    expect(warnings.join()).toContain('did not converge in 2 steps');
  });

  it('never predicts a class without rows', () => {
    const data = numericSet(
      'multiclass',
      iris.x as number[][],
      iris.y.map((label) => (label === 2 ? 3 : label)),
    );
    const { predictor, warnings } = fit(logisticRegression, data);
    const scores = scoresOf(predictor, data);
    const best = data.y.map((_, row) => {
      const own = Array.from(scores.subarray(4 * row, 4 * row + 4));
      return own.indexOf(Math.max(...own));
    });
    expect(new Set(best)).toEqual(new Set([0, 1, 3]));
    expect(warnings).toEqual(['1 of 4 classes have no training rows and are never predicted.']);
  });

  it('refuses one class, infinite features and (as our fault) missing values', () => {
    const failed: unknown = expect.objectContaining({ code: 'TRAINING_FAILED' });
    expect(() => logistic(numericSet('binary', [[1], [2]], [1, 1]))).toThrow(failed);
    expect(() => logistic(numericSet('binary', [[1], [Infinity]], [0, 1]))).toThrow(failed);
    expect(() => logistic(numericSet('binary', [[1], [NaN]], [0, 1]))).toThrow('encoding must impute');
  });
});
