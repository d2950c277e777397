import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../../src/errors/user-error.ts';
import type { TrainingSet } from '../../../../src/training/trainer.ts';
import { naiveBayes } from '../../../../src/training/trainers/naive-bayes.ts';
import { parseParams } from '../../../../src/training/trainers.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf, trainingSet } from '../fixture.ts';

type Scores = readonly (readonly number[])[];
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/training/naive-bayes.json', import.meta.url), 'utf8'),
) as Record<'gaussian' | 'categorical', Record<string, Scores>>;

const iris = trainingSet(readFixture('iris'));
const passengers = readFixture('titanic');
const categories = trainingSet({
  columns: ['Sex', 'Embarked'],
  levels: [2, 4],
  classes: 2,
  x: passengers.x.map((row) => [row[1]!, row[6]!]),
  y: passengers.y,
});
const weighted = (data: TrainingSet): TrainingSet => ({
  ...data,
  weights: Float64Array.from(data.y, (_, row) => 1 + (row % 3)),
});

/** The largest difference of any row's scores, as a share where they are far from 0. */
function worstScore(data: TrainingSet, params: object, expected: Scores): number {
  const scores = scoresOf(fit(naiveBayes, data, params).predictor, data);
  const scale = expected.flat().map((score) => Math.max(1, Math.abs(score)));
  const share = (values: ArrayLike<number>) => Array.from(values, (value, i) => value / scale[i]!);
  return largestDifference(share(scores), share(expected.flat()));
}

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message} ${error.fix}`;
    throw error;
  }
  return 'no error';
}

describe('naive-bayes', () => {
  it.each([
    ['plain', {}],
    ['smoothed', { var_smoothing: 0.1 }],
    ['priors', { priors: { 0: 0.7, 1: 0.2, 2: 0.1 } }],
    ['weighted', {}],
  ])("gives each row the log likelihoods of scikit-learn's GaussianNB (%s)", (name, params) => {
    const data = name === 'weighted' ? weighted(iris) : iris;
    expect(worstScore(data, params, reference.gaussian[name]!)).toBeLessThan(1e-6);
  });

  it.each([
    ['plain', {}],
    ['barelySmoothed', { alpha: 0.01 }],
    ['evenPrior', { fit_prior: false }],
    ['weighted', { alpha: 2 }],
  ])("gives each row the log likelihoods of scikit-learn's CategoricalNB (%s)", (name, params) => {
    const data = name === 'weighted' ? weighted(categories) : categories;
    expect(worstScore(data, params, reference.categorical[name]!)).toBeLessThan(1e-6);
  });

  it('adds up numbers and categories, whatever the order of the columns', () => {
    const mixed = trainingSet(passengers);
    const reversed = trainingSet({
      ...passengers,
      columns: [...passengers.columns].reverse(),
      levels: [...passengers.levels].reverse(),
      x: passengers.x.map((row) => [...row].reverse()),
    });
    const scores = scoresOf(fit(naiveBayes, mixed).predictor, mixed);
    expect(largestDifference(scores, scoresOf(fit(naiveBayes, reversed).predictor, reversed))).toBeLessThan(
      1e-5,
    );
  });

  it('leaves a missing number out of estimate and prediction', () => {
    const y = [0, 0, 0, 1, 1, 1];
    const known = numericSet('binary', [[1], [2], [4], [7], [8], [10]], y);
    const holes = numericSet(
      'binary',
      [
        [1, 5],
        [2, NaN],
        [4, 7],
        [7, NaN],
        [8, NaN],
        [10, NaN],
      ],
      y,
    );
    const { predictor } = fit(naiveBayes, holes);
    const ask = numericSet(
      'binary',
      [
        [3, NaN],
        [6, NaN],
      ],
      [0, 1],
    );
    const asked = numericSet('binary', [[3], [6]], [0, 1]);
    expect([...scoresOf(predictor, ask)]).toEqual([...scoresOf(fit(naiveBayes, known).predictor, asked)]);
    // The second column is never known in class 1, which then takes that of all rows: it hardly tells the classes apart.
    const told = scoresOf(predictor, numericSet('binary', [[6, 6]], [1]));
    expect(told.every(Number.isFinite)).toBe(true);
  });

  it('learns nothing from a column of one value, and never predicts a class without rows', () => {
    const data = {
      ...numericSet(
        'multiclass',
        [
          [1, 3],
          [2, 3],
          [7, 3],
          [8, 3],
        ],
        [0, 0, 1, 1],
      ),
      classes: 3,
    };
    const { predictor, warnings } = fit(naiveBayes, data);
    const scores = scoresOf(
      predictor,
      numericSet(
        'multiclass',
        [
          [1, 99],
          [7, -99],
        ],
        [0, 1],
      ),
    );
    expect([scores[0], scores[4]]).toEqual([0, 0]);
    expect([scores[2]! < -1e29, scores[5]! < -1e29]).toEqual([true, true]);
    expect(warnings[0]).toContain('never predicted');
  });

  it('names priors that do not fit', () => {
    const flowers = { ...iris, labels: ['setosa', 'versicolor', 'virginica'] };
    const given = { setosa: 0.5, versicolor: 0.5 };
    expect(message(() => fit(naiveBayes, flowers, { priors: given }))).toBe(
      'TRAINER_PARAMETER: naive-bayes: priors lacks the class "virginica" ' +
        'Give a number for each of "setosa", "versicolor", "virginica".',
    );
    expect(
      message(() => fit(naiveBayes, flowers, { priors: { ...given, virginica: 1, rose: 1 } })),
    ).toContain('priors names a class that the target does not have: "rose"');
    expect(message(() => parseParams(naiveBayes, { priors: { a: 0 } }))).toContain('out of range: 0');
    expect(message(() => parseParams(naiveBayes, { alpha: 0 }))).toContain('"alpha" is out of range: 0');
  });
});
