import { describe, expect, it } from '@jest/globals';
import type { Task } from '../../../src/contracts/task.ts';
import {
  confusionCounts,
  confusionMatrix,
  type ConfusionMatrix,
} from '../../../src/gate/metrics/confusion.ts';
import * as classification from '../../../src/gate/metrics/classification.ts';
import { findMetric, metrics } from '../../../src/gate/metrics/metrics.ts';
import { dcg, ndcg } from '../../../src/gate/metrics/ranking.ts';
import { selectPredictions, type Predictions } from '../../../src/gate/predictions.ts';
import { Random } from '../../../src/numeric/random.ts';
import { expectNear, readVectors } from './vectors.ts';

type Scores = Record<string, number | null>;

function predictionsOf(task: Task, y: number[], rows: number[][]): Predictions {
  const classes = task === 'regression' ? 0 : rows[0]!.length;
  return { task, classes, rows: y.length, y: Float64Array.from(y), p: Float64Array.from(rows.flat()) };
}

/** Checks the fields of a vector that `names` maps to a metric of ours. */
function expectScores(predictions: Predictions, expected: Scores, names: Record<string, string>): void {
  for (const [field, name] of Object.entries(names))
    if (field in expected) expectNear(findMetric(name).compute(predictions), expected[field] ?? null, 1e-10);
}

interface Labels {
  readonly yTrue: (number | string)[];
  readonly yPred: (number | string)[];
  readonly sampleWeight?: number[];
}

describe('classification metrics', () => {
  const { averageOverClasses, cohenKappa, fBeta, precision, recall } = classification;
  const f1 = (matrix: ConfusionMatrix, k: number) => fBeta(matrix, k, 1);
  const scores: Record<string, (matrix: ConfusionMatrix) => number | null> = {
    accuracy: classification.accuracy,
    balancedAccuracy: classification.balancedAccuracy,
    mcc: classification.matthews,
    cohenKappa: (matrix) => cohenKappa(matrix),
    kappaLinear: (matrix) => cohenKappa(matrix, 'linear'),
    kappaQuadratic: (matrix) => cohenKappa(matrix, 'quadratic'),
    f1_macro: (matrix) => averageOverClasses(matrix, f1, 'macro'),
    precision_macro: (matrix) => averageOverClasses(matrix, precision, 'macro'),
    recall_macro: (matrix) => averageOverClasses(matrix, recall, 'macro'),
    f1_micro: classification.accuracy,
    f1_weighted: (matrix) => averageOverClasses(matrix, f1, 'weighted'),
    precision_weighted: (matrix) => averageOverClasses(matrix, precision, 'weighted'),
    recall_weighted: (matrix) => averageOverClasses(matrix, recall, 'weighted'),
  };
  const binary: typeof scores = {
    f1: (matrix) => f1(matrix, 1),
    f2: (matrix) => fBeta(matrix, 1, 2),
    precision: (matrix) => precision(matrix, 1),
    recall: (matrix) => recall(matrix, 1),
  };

  it.each(readVectors<Labels, Scores>('metrics_classification.json'))(
    'agree with scikit-learn: $name',
    ({ input, expected }) => {
      const labels = [...new Set([...input.yTrue, ...input.yPred])].sort();
      const code = (label: number | string) => labels.indexOf(label);
      const weights = input.sampleWeight && Float64Array.from(input.sampleWeight);
      const matrix = confusionMatrix(input.yTrue.map(code), input.yPred.map(code), labels.length, weights);
      for (const [name, score] of Object.entries(scores))
        expectNear(score(matrix), expected[name] ?? null, 1e-10);
      if ('f1' in expected) {
        const two = confusionMatrix(input.yTrue.map(Number), input.yPred.map(Number), 2, weights);
        for (const [name, score] of Object.entries(binary)) expectNear(score(two), expected[name]!, 1e-10);
      }
    },
  );

  it('gives a tie to the lower class, as scikit-learn does', () => {
    const tied = predictionsOf('binary', [0, 1], [[0.5, 0.5], [0.5, 0.5]]); // prettier-ignore
    expect(findMetric('accuracy').compute(tied)).toBe(0.5);
    expect(findMetric('recall').compute(tied)).toBe(0);
  });
});

describe('probabilistic metrics', () => {
  it.each(readVectors<{ yTrue: number[]; proba: number[] }, Scores>('metrics_probabilistic.json'))(
    'agree with scikit-learn: $name',
    ({ input, expected }) => {
      const predictions = predictionsOf(
        'binary',
        input.yTrue,
        input.proba.map((p) => [1 - p, p]),
      );
      const names = { rocAuc: 'roc_auc', averagePrecision: 'average_precision', logLoss: 'log_loss' };
      expectScores(predictions, expected, { ...names, brier: 'brier', ece10: 'ece', mce10: 'mce', ks: 'ks' });
    },
  );

  it.each(readVectors<{ yTrue: number[]; proba: number[][] }, Scores>('metrics_multiclass_proba.json'))(
    'agree with scikit-learn on several classes: $name',
    ({ input, expected }) =>
      expectScores(predictionsOf('multiclass', input.yTrue, input.proba), expected, {
        ovrMacro: 'roc_auc',
        ovrWeighted: 'roc_auc_ovr_weighted',
        ovoMacro: 'roc_auc_ovo',
        logLoss: 'log_loss',
        brierMulti: 'brier',
        eceTop10: 'ece',
        top2: 'top_2_accuracy',
        accuracy: 'accuracy',
      }),
  );

  it('clips at the given probability instead of punishing one row without end', () => {
    const certain = predictionsOf('binary', [1], [[1, 0]]);
    expect(findMetric('log_loss').compute(certain)).toBeCloseTo(36.04, 2);
    expect(findMetric('log_loss').compute(certain, { clip: 0.01 })).toBeCloseTo(-Math.log(0.01), 12);
  });
});

