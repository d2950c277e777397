import { describe, expect, it } from '@jest/globals';
import { formatUserError, UserError } from '../../../src/errors/user-error.ts';
import type { EncodedPredictor } from '../../../src/model/pipeline.ts';
import { mean } from '../../../src/numeric/sum.ts';
import type { TrainingSet } from '../../../src/training/trainer.ts';
import { gradientBoosting } from '../../../src/training/trainers/gradient-boosting.ts';
import { extraTrees, randomForest } from '../../../src/training/trainers/random-forest.ts';
import { logisticRegression } from '../../../src/training/trainers/logistic-regression.ts';
import { parseParams } from '../../../src/training/trainers.ts';
import { fit, numericSet, readFixture, scoresOf, trainingSet } from './fixture.ts';

const titanic: TrainingSet = { ...trainingSet(readFixture('titanic')), labels: ['no', 'yes'] };
const iris: TrainingSet = {
  ...trainingSet(readFixture('iris')),
  labels: ['setosa', 'versicolor', 'virginica'],
};
/** Without missing values or codes, which the linear model does not take. */
const survived = numericSet(
  'binary',
  Array.from({ length: 60 }, (_, row) => [row % 7, (row * row) % 11]),
  Array.from({ length: 60 }, (_, row) => (row % 7 > 3 || row % 5 === 0 ? 1 : 0)),
);

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error);
    throw error;
  }
  return 'no error';
}

function weighted(data: TrainingSet, weights: readonly number[]): TrainingSet {
  return { ...data, weights: data.y.map((label) => weights[label]!) };
}

const boostedBriefly = { max_iter: 5 };

describe('class_weight by label', () => {
  it.each([
    ['boosting', titanic, { yes: 5, no: 0.5 }, [0.5, 5]],
    ['a label left out', titanic, { yes: 3 }, [1, 3]],
    ['three classes', iris, { virginica: 4 }, [1, 1, 4]],
  ])('weighs rows by their class: %s', (_name, data, class_weight, byIndex) => {
    const byClass = fit(gradientBoosting, data, { ...boostedBriefly, class_weight }).predictor;
    expect(byClass).toEqual(fit(gradientBoosting, weighted(data, byIndex), boostedBriefly).predictor);
    expect(byClass).not.toEqual(fit(gradientBoosting, data, boostedBriefly).predictor);
  });

  it('weighs rows of a linear model by their class, called by its index where it has no label', () => {
    const byClass = fit(logisticRegression, survived, { class_weight: { 1: 2 } }).predictor;
    expect(byClass).toEqual(fit(logisticRegression, weighted(survived, [1, 2])).predictor);
    expect(byClass).not.toEqual(fit(logisticRegression, survived).predictor);
  });

  it.each([randomForest, extraTrees])('weighs rows of a forest by their class: $name', (trainer) => {
    const params = { n_estimators: 5, min_samples_leaf: 5 };
    const byClass = fit(trainer, titanic, { ...params, class_weight: { yes: 4 } }).predictor;
    expect(byClass).toEqual(fit(trainer, weighted(titanic, [1, 4]), params).predictor);
    expect(byClass).not.toEqual(fit(trainer, titanic, params).predictor);
    const meanOfPositive = (model: EncodedPredictor): number =>
      mean(scoresOf(model, titanic).filter((_, i) => i % 2 === 1));
    expect(meanOfPositive(byClass)).toBeGreaterThan(meanOfPositive(fit(trainer, titanic, params).predictor));
  });

  it('multiplies the weights of rows', () => {
    const halves = weighted(titanic, [0.5, 2]);
    const both = fit(gradientBoosting, halves, { ...boostedBriefly, class_weight: { yes: 3 } });
    expect(both.predictor).toEqual(
      fit(gradientBoosting, weighted(titanic, [0.5, 6]), boostedBriefly).predictor,
    );
  });

  it('names the nearest label', () => {
    const params = { class_weight: { setossa: 2 } };
    expect(messageOf(() => fit(gradientBoosting, iris, params))).toBe(
      'TRAINER_PARAMETER: gradient-boosting: class_weight names the class "setossa", which the target does not have.\n' +
        '  where: "class_weight"\n  fix:   Did you mean "setosa"?',
    );
    expect(messageOf(() => fit(logisticRegression, survived, { class_weight: { maybe: 2 } }))).toContain(
      'fix:   Classes: "0", "1".',
    );
  });

  it('is refused for a regression', () => {
    const regression = trainingSet(readFixture('california'));
    expect(messageOf(() => fit(gradientBoosting, regression, { class_weight: 'balanced' }))).toContain(
      'class_weight is for classes, and the task is regression',
    );
  });

  it('takes weights above 0 and nothing else', () => {
    const message = (class_weight: unknown) =>
      messageOf(() => parseParams(gradientBoosting, { class_weight }));
    expect(message({ yes: 0 })).toContain('"class_weight.yes" is out of range: 0.');
    expect(message('balance')).toContain('Write "balanced", or a block of keys.');
  });
});
