import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Predictor, Tree } from '../../../../src/model/pipeline.ts';
import { Random } from '../../../../src/numeric/random.ts';
import type { Trainer, TrainingSet } from '../../../../src/training/trainer.ts';
import { decisionTree, extraTrees, randomForest } from '../../../../src/training/trainers/random-forest.ts';
import { fit, largestDifference, numericSet, readFixture, scoresOf, trainingSet } from '../fixture.ts';

const iris = readFixture('iris');
const titanic = trainingSet(readFixture('titanic'));
const california = readFixture('california');

function treesOf<P>(trainer: Trainer<P>, data: TrainingSet, params: object = {}, seed = 1): readonly Tree[] {
  const { predictor } = fit(trainer, data, params, seed);
  if (predictor.kind !== 'trees' && predictor.kind !== 'forest') throw new Error(predictor.kind);
  return predictor.trees;
}

/** Rows of the training set in each leaf. */
function leafRows(tree: Tree, { x, rows, features }: TrainingSet): number[] {
  const counts = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (tree.left[node] !== -1) {
      const feature = tree.feature[node]!;
      const value = x[row * features.length + feature]!;
      const codes = tree.levelsLeft[node]!;
      const inside = codes.length > 0 ? codes.includes(value) : value <= tree.threshold[node]!;
      const left = Number.isNaN(value) ? tree.missingLeft[node] === 1 : inside;
      node = left ? tree.left[node]! : tree.right[node]!;
    }
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('decision-tree agrees with scikit-learn row by row', () => {
  // scikit-learn reads the codes of the last column as numbers.
  const numbers = trainingSet({ ...california, levels: california.levels.map(() => 0) });

  it.each([
    ['bestFirstTree', { max_leaf_nodes: 24, min_samples_leaf: 5 }],
    ['shallowTree', { max_depth: 4, min_samples_leaf: 8 }],
  ] as const)('on numbers with missing values: %s', (name, params) => {
    const { predictor } = fit(decisionTree, numbers, params);
    const scores = scoresOf(predictor, numbers);
    expect(largestDifference(scores, california[name] as number[])).toBeLessThan(1e-3);
  });

  it('on three classes', () => {
    const data = trainingSet(iris);
    const { predictor } = fit(decisionTree, data, { max_depth: 3, min_samples_leaf: 4 });
    expect(largestDifference(scoresOf(predictor, data), (iris['tree'] as number[][]).flat())).toBeLessThan(
      1e-6,
    );
  });
});

describe('a fully grown tree', () => {
  it('repeats its training rows where no two of them contradict each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer(), (rows, seed) => {
        const random = new Random(seed);
        const x = Array.from({ length: rows }, (_, row) => [row + random.next() / 2, random.integer(3)]);
        const y = x.map((_, row) => (row < 2 ? row : random.integer(3)));
        const data = numericSet('multiclass', x, [...y.slice(0, -1), 2]);
        const { predictor } = fit(decisionTree, data, {});
        const scores = scoresOf(predictor, data);
        data.y.forEach((label, row) => expect(scores[row * 3 + label]).toBeCloseTo(1, 6));
      }),
      { numRuns: 40 },
    );
  });

  it('needs two cuts that only help together', () => {
    const x = [0, 1, 2, 3].flatMap((i) => Array.from({ length: 5 }, () => [i % 2, i >> 1]));
    const y = x.map(([a, b]) => (a === b ? 1 : 0));
    const data = numericSet('binary', x, y);
    const scores = scoresOf(fit(decisionTree, data).predictor, data);
    data.y.forEach((label, row) => expect(scores[row * 2 + 1]).toBeCloseTo(label, 6));
  });
});

describe.each([randomForest, extraTrees])('$name', (trainer) => {
  it('gives probabilities that never exceed 1', () => {
    const { predictor } = fit(trainer, titanic, { n_estimators: 37 });
    const scores = scoresOf(predictor, titanic);
    for (let row = 0; row < titanic.rows; row++) {
      const [no, yes] = [scores[2 * row]!, scores[2 * row + 1]!];
      expect(Math.min(no, yes)).toBeGreaterThanOrEqual(0);
      expect(no + yes).toBeLessThanOrEqual(1);
      expect(no + yes).toBeGreaterThan(1 - 1e-5);
    }
  });

  it('keeps the first trees when more are grown, but for their share', () => {
    const few = treesOf(trainer, titanic, { n_estimators: 2 });
    const more = treesOf(trainer, titanic, { n_estimators: 4 });
    few.forEach((tree, t) => {
      expect(more[t]!.feature).toEqual(tree.feature);
      expect(more[t]!.threshold).toEqual(tree.threshold);
      expect(
        largestDifference(
          more[t]!.value,
          tree.value.map((value) => value / 2),
        ),
      ).toBeLessThan(1e-7);
    });
  });

  it('gives the same bytes for the same seed and others for another', () => {
    const params = { n_estimators: 3 };
    expect(treesOf(trainer, titanic, params, 5)).toEqual(treesOf(trainer, titanic, params, 5));
    expect(treesOf(trainer, titanic, params, 5)).not.toEqual(treesOf(trainer, titanic, params, 6));
  });

  it('keeps to the limits of its trees', () => {
    const params = {
      n_estimators: 4,
      bootstrap: false,
      min_samples_leaf: 9,
      max_leaf_nodes: 12,
      max_depth: 6,
    };
    for (const tree of treesOf(trainer, titanic, params)) {
      const rows = leafRows(tree, titanic);
      expect(Math.min(...rows)).toBeGreaterThanOrEqual(9);
      expect(rows.length).toBeLessThanOrEqual(12);
    }
  });

  it('learns what guessing does not know', () => {
    const data = trainingSet(california);
    const { predictor } = fit(trainer, data, { n_estimators: 20, min_samples_leaf: 5 });
    const mean = data.y.reduce((total, value) => total + value, 0) / data.rows;
    const squares = (of: (row: number) => number) =>
      data.y.reduce((total, value, row) => total + (value - of(row)) ** 2, 0);
    const scores = scoresOf(predictor, data);
    expect(squares((row) => scores[row]!)).toBeLessThan(0.4 * squares(() => mean));
  });
});

describe('random-forest', () => {
  it('draws as many rows as it is told', () => {
    const data = numericSet(
      'regression',
      Array.from({ length: 50 }, (_, i) => [i]),
      Array.from({ length: 50 }, (_, i) => i),
    );
    const [tree] = treesOf(randomForest, data, { n_estimators: 1, max_samples: 3 });
    expect(tree!.left.filter((left) => left === -1).length).toBeLessThanOrEqual(3);
  });

  it('looks at as many features as it is told', () => {
    const random = new Random(4);
    const x = Array.from({ length: 200 }, () => [random.next(), random.next(), random.next(), random.next()]);
    const data = numericSet(
      'regression',
      x,
      x.map(([first]) => first!),
    );
    const roots = (max_features: unknown) =>
      new Set(
        treesOf(randomForest, data, { n_estimators: 30, max_features, max_depth: 1 }).map(
          (tree) => tree.feature[0],
        ),
      );
    expect([...roots(null)]).toEqual([0]);
    expect(roots('sqrt').size).toBe(4);
  });
});

describe('what is said of a predictor', () => {
  it('is means for classes and a sum of trees for numbers', () => {
    const kind = (data: TrainingSet): Predictor['kind'] =>
      fit(decisionTree, data, { max_depth: 1 }).predictor.kind;
    expect([kind(titanic), kind(trainingSet(california))]).toEqual(['forest', 'trees']);
  });
});
