import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { StandardErrors } from '../../../../src/training/linear/standard-errors.ts';
import type { Trainer, TrainingSet } from '../../../../src/training/trainer.ts';
import { elasticNetRegression } from '../../../../src/training/trainers/elastic-net.ts';
import { linearRegression } from '../../../../src/training/trainers/linear-regression.ts';
import { logisticRegression } from '../../../../src/training/trainers/logistic-regression.ts';
import { fit, numericSet, readFixture } from '../fixture.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/training/standard-errors.json', import.meta.url), 'utf8'),
) as Record<'ols' | 'wls' | 'ridge' | 'logit' | 'penalisedLogit', number[]> & { softmax: number[][] };

const california = readFixture('california');
const every = california['standard'] as number[][];
const numbers = every.map((row) => row.slice(0, 8));
const weights = Float64Array.from(every, (_, row) => 1 + (row % 3));
const cheap = california.y.map((price) => Number(price < 180));
const priceClasses = california.y.map((price) => (price < 130 ? 0 : price < 230 ? 1 : 2));

function errorsOf<Params>(trainer: Trainer<Params>, data: TrainingSet, params: object): StandardErrors {
  const { predictor } = fit(trainer, data, params);
  if (predictor.kind !== 'linear') throw new Error(predictor.kind);
  const errors = trainer.standardErrors?.(data, predictor, trainer.params.parse(params));
  if (!errors) throw new Error('no standard errors');
  return errors;
}

/** The largest difference to the reference as a share of it; the intercept's stands last. */
function worst(
  { coefficients, intercepts }: StandardErrors,
  expected: readonly number[],
  output = 0,
): number {
  const width = expected.length - 1;
  const own = [...coefficients.subarray(output * width, (output + 1) * width), intercepts[output]!];
  return Math.max(...own.map((value, j) => Math.abs(value / expected[j]! - 1)));
}

describe('standard errors', () => {
  it("of least squares are statsmodels' bse, with and without weights", () => {
    const data = numericSet('regression', numbers, california.y);
    expect(worst(errorsOf(linearRegression, data, { alpha: 0 }), reference.ols)).toBeLessThan(1e-6);
    const weighted = errorsOf(linearRegression, { ...data, weights }, { alpha: 0 });
    expect(worst(weighted, reference.wls)).toBeLessThan(1e-6);
  });

  it('of ridge regression are those of the penalised estimator', () => {
    const data = numericSet('regression', every, california.y);
    expect(worst(errorsOf(linearRegression, data, { alpha: 5 }), reference.ridge)).toBeLessThan(1e-6);
  });

  it("of logistic regression are statsmodels' bse where the penalty vanishes", () => {
    const data = numericSet('binary', numbers, cheap);
    const params = { C: 1e9, max_iter: 1000, tol: 1e-8 };
    expect(worst(errorsOf(logisticRegression, data, params), reference.logit)).toBeLessThan(1e-4);
  });

  it('of penalised logistic and softmax regression come from the inverse of the penalised Hessian', () => {
    const binary = errorsOf(logisticRegression, numericSet('binary', numbers, cheap), { C: 0.1, tol: 1e-8 });
    expect(worst(binary, reference.penalisedLogit)).toBeLessThan(1e-5);
    const data = numericSet('multiclass', numbers, priceClasses);
    const multiclass = errorsOf(logisticRegression, data, { C: 0.5, tol: 1e-8 });
    reference.softmax.forEach((expected, k) => expect(worst(multiclass, expected, k)).toBeLessThan(1e-5));
  });

  it('of softmax regression leave out a class without rows', () => {
    const data = { ...numericSet('multiclass', numbers, priceClasses), classes: 4 };
    const { coefficients, intercepts } = errorsOf(logisticRegression, data, { C: 0.5, tol: 1e-8 });
    expect([...coefficients.subarray(24), intercepts[3]].every(Number.isNaN)).toBe(true);
    expect(worst({ coefficients, intercepts }, reference.softmax[2]!, 2)).toBeLessThan(1e-5);
  });

  it('count rows by weight: a row of weight 2 is two rows to logistic regression', () => {
    const twice = numbers.flatMap((row, i) => (i % 2 ? [row, row] : [row]));
    const labels = cheap.flatMap((label, i) => (i % 2 ? [label, label] : [label]));
    const counts = Float64Array.from(cheap, (_, i) => 1 + (i % 2));
    const params = { C: 0.3, tol: 1e-8 };
    const whole = errorsOf(logisticRegression, numericSet('binary', twice, labels), params);
    const weighted = { ...numericSet('binary', numbers, cheap), weights: counts };
    const { coefficients, intercepts } = errorsOf(logisticRegression, weighted, params);
    expect(worst(whole, [...coefficients, intercepts[0]!])).toBeLessThan(1e-6);
  });

  it('are none for a column that depends on others, for too large a model and for the elastic net', () => {
    const doubled = numericSet(
      'regression',
      numbers.map((row) => [row[0]!, row[0]!, row[7]!]),
      california.y,
    );
    const { coefficients } = errorsOf(linearRegression, doubled, { alpha: 0 });
    expect([...coefficients].map(Number.isNaN)).toEqual([false, true, false]);
    const wide = numericSet(
      'regression',
      [1, 2, 3].map((i) => Array.from({ length: 700 }, (_, j) => (i * j) % 7)),
      [1, 2, 3],
    );
    const { predictor } = fit(linearRegression, wide, {});
    if (predictor.kind !== 'linear') throw new Error(predictor.kind);
    expect(linearRegression.standardErrors?.(wide, predictor, linearRegression.params.parse({}))).toBeNull();
    expect(elasticNetRegression.standardErrors).toBeUndefined();
  });
});
