import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../src/numeric/random.ts';
import type { TrainingSet } from '../../../src/training/trainer.ts';
import { trainers } from '../../../src/training/trainers.ts';
import { fit, largestDifference, numericSet, scoresOf } from './fixture.ts';

const random = new Random(11);
const x = Array.from({ length: 150 }, () => [random.normal(), random.normal(), random.integer(4)]);
const signal = x.map(([a = 0, b = 0, c = 0]) => a * b + c + random.normal());
const sets: Readonly<Record<TrainingSet['task'], TrainingSet>> = {
  regression: numericSet('regression', x, signal),
  binary: numericSet(
    'binary',
    x,
    signal.map((value) => Number(value > 1.5)),
  ),
  multiclass: numericSet(
    'multiclass',
    x,
    signal.map((value) => (value < 0.5 ? 0 : value < 2 ? 1 : 2)),
  ),
};

/** What leaves equal rows and weighted rows the same: no random choice of rows, no rule that counts rows. */
const exactParams: Readonly<Record<string, object>> = {
  'gradient-boosting': { min_samples_leaf: 1, max_iter: 5, max_leaf_nodes: 4, early_stopping: false },
  'random-forest': { bootstrap: false, n_estimators: 3, max_depth: 3 },
  'decision-tree': { max_depth: 3 },
  'elastic-net': { alpha: 0.01, tol: 1e-10 },
  'logistic-regression': { tol: 1e-10 },
};

const weighable = [...trainers.values()].filter(({ unweighted }) => !unweighted);
const cases = weighable.flatMap((trainer) => trainer.tasks.map((task) => [trainer.name, task] as const));

function repeated(data: TrainingSet, times: (row: number) => number): TrainingSet {
  const rows = Array.from(data.y.keys()).flatMap((row) => Array.from({ length: times(row) }, () => row));
  const width = data.features.length;
  return {
    ...data,
    rows: rows.length,
    x: Float32Array.from(rows.flatMap((row) => [...data.x.subarray(row * width, (row + 1) * width)])),
    y: Float64Array.from(rows, (row) => data.y[row]!),
  };
}

const weighted = (data: TrainingSet, weight: (row: number) => number): TrainingSet => ({
  ...data,
  weights: data.y.map((_, row) => weight(row)),
});

describe('weights', () => {
  it.each(cases)('of %s, %s: one for each row changes nothing', (name, task) => {
    const trainer = trainers.get(name)!;
    const data = sets[task];
    const plain = scoresOf(fit(trainer, data, {}, 3).predictor, data);
    const ones = scoresOf(
      fit(
        trainer,
        weighted(data, () => 1),
        {},
        3,
      ).predictor,
      data,
    );
    expect(largestDifference(plain, ones)).toBeLessThan(1e-6);
  });

  // Batches of a net hold other rows when a row is repeated.
  it.each(cases.filter(([name]) => name !== 'neural-network' && name !== 'extra-trees'))(
    'of %s, %s: whole numbers are so many equal rows',
    (name, task) => {
      const trainer = trainers.get(name)!;
      const data = sets[task];
      const times = (row: number): number => 1 + (row % 3);
      const params = exactParams[name];
      const counted = scoresOf(fit(trainer, weighted(data, times), params, 3).predictor, data);
      const copied = scoresOf(fit(trainer, repeated(data, times), params, 3).predictor, data);
      expect(largestDifference(counted, copied)).toBeLessThan(2e-5);
      expect(
        largestDifference(counted, scoresOf(fit(trainer, data, params, 3).predictor, data)),
      ).toBeGreaterThan(1e-3);
    },
  );

  it.each(cases)('of %s, %s: heavy rows draw the answers to them', (name, task) => {
    const trainer = trainers.get(name)!;
    const contrary = task === 'regression' ? 10 : task === 'binary' ? 1 : 2;
    const data: TrainingSet = {
      ...sets[task],
      y: sets[task].y.map((y, row) => (row % 3 === 0 ? contrary : Math.min(y, contrary - 1))),
    };
    const drawn = (weight: number): number => {
      const scores = answers(
        weighted(data, (row) => (row % 3 === 0 ? weight : 1)),
        trainer.name,
      );
      const outputs = scores.length / data.rows;
      return scores.reduce((total, score, i) => total + (i % outputs === outputs - 1 ? score : 0), 0);
    };
    expect(drawn(50)).toBeGreaterThan(drawn(1));
  });
});

function answers(data: TrainingSet, name: string): Float64Array {
  const { predictor } = fit(trainers.get(name)!, data, { ...smooth[name] }, 3);
  if (predictor.kind !== 'constant') return scoresOf(predictor, data);
  return Float64Array.from({ length: data.rows * predictor.outputs.length }, (_, i) => {
    return predictor.outputs[i % predictor.outputs.length]!;
  });
}

/** Deep trees would answer each training row with itself, whatever it counts. */
const smooth: Readonly<Record<string, object>> = {
  'random-forest': { max_depth: 2, n_estimators: 20 },
  'extra-trees': { max_depth: 2, n_estimators: 20 },
  'decision-tree': { max_depth: 2 },
};
