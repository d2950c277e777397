import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import type { Tree, TreesPredictor } from '../../../../src/model/pipeline.ts';
import type { UserError } from '../../../../src/errors/user-error.ts';
import type { TrainingSet } from '../../../../src/training/trainer.ts';
import { gradientBoosting } from '../../../../src/training/trainers/gradient-boosting.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf, trainingSet } from '../fixture.ts';

const iris = readFixture('iris');
const titanic = readFixture('titanic');
const california = readFixture('california');

function boosted(data: TrainingSet, params: object = {}, seed = 1): TreesPredictor {
  const { predictor } = fit(gradientBoosting, data, params, seed);
  if (predictor.kind !== 'trees') throw new Error(predictor.kind);
  return predictor;
}

function weighted(data: TrainingSet, weight: (row: number) => number): TrainingSet {
  return { ...data, weights: data.y.map((_, row) => weight(row)) };
}

function softmax(scores: Float64Array, outputs: number): number[] {
  return Array.from(scores, (score, i) => {
    const row = scores.subarray(i - (i % outputs), i - (i % outputs) + outputs);
    return Math.exp(score) / row.reduce((total, one) => total + Math.exp(one), 0);
  });
}

describe('gradient-boosting agrees with scikit-learn row by row', () => {
  it('on three classes', () => {
    const data = trainingSet(iris);
    const probabilities = softmax(scoresOf(boosted(data, { max_iter: 20 }), data), 3);
    expect(largestDifference(probabilities, (iris['boosting'] as number[][]).flat())).toBeLessThan(1e-5);
  });

  it.each([
    ['boosting', { max_iter: 30 }],
    [
      'regularised',
      {
        max_iter: 30,
        l2_regularization: 5,
        max_depth: 3,
        learning_rate: 0.3,
        min_samples_leaf: 5,
        max_bins: 32,
      },
    ],
  ] as const)('on two classes with missing values and levels: %s', (name, params) => {
    const data = trainingSet(titanic);
    expect(largestDifference(scoresOf(boosted(data, params), data), titanic[name] as number[])).toBeLessThan(
      1e-5,
    );
  });

  it('on numbers, with more distinct values than bins', () => {
    const data = trainingSet(california);
    const scores = scoresOf(boosted(data, { max_iter: 30 }), data);
    expect(largestDifference(scores, california['boosting'] as number[])).toBeLessThan(1e-4);
  });
});

describe('gradient-boosting agrees with scikit-learn row by row, until gains are equal but for rounding,', () => {
  it('with weights', () => {
    const data = weighted(trainingSet(titanic), (row) => 2 ** (row % 3));
    const scores = scoresOf(boosted(data, { max_iter: 30 }), data);
    expect(largestDifference(scores, titanic['weighted'] as number[])).toBeLessThan(1e-5);
  });

  it('with directions, on two classes', () => {
    const data = trainingSet(titanic);
    const params = { max_iter: 5, monotonic_cst: { Pclass: -1, Age: -1, Fare: 1 } };
    const scores = scoresOf(boosted(data, params), data);
    expect(largestDifference(scores, titanic['monotone'] as number[])).toBeLessThan(1e-5);
  });

  it('with directions, on numbers', () => {
    const data = trainingSet(california);
    const scores = scoresOf(boosted(data, { max_iter: 2, monotonic_cst: { median_income: 1 } }), data);
    expect(largestDifference(scores, california['monotone'] as number[])).toBeLessThan(1e-4);
  });

  it.each([
    ['absoluteError', { loss: 'absolute_error' }],
    ['quantile75', { loss: 'quantile', quantile: 0.75 }],
  ] as const)('with the loss %s', (name, params) => {
    const plain = trainingSet(california);
    // No two targets are equal, so that no error is 0 on one side and rounded on the other.
    const data = { ...plain, y: plain.y.map((y, row) => Math.floor(y) + ((row * 37) % 1024) / 1024) };
    const scores = scoresOf(boosted(data, { max_iter: 2, ...params }), data);
    expect(largestDifference(scores, california[name] as number[])).toBeLessThan(1e-4);
  });
});

