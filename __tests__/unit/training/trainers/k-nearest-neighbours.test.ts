import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatUserError, UserError } from '../../../../src/errors/user-error.ts';
import { loadConfig } from '../../../../src/config/load.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { Random } from '../../../../src/numeric/random.ts';
import type { TrainingSet } from '../../../../src/training/trainer.ts';
import { kNearestNeighbours } from '../../../../src/training/trainers/k-nearest-neighbours.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf } from '../fixture.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/training/k-nearest-neighbours.json', import.meta.url), 'utf8'),
) as Record<'regression', Record<string, number[]>> & Record<'classification', Record<string, number[][]>>;

const california = readFixture('california');
const cells = california['standard'] as number[][];
const priceClass = (price: number): number => (price < 130 ? 0 : price < 230 ? 1 : 2);

/** Every other row of the houses, from the first or the second on. */
function houses(task: 'regression' | 'multiclass', first: 0 | 1): TrainingSet {
  const mine = (_: unknown, row: number): boolean => row % 2 === first;
  const prices = california.y.filter(mine);
  const y = task === 'regression' ? prices : prices.map(priceClass);
  return numericSet(task, cells.filter(mine), y);
}

const published = { publish_training_rows: true };
const variants = [
  ['plain', {}],
  ['distance', { weights: 'distance', n_neighbors: 7 }],
  ['manhattan', { p: 1, n_neighbors: 3 }],
  ['manhattanDistance', { p: 1, weights: 'distance' }],
] as const;

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error);
    throw error;
  }
  return 'no error';
}

describe('k-nearest-neighbours', () => {
  it.each(variants)("predicts each row as scikit-learn's KNeighborsRegressor (%s)", (name, params) => {
    const { predictor } = fit(kNearestNeighbours, houses('regression', 0), { ...published, ...params });
    const scores = scoresOf(predictor, houses('regression', 1));
    const tolerance = name.toLowerCase().includes('distance') ? 0.05 : 1e-4;
    expect(largestDifference(scores, reference.regression[name]!)).toBeLessThan(tolerance);
  });

  it.each(variants)(
    "gives each row the shares of scikit-learn's KNeighborsClassifier (%s)",
    (name, params) => {
      const { predictor } = fit(kNearestNeighbours, houses('multiclass', 0), { ...published, ...params });
      const scores = scoresOf(predictor, houses('multiclass', 1));
      expect(largestDifference(scores, reference.classification[name]!.flat())).toBeLessThan(2e-4);
    },
  );

  it('does not depend on the order of the rows, even where many are equally far', () => {
    const random = new Random(3);
    const rows = Array.from({ length: 300 }, () => [random.integer(3), random.integer(3), random.integer(2)]);
    const y = rows.map(() => random.integer(3));
    const data = numericSet('multiclass', rows, y);
    const turned = numericSet('multiclass', [...rows].reverse(), [...y].reverse());
    expect(fit(kNearestNeighbours, turned, published, 7)).toEqual(
      fit(kNearestNeighbours, data, published, 7),
    );
  });

  it('favours no class among rows that are equally far', () => {
    const y = Array.from({ length: 4000 }, (_, row) => row % 4);
    const data = numericSet(
      'multiclass',
      y.map(() => [1]),
      y,
    );
    const shares = [1, 2, 3, 4, 5].map((seed) => {
      const { predictor } = fit(kNearestNeighbours, data, { ...published, n_neighbors: 400 }, seed);
      return [...scoresOf(predictor, numericSet('multiclass', [[1]], [3]))];
    });
    for (const share of shares.flat()) expect(Math.abs(share - 0.25)).toBeLessThan(0.12);
  });

  it('asks only rows at distance 0 where there are some, and takes nothing for farther than 64 deviations', () => {
    const data = numericSet('regression', [[0], [0], [1], [100], [5000]], [1, 3, 50, 7, 9]);
    const { predictor } = fit(kNearestNeighbours, data, {
      ...published,
      weights: 'distance',
      n_neighbors: 3,
    });
    expect(
      [...scoresOf(predictor, numericSet('regression', [[0], [1], [1e30]], [0, 0, 0]))].slice(0, 2),
    ).toEqual([2, 50]);
    const two = fit(kNearestNeighbours, data, { ...published, n_neighbors: 2 });
    expect([...scoresOf(two.predictor, numericSet('regression', [[1e30]], [0]))]).toEqual([8]);
  });

  it('asks before it puts training rows into a model file', () => {
    const text = [
      'version: 1',
      'model: churn',
      'data: { source: rows.csv, target: y }',
      'candidates:',
      '  near: { trainer: k-nearest-neighbours }',
    ].join('\n');
    expect(message(() => loadConfig(text, 'model-factory.yml', catalogue))).toMatchInlineSnapshot(`
      "CONFIG_INVALID: "candidates.near.params.publish_training_rows" must be true: the model file of nearest neighbours holds the training rows, and a run's artifacts and a release hold the model.
        where: model-factory.yml:5:3, "candidates.near.params.publish_training_rows"
        fix:   Write \`publish_training_rows: true\` if everyone who can read the repository may see the rows, or take another trainer."
    `);
    const declared = text.replace('neighbours }', 'neighbours, params: { publish_training_rows: true } }');
    expect(message(() => loadConfig(declared, 'model-factory.yml', catalogue))).toBe('no error');
  });

  it('refuses more neighbours than rows, row weights and a model file that is too large', () => {
    const data = numericSet('regression', [[1], [2], [3]], [1, 2, 3]);
    expect(message(() => fit(kNearestNeighbours, data, published))).toMatchInlineSnapshot(`
      "TRAINER_PARAMETER: k-nearest-neighbours: n_neighbors is 5, and there are 3 training rows.
        where: "n_neighbors"
        fix:   Use at most 3, or fewer folds."
    `);
    const weights = Float64Array.of(1, 2, 1);
    expect(message(() => fit(kNearestNeighbours, { ...data, weights }, { ...published, n_neighbors: 1 })))
      .toMatchInlineSnapshot(`
      "TRAINING_FAILED: k-nearest-neighbours: a neighbour counts once, so rows can not have weights.
        fix:   Leave the weights or this candidate out."
    `);
    const columns = Array.from({ length: 9000 }, (_, j) => ({ name: `x${j}`, input: `x${j}`, levels: 0 }));
    const wide = {
      ...data,
      rows: 1000,
      x: new Float32Array(9e6),
      features: columns,
      y: new Float64Array(1000),
    };
    expect(message(() => fit(kNearestNeighbours, wide, published))).toMatchInlineSnapshot(`
      "TRAINING_FAILED: k-nearest-neighbours: the model file would hold 1000 rows of 9000 columns, 37 MB, more than 33 MB.
        fix:   Drop columns (\`data.drop\`), above all categories of many levels, give fewer rows, or take another trainer."
    `);
  });
});