describe('regression metrics', () => {
  it.each(readVectors<{ yTrue: number[]; yPred: number[] }, Scores>('metrics_regression.json'))(
    'agree with scikit-learn: $name',
    ({ input, expected }) =>
      expectScores(
        predictionsOf(
          'regression',
          input.yTrue,
          input.yPred.map((value) => [value]),
        ),
        expected,
        {
          r2: 'r2',
          explainedVariance: 'explained_variance',
          mse: 'mse',
          rmse: 'rmse',
          mae: 'mae',
          medianAe: 'median_absolute_error',
          maxError: 'max_error',
          mape: 'mape',
          rmsle: 'rmsle',
          poissonDeviance: 'poisson_deviance',
          pearson: 'pearson',
          spearman: 'spearman',
        },
      ),
  );
});

describe('ranking metrics', () => {
  interface Ranking {
    readonly relevance: number[];
    readonly scores: number[];
    readonly k: number | null;
  }
  it.each(readVectors<Ranking, { ndcg: number; dcg: number }>('metrics_ranking.json'))(
    'agree with scikit-learn: $name',
    ({ input, expected }) => {
      const relevance = Float64Array.from(input.relevance);
      const scores = Float64Array.from(input.scores);
      expectNear(dcg(relevance, scores, input.k ?? undefined), expected.dcg, 1e-10);
      expectNear(ndcg(relevance, scores, input.k ?? undefined), expected.ndcg, 1e-10);
    },
  );
});

describe('every metric', () => {
  const random = new Random(4);
  const sample = (task: Task, classes: number): Predictions => {
    const rows = 60;
    const y = Float64Array.from({ length: rows }, () => (classes ? random.integer(classes) : random.next()));
    const p = new Float64Array(rows * Math.max(classes, 1));
    for (let row = 0; row < rows; row++) {
      const draws = Array.from({ length: Math.max(classes, 1) }, () => 0.1 + random.integer(5));
      const total = classes ? draws.reduce((a, b) => a + b) : 1;
      draws.forEach((draw, k) => (p[row * draws.length + k] = draw / total));
    }
    return { task, classes, rows, y, p };
  };
  const samples = [sample('binary', 2), sample('multiclass', 4), sample('regression', 0)];
  const cases = [...metrics.values()].flatMap((metric) =>
    samples
      .filter(({ task }) => metric.tasks.includes(task))
      .map((data) => ({ metric, data, name: metric.name, task: data.task })),
  );

  it.each(cases)('counts a row as often as its weight says: $name, $task', ({ metric, data }) => {
    const weights = Float64Array.from({ length: data.rows }, () => random.integer(4));
    const rows = [...weights].flatMap((times, row) => new Array<number>(times).fill(row));
    const direct = metric.compute(selectPredictions(data, rows));
    expect(direct).not.toBeNull();
    expectNear(metric.prepare(data)(weights), direct, 1e-12);
  });

  it.each(cases)('is null, not NaN, without rows: $name, $task', ({ metric, data }) => {
    expect(metric.compute(selectPredictions(data, []))).toBeNull();
  });

  it.each(cases)('is null where a prediction is not a number: $name, $task', ({ metric, data }) => {
    for (const value of [NaN, Infinity, -Infinity])
      expect(metric.compute({ ...data, p: data.p.map((p, i) => (i === 5 ? value : p)) })).toBeNull();
  });
});

describe('confusionCounts', () => {
  const binary = {
    ...{ task: 'binary' as const, classes: 2, rows: 5 },
    y: Float64Array.of(0, 0, 1, 1, 1),
    // An even chance is the first class, as the labels of a released model are.
    p: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.5, 0.5, 0.2, 0.8, 0.1, 0.9),
  };

  it('counts whole rows by truth and most probable class', () => {
    expect(confusionCounts(binary)).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });

  it('keeps none for numbers and for more than 50 classes', () => {
    const of = (classes: number) =>
      confusionCounts({
        ...{ task: classes === 0 ? ('regression' as const) : ('multiclass' as const), classes, rows: 1 },
        ...{ y: Float64Array.of(0), p: new Float64Array(Math.max(classes, 1)) },
      });
    expect([of(0), of(51)]).toEqual([null, null]);
    expect(of(50)).toHaveLength(50);
  });
});