describe('gradient-boosting with the Poisson loss', () => {
  const data = trainingSet(california);

  it('agrees with scikit-learn row by row and predicts e^score', () => {
    const predictor = boosted(data, { max_iter: 30, loss: 'poisson' });
    expect(predictor.link).toBe('log');
    const scores = scoresOf(predictor, data);
    expect(largestDifference(scores, california['poisson'] as number[])).toBeLessThan(1e-5);
    expect(boosted(data).link).toBeUndefined();
  });

  it('predicts the mean of all rows where nothing can be divided, also of weighted ones', () => {
    const same = numericSet(
      'regression',
      Array.from({ length: 100 }, () => [1]),
      Array.from({ length: 100 }, (_, row) => row % 4),
    );
    expect(boosted(same, { loss: 'poisson' }).base[0]).toBeCloseTo(Math.log(1.5));
    const heavy = weighted(same, (row) => (row % 4 === 3 ? 3 : 1));
    expect(boosted(heavy, { loss: 'poisson' }).base[0]).toBeCloseTo(Math.log(2));
  });

  it('finds rates that differ by many powers of ten', () => {
    const x = Array.from({ length: 400 }, (_, row) => [row % 4]);
    const rates = [0, 0.01, 3, 100_000];
    const random = new Random(5);
    const counts = x.map(([group = 0]) => rates[group]! * (0.5 + random.next()));
    const wide = numericSet('regression', x, counts);
    const scores = scoresOf(boosted(wide, { loss: 'poisson', max_iter: 200 }), wide);
    for (const group of [1, 2, 3]) {
      const own = counts.filter((_, row) => row % 4 === group);
      const mean = own.reduce((sum, count) => sum + count, 0) / own.length;
      expect(Math.exp(scores[group]!) / mean).toBeCloseTo(1, 1);
    }
    expect(Math.exp(scores[0]!)).toBeLessThan(0.01);
  });

  it('goes with weights, directions, early stopping and many rows of 0', () => {
    const rare = { ...data, y: data.y.map((_, row) => (row % 100 === 0 ? 1 : 0)) };
    const params = { loss: 'poisson', early_stopping: true, monotonic_cst: { latitude: -1 } };
    const scores = scoresOf(
      boosted(
        weighted(rare, (row) => 1 + (row % 3)),
        params,
      ),
      rare,
    );
    expect(scores.every(Number.isFinite)).toBe(true);
    const single = { ...data, y: data.y.map((_, row) => (row === 7 ? 1 : 0)) };
    for (let seed = 0; seed < 20; seed++)
      expect(scoresOf(boosted(single, params, seed), data).every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['negative targets', data.y.map((y, row) => (row === 9 ? -2 : y)), 'one is -2'],
    ['nothing but 0', data.y.map(() => 0), 'all are 0'],
  ])('refuses %s', (_name, y, message) => {
    expect(() => boosted({ ...data, y }, { loss: 'poisson' })).toThrow(message);
  });
});

describe('gradient-boosting weighs', () => {
  it('whole numbers as so many equal rows', () => {
    const random = new Random(6);
    const x = Array.from({ length: 200 }, () => [random.normal(), random.normal()]);
    const data = numericSet(
      'regression',
      x,
      x.map(([a = 0, b = 0]) => a * b + random.normal()),
    );
    const times = (row: number): number => 1 + (row % 2);
    const rows = Array.from(data.y.keys()).flatMap((row) => Array.from({ length: times(row) }, () => row));
    const width = data.features.length;
    const repeated: TrainingSet = {
      ...data,
      rows: rows.length,
      x: Float32Array.from(rows.flatMap((row) => [...data.x.subarray(row * width, (row + 1) * width)])),
      y: Float64Array.from(rows, (row) => data.y[row]!),
    };
    const params = { max_iter: 10, min_samples_leaf: 1 };
    const scores = scoresOf(boosted(weighted(data, times), params), data);
    expect(largestDifference(scores, scoresOf(boosted(repeated, params), data))).toBeLessThan(1e-5);
  });

  it('rows of weight 0 as if they were not there, but for the bins', () => {
    const data = trainingSet(titanic);
    const flipped = data.y.map((y, row) => (row % 3 === 0 ? 1 - y : y));
    const params = { max_iter: 10, min_samples_leaf: 1 };
    const models = [data.y, flipped].map((y) =>
      boosted(
        weighted({ ...data, y }, (row) => Math.min(1, row % 3)),
        params,
      ),
    );
    expect(models[0]).toEqual(models[1]);
  });

  it('classes by class_weight as rows by their weights', () => {
    const data = trainingSet(titanic);
    const positive = data.y.filter((y) => y === 1).length;
    const rare = data.rows / (2 * positive);
    const common = data.rows / (2 * (data.rows - positive));
    const byRow = weighted(data, (row) => (data.y[row] === 1 ? rare : common));
    expect(boosted(data, { max_iter: 5, class_weight: 'balanced' })).toEqual(boosted(byRow, { max_iter: 5 }));
  });
});

describe('gradient-boosting is held back', () => {
  const data = trainingSet(titanic);
  const splits = (params: object): number =>
    boosted(data, { max_iter: 20, ...params }).trees.reduce((sum, tree) => sum + tree.left.length, 0);

  it('by l1_regularization and min_gain_to_split, the more the higher', () => {
    for (const name of ['l1_regularization', 'min_gain_to_split']) {
      const sizes = [0, 1, 5, 1000].map((value) => splits({ [name]: value }));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(sizes.at(-1)).toBe(1);
    }
  });

  it('by max_features and subsample, alike for the same seed', () => {
    for (const name of ['max_features', 'subsample']) {
      const params = { max_iter: 5, [name]: 0.5 };
      expect(boosted(data, params, 3)).toEqual(boosted(data, params, 3));
      expect(boosted(data, params, 3)).not.toEqual(boosted(data, params, 4));
      expect(logLoss(scoresOf(boosted(data, params), data), data.y)).toBeLessThan(0.6);
    }
  });

  it('by directions, for any rows', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1, -1), (seed, direction) => {
        const random = new Random(seed);
        const x = Array.from({ length: 120 }, () => [random.normal(), random.normal()]);
        const set = numericSet(
          'regression',
          x,
          x.map(([a = 0, b = 0]) => a * b + random.normal()),
        );
        const params = { max_iter: 10, min_samples_leaf: 3, monotonic_cst: { x0: direction } };
        const model = boosted(set, params);
        const grid = Array.from({ length: 50 }, (_, i) => [i / 10 - 2.5, 0.3]);
        const scores = [
          ...scoresOf(
            model,
            numericSet(
              'regression',
              grid,
              grid.map(() => 0),
            ),
          ),
        ];
        expect(scores).toEqual(scores.toSorted((a, b) => direction * (a - b)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('gradient-boosting refuses', () => {
  const data = trainingSet(titanic);
  it.each([
    [
      { monotonic_cst: { Agee: 1 } },
      /monotonic_cst names "Agee", which is not a feature.*Did you mean "Age"/,
    ],
    [{ monotonic_cst: { Sex: 1 } }, /monotonic_cst names "Sex", which has categories/],
    [{ loss: 'absolute_error' }, /loss "absolute_error" is for regression, and the task is binary/],
  ])('%j', (params, message) => {
    let refused: unknown;
    try {
      boosted(data, params);
    } catch (error) {
      refused = error;
    }
    const { message: what, fix } = refused as UserError;
    expect(`${what}. ${fix}`).toMatch(message);
  });

  it('directions for three classes, and with a quantile', () => {
    const name = iris.columns[0]!;
    expect(() => boosted(trainingSet(iris), { monotonic_cst: { [name]: 1 } })).toThrow(
      /three and more classes/,
    );
    const params = { loss: 'quantile', monotonic_cst: { median_income: 1 } };
    expect(() => boosted(trainingSet(california), params)).toThrow(/does not go with loss "quantile"/);
  });
});

describe('gradient-boosting keeps its limits', () => {
  const parameters = fc.record({
    max_leaf_nodes: fc.option(fc.integer({ min: 2, max: 20 })),
    max_depth: fc.option(fc.integer({ min: 1, max: 5 })),
    min_samples_leaf: fc.integer({ min: 1, max: 60 }),
    max_bins: fc.integer({ min: 2, max: 255 }),
    l2_regularization: fc.double({ min: 0, max: 10, noNaN: true }),
  });

  it('of leaves, depth and rows in a leaf, for any parameters', () => {
    const data = trainingSet(titanic);
    fc.assert(
      fc.property(parameters, (params) => {
        const { trees } = boosted(data, { ...params, max_iter: 3 });
        for (const tree of trees) {
          const leaves = tree.left.filter((child) => child < 0).length;
          expect(leaves).toBeLessThanOrEqual(params.max_leaf_nodes ?? Infinity);
          expect(depthOf(tree)).toBeLessThanOrEqual(params.max_depth ?? Infinity);
          expect(Math.min(...rowsOfLeaves(tree, data))).toBeGreaterThanOrEqual(params.min_samples_leaf);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('never raises the training loss from round to round', () => {
    const data = trainingSet(titanic);
    const { trees, base } = boosted(data, { max_iter: 30, l2_regularization: 1 });
    const losses = Array.from({ length: 31 }, (_, rounds) =>
      logLoss(scoresOf({ kind: 'trees', outputs: 1, base, trees: trees.slice(0, rounds) }, data), data.y),
    );
    losses.slice(1).forEach((loss, round) => expect(loss).toBeLessThan(losses[round]!));
  });

  it('predicts within the range of the target', () => {
    const data = trainingSet(california);
    const scores = scoresOf(boosted(data, { learning_rate: 1, max_iter: 1 }), data);
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(Math.min(...data.y));
    expect(Math.max(...scores)).toBeLessThanOrEqual(Math.max(...data.y));
  });
});

describe('gradient-boosting does not depend on', () => {
  it('the run: the same bytes twice, and the seed only through early stopping', () => {
    const data = trainingSet(titanic);
    expect(boosted(data, { early_stopping: true })).toEqual(boosted(data, { early_stopping: true }));
    expect(boosted(data, {}, 1)).toEqual(boosted(data, {}, 2));
    expect(boosted(data, { early_stopping: true }, 1)).not.toEqual(
      boosted(data, { early_stopping: true }, 2),
    );
  });

  it('the order of the rows: all sums are exact', () => {
    const order = new Random(8).shuffle([...titanic.y.keys()]);
    const shuffled = {
      ...titanic,
      x: order.map((row) => titanic.x[row]!),
      y: order.map((row) => titanic.y[row]!),
    };
    expect(boosted(trainingSet(shuffled), { max_iter: 40 })).toEqual(
      boosted(trainingSet(titanic), { max_iter: 40 }),
    );
  });

  it('a monotone change of a feature', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), (feature) => {
        const data = trainingSet(iris);
        const x = data.x.map((value, cell) => (cell % 4 === feature ? value * value * value : value));
        const plain = scoresOf(boosted(data, { max_iter: 5 }), data);
        expect(scoresOf(boosted({ ...data, x }, { max_iter: 5 }), { ...data, x })).toEqual(plain);
      }),
    );
  });

  it('how levels are numbered', () => {
    const renumbered = {
      ...titanic,
      x: titanic.x.map((row) => row.map((value, j) => (j === 6 ? [2, 3, 0, 1][value!]! : value))),
    };
    const data = trainingSet(renumbered);
    const scores = scoresOf(boosted(data, { max_iter: 20 }), data);
    const plain = trainingSet(titanic);
    expect(scores).toEqual(scoresOf(boosted(plain, { max_iter: 20 }), plain));
  });
});

describe('gradient-boosting with missing values and levels', () => {
  it('learns to which side a missing value belongs', () => {
    const x = Array.from({ length: 200 }, (_, i) => [i % 4 === 0 ? NaN : i % 4]);
    for (const side of [1, 3]) {
      const y = x.map(([value]) => (Number.isNaN(value) || value === side ? 1 : 0));
      const data = numericSet('binary', x, y);
      const scores = scoresOf(boosted(data, { max_iter: 20 }), data);
      expect(Array.from(scores, (score) => (score > 0 ? 1 : 0))).toEqual(y);
    }
  });

  it('can split on being missing alone', () => {
    const x = Array.from({ length: 120 }, (_, i) => [i % 3 === 0 ? NaN : i]);
    const y = x.map(([value]) => (Number.isNaN(value) ? 5 : 1));
    const data = numericSet('regression', x, y);
    const predictor = boosted(data, { max_iter: 1, learning_rate: 1 });
    expect(Array.from(scoresOf(predictor, data))).toEqual(y);
    const largest = numericSet('regression', [[3.4e38], [NaN]], [0, 0]);
    expect(Array.from(scoresOf(predictor, largest))).toEqual([1, 5]);
  });

  it('splits levels into two sets in one step', () => {
    const codes = Array.from({ length: 300 }, (_, i) => [i % 6]);
    const y = codes.map(([code]) => (code! % 2 === 0 ? 1 : 0));
    const data = { ...numericSet('regression', codes, y), features: [{ name: 'c', input: 'c', levels: 7 }] };
    const { trees } = boosted(data, { max_iter: 1 });
    expect(trees[0]!.levelsLeft[0]).toEqual([0, 2, 4]);
    expect(trees[0]!.left.length).toBe(3);
  });

  it('sends a level that never occurred the way of the larger side', () => {
    const codes = Array.from({ length: 300 }, (_, i) => [i % 3]);
    const y = codes.map(([code]) => (code === 2 ? 0 : 1));
    const data = { ...numericSet('regression', codes, y), features: [{ name: 'c', input: 'c', levels: 5 }] };
    const predictor = boosted(data, { max_iter: 1, learning_rate: 1 });
    const unseen = { ...data, rows: 3, x: Float32Array.of(3, 4, NaN) };
    expect(Array.from(scoresOf(predictor, unseen))).toEqual([1, 1, 1]);
  });

  it('splits off missing levels by naming the others', () => {
    const codes = Array.from({ length: 300 }, (_, i) => [i % 3 === 0 ? NaN : (i % 3) - 1]);
    const y = codes.map(([code]) => (Number.isNaN(code) ? -1 : 1));
    const data = { ...numericSet('regression', codes, y), features: [{ name: 'c', input: 'c', levels: 2 }] };
    const { trees } = boosted(data, { max_iter: 1 });
    expect(trees[0]!.levelsLeft[0]!.length).toBeGreaterThan(0);
    const scores = scoresOf(boosted(data, { max_iter: 1, learning_rate: 1 }), data);
    expect(largestDifference(scores, y)).toBeLessThan(1e-6);
  });

  it('puts the rarest of too many levels together', () => {
    const random = new Random(3);
    const codes = Array.from({ length: 3000 }, () => [Math.floor(random.next() * random.next() * 400)]);
    const y = codes.map(([code]) => (code! % 2) + 0.1 * random.normal());
    const data = {
      ...numericSet('regression', codes, y),
      features: [{ name: 'c', input: 'c', levels: 401 }],
    };
    const predictor = boosted(data, { max_bins: 20, min_samples_leaf: 1 });
    const scores = scoresOf(predictor, data);
    const counts = new Float64Array(400);
    for (const [code] of codes) counts[code!]! += 1;
    const rank = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
    const rare = codes.flatMap(([code], row) => (rank.indexOf(code!) >= 19 ? [scores[row]!] : []));
    expect(new Set(rare).size).toBe(1);
    const frequent = codes.findIndex(([code]) => code === rank[0]);
    expect(scores[frequent]).toBeCloseTo(rank[0]! % 2, 1);
  });
});

describe('gradient-boosting over many rounds and features', () => {
  it('works with more bins than 16 bits count', () => {
    const random = new Random(9);
    const width = 300;
    const x = Array.from({ length: 400 }, () => Array.from({ length: width }, () => random.normal()));
    const y = x.map((row) => (row[299]! > 0 ? 1 : 0));
    const data = numericSet('binary', x, y);
    const { trees } = boosted(data, { max_iter: 2, max_bins: 255 });
    expect(trees[0]!.feature[0]).toBe(299);
  });

  it('stops early and drops the rounds after the best', () => {
    const random = new Random(10);
    const x = Array.from({ length: 600 }, () => [random.normal(), random.normal()]);
    const y = x.map(([a]) => (a! + 2 * random.normal() > 0 ? 1 : 0));
    const data = numericSet('binary', x, y);
    const { iterations, predictor } = fit(gradientBoosting, data, { early_stopping: true, max_iter: 500 });
    expect(iterations).toBeLessThan(60);
    expect(predictor).toMatchObject({ trees: { length: iterations } });
    const all = fit(gradientBoosting, data, { max_iter: 500 });
    expect(all.iterations).toBe(500);
  });

  it('stops early by itself above 10,000 rows', () => {
    const random = new Random(11);
    const x = Array.from({ length: 10_001 }, () => [random.normal()]);
    const y = x.map(() => (random.next() < 0.5 ? 1 : 0));
    const data = numericSet('binary', x, y);
    expect(fit(gradientBoosting, data).iterations).toBeLessThan(50);
    expect(fit(gradientBoosting, data, { early_stopping: false, max_iter: 50 }).iterations).toBe(50);
  });

  it('ends when there is nothing left to split', () => {
    const data = numericSet(
      'regression',
      Array.from({ length: 50 }, () => [1]),
      Array.from({ length: 50 }, (_, i) => i),
    );
    const { iterations, predictor } = fit(gradientBoosting, data);
    expect(iterations).toBe(1);
    expect(scoresOf(predictor, data)[0]).toBeCloseTo(24.5, 5);
  });

  it('copes with a class without rows, and with perfect separation', () => {
    const data = numericSet(
      'multiclass',
      iris.x as number[][],
      iris.y.map((label) => (label === 2 ? 3 : label)),
    );
    const { predictor, warnings } = fit(gradientBoosting, data, { max_iter: 300 });
    const probabilities = softmax(scoresOf(predictor, data), 4);
    expect(probabilities.every(Number.isFinite)).toBe(true);
    expect(Math.max(...probabilities.filter((_, i) => i % 4 === 2))).toBeLessThan(0.01);
    expect(warnings).toHaveLength(1);
  });

  it('keeps rare classes from running away', () => {
    const random = new Random(12);
    const x = Array.from({ length: 800 }, () => [random.normal(), random.normal()]);
    const y = x.map((row, i) => (i < 5 ? 2 : row[0]! + random.normal() > 0 ? 1 : 0));
    const { trees } = boosted(numericSet('multiclass', x, y), { max_iter: 100 });
    const values = trees.flatMap((tree) => [...tree.value]);
    expect(Math.max(...values.map(Math.abs))).toBeCloseTo(0.5, 6);
  });

  it('reports progress up to 1', () => {
    const seen: number[] = [];
    const params = gradientBoosting.params.parse({ max_iter: 4 });
    gradientBoosting.fit(trainingSet(iris), {
      params,
      seed: 1,
      onProgress: (fraction) => seen.push(fraction),
    });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });

  it('refuses what can not be learnt', () => {
    const failed: unknown = expect.objectContaining({ code: 'TRAINING_FAILED' });
    expect(() => boosted(numericSet('binary', [[1], [2]], [0, 0]))).toThrow(failed);
    expect(() => boosted(numericSet('regression', [[1], [2]], [0, NaN]))).toThrow(failed);
    expect(() => boosted(numericSet('regression', [[1], [-Infinity]], [0, 1]))).toThrow(failed);
    expect(() => boosted(numericSet('regression', [[1], [2]], [0, 1]), { early_stopping: true })).toThrow(
      failed,
    );
    expect(() =>
      boosted({ ...trainingSet(iris), rows: 0, x: new Float32Array(0), y: new Float64Array(0) }),
    ).toThrow(failed);
  });
});

function depthOf(tree: Tree, node = 0): number {
  if (tree.left[node]! < 0) return 0;
  return 1 + Math.max(depthOf(tree, tree.left[node]), depthOf(tree, tree.right[node]));
}

/** Training rows in each leaf, found by giving every leaf its own value. */
function rowsOfLeaves(tree: Tree, data: TrainingSet): number[] {
  const value = tree.value.map((_, node) => node);
  const ends = scoresOf(
    { kind: 'trees', outputs: 1, base: Float32Array.of(0), trees: [{ ...tree, value }] },
    data,
  );
  const counts = new Map<number, number>();
  for (const node of ends) counts.set(node, (counts.get(node) ?? 0) + 1);
  return Array.from(tree.left.keys())
    .filter((node) => tree.left[node]! < 0)
    .map((node) => counts.get(node) ?? 0);
}

function logLoss(scores: Float64Array, y: Float64Array): number {
  return scores.reduce((total, s, row) => total + Math.log1p(Math.exp(y[row] === 1 ? -s : s)), 0) / y.length;
}
