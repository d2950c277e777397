import { describe, expect, it } from '@jest/globals';
import { compare, type CompareOptions } from '../../../src/gate/compare.ts';
import { recordOf, type Compared } from '../../../src/gate/comparison.ts';
import { unitsOf } from '../../../src/gate/dependence.ts';
import { estimateMetric } from '../../../src/gate/estimate.ts';
import { findMetric } from '../../../src/gate/metrics/metrics.ts';
import { logLosses, squaredErrors } from '../../../src/gate/metrics/losses.ts';
import type { Predictions } from '../../../src/gate/predictions.ts';
import { pairedMeanTest } from '../../../src/gate/statistics/paired-mean.ts';
import { Random } from '../../../src/numeric/random.ts';
import { binarySample, multiclassSample, predictionsOf, regressionSample } from './samples.ts';

const options: CompareOptions = { level: 0.05, developmentRows: 4000, seed: 1 };

function compared(name: string, candidate: Predictions, champion: Predictions, more = {}): Compared {
  const result = compare(findMetric(name), candidate, champion, { ...options, ...more });
  if (result.kind !== 'compared') throw new Error(result.message);
  return result;
}

describe('compare', () => {
  const good = binarySample(500, 0.2);
  const bad = binarySample(500, 1.5, { modelSeed: 3 });
  const close = regressionSample(500, 0.5);
  const far = regressionSample(500, 0.8, { modelSeed: 3 });

  it.each([
    { metric: 'log_loss', method: "paired t, Hall's correction" },
    { metric: 'brier', method: "paired t, Hall's correction" },
    { metric: 'accuracy', method: 'exact McNemar' },
    { metric: 'roc_auc', method: 'DeLong' },
    { metric: 'average_precision', method: 'BCa bootstrap, 2000 draws' },
    { metric: 'f1', method: 'BCa bootstrap, 2000 draws' },
  ])('$metric by $method: positive is better, both ways round', ({ metric, method }) => {
    const better = compared(metric, good, bad);
    const worse = compared(metric, bad, good);
    expect(better.method).toBe(method);
    expect(better.lower).toBeGreaterThan(0);
    expect(better.p).toBeLessThan(0.05);
    expect(worse.upper).toBeLessThan(0);
    expect(worse.pLess).toBeLessThan(0.05);
    expect(worse.estimate).toBeCloseTo(-better.estimate, 12);
    expect(Math.abs(better.estimate)).toBeCloseTo(Math.abs(better.candidate - better.champion), 12);
  });

  it.each([
    { metric: 'rmse', method: "paired t of squared errors, Hall's correction" },
    { metric: 'mae', method: "paired t, Hall's correction" },
    { metric: 'r2', method: 'BCa bootstrap, 2000 draws' },
  ])('$metric by $method', ({ metric, method }) => {
    const better = compared(metric, close, far);
    expect(better).toMatchObject({ method, n: 500, identical: false });
    expect(better.lower).toBeGreaterThan(0);
  });

  it.each(['log_loss', 'brier', 'accuracy', 'roc_auc', 'mcc'])('several classes: %s', (metric) => {
    const sharp = multiclassSample(600, 0.8);
    const dull = multiclassSample(600, 0.2, { modelSeed: 3 });
    expect(compared(metric, sharp, dull).lower).toBeGreaterThan(0);
    expect(compared(metric, dull, sharp).upper).toBeLessThan(0);
  });

  it('tests log loss clipped at 1 / (N + 2), so that a model that is never quite certain gains nothing by luck', () => {
    const sure = predictionsOf(
      'binary',
      good.y,
      Array.from(good.y, (y, row) => (row === 0 ? [y, 1 - y] : [1 - y, y])),
    );
    const result = compared('log_loss', sure, good);
    const losses = logLosses(sure, { clip: 1 / 4002 });
    const others = logLosses(good, { clip: 1 / 4002 });
    const test = pairedMeanTest(
      others.map((loss, row) => loss - losses[row]!),
      { level: 0.05 },
    )!;
    expect(result.p).toBe(test.p);
    expect(result.estimate).toBe(test.mean);
    expect(Math.max(...losses)).toBeCloseTo(Math.log(4002), 10);
  });

  it('shows RMSE in the units of the target and decides by squared errors', () => {
    const result = compared('rmse', close, far);
    const theirs = squaredErrors(far);
    const differences = squaredErrors(close).map((square, row) => theirs[row]! - square);
    expect(result.p).toBe(pairedMeanTest(differences, { level: 0.05 })!.p);
    expect(result.estimate).toBeCloseTo(result.champion - result.candidate, 12);
  });

  it('widens the standard error of out-of-fold differences by sqrt(1 + k / (k - 1))', () => {
    for (const [metric, a, b] of [
      ['log_loss', good, bad],
      ['accuracy', good, bad],
      ['roc_auc', good, bad],
      ['rmse', close, far],
      ['f1', good, bad],
    ] as const) {
      const plain = compared(metric, a, b);
      const widened = compared(metric, a, b, { outOfFold: { folds: 5 } });
      expect(widened.se / plain.se).toBeCloseTo(1.5, 10);
      expect(widened.lower).toBeLessThan(plain.lower);
      expect(widened.method).toMatch(/out-of-fold$/);
    }
  });

  it('counts copies of a row as one group', () => {
    const copies = (data: Predictions) =>
      predictionsOf(
        'binary',
        [...data.y, ...data.y],
        [0, 1].flatMap(() => Array.from(data.y, (_, row) => [data.p[2 * row]!, data.p[2 * row + 1]!])),
      );
    const groups = Array.from({ length: 1000 }, (_, row) => row % 500);
    for (const metric of ['log_loss', 'accuracy', 'roc_auc', 'f1']) {
      const single = compared(metric, good, bad);
      const naive = compared(metric, copies(good), copies(bad));
      const grouped = compared(metric, copies(good), copies(bad), {
        dependence: { kind: 'grouped', groups },
      });
      expect(grouped.n).toBe(500);
      expect(grouped.se / single.se).toBeCloseTo(1, 1);
      expect(naive.se / single.se).toBeCloseTo(Math.SQRT1_2, 1);
      expect(grouped.estimate).toBeCloseTo(single.estimate, 10);
    }
  });

  it('compares 30 contiguous time blocks where rows are ordered', () => {
    const random = new Random(9);
    const times = Float64Array.from({ length: 1500 }, () => random.next());
    const dependence = { kind: 'ordered', times } as const;
    const { count, unitOf } = unitsOf(dependence, 1500);
    expect(count).toBe(30);
    const sizes = new Array<number>(30).fill(0);
    for (const unit of unitOf) sizes[unit]!++;
    expect(sizes).toEqual(new Array<number>(30).fill(50));
    const last = times.map((time, row) => (unitOf[row] === 4 ? time : -1));
    const next = times.map((time, row) => (unitOf[row] === 5 ? time : 2));
    expect(Math.max(...last)).toBeLessThanOrEqual(Math.min(...next));
    const result = compared('log_loss', binarySample(1500, 0.2), binarySample(1500, 1.5, { modelSeed: 3 }), {
      dependence,
    });
    expect(result).toMatchObject({ n: 30, rows: 1500 });
    expect(result.method).toBe("paired t, Hall's correction over 30 time blocks");
  });

  it.each([
    { name: 'fewer than 30 rows', dependence: undefined, rows: 29 },
    { name: 'fewer than 30 groups', dependence: (row: number) => row % 29, rows: 500 },
  ])('$name are insufficient data', ({ dependence, rows }) => {
    const [a, b] = [binarySample(rows, 0.2), binarySample(rows, 1, { modelSeed: 3 })];
    const groups = Array.from({ length: rows }, (_, row) => (dependence ? dependence(row) : row));
    const result = compare(findMetric('log_loss'), a, b, {
      ...options,
      dependence: { kind: 'grouped', groups },
    });
    expect(result).toMatchObject({ kind: 'not-compared', reason: 'insufficient-data' });
  });

  it('knows identical predictions', () => {
    for (const metric of ['log_loss', 'accuracy', 'roc_auc', 'f1'])
      expect(compared(metric, good, binarySample(500, 0.2))).toMatchObject({
        ...{ identical: true, estimate: 0, lower: 0, upper: 0, p: 1, pLess: 1 },
      });
  });

  const broken = (change: (data: { y: Float64Array; p: Float64Array }) => void): Predictions => {
    const copy = { ...good, y: good.y.slice(), p: good.p.slice() };
    change(copy);
    return copy;
  };
  it.each([
    {
      name: 'NaN',
      data: broken(({ p }) => (p[7] = NaN)),
      message: 'candidate: the prediction of row 4 is not a finite number',
    },
    {
      name: 'infinite',
      data: broken(({ p }) => (p[0] = Infinity)),
      message: 'candidate: the prediction of row 1 is not a finite number',
    },
    {
      name: 'above 1',
      data: broken(({ p }) => (p[0] = 1.5)),
      message: 'candidate: a probability of row 1 is outside 0 to 1',
    },
    {
      name: 'no class',
      data: broken(({ y }) => (y[2] = 2)),
      message: 'candidate: the truth of row 3 is not a class',
    },
    {
      name: 'other rows',
      data: broken(({ y }) => (y[2] = 1 - y[2]!)),
      message: 'candidate and baseline were scored on different rows',
    },
    {
      name: 'fewer rows',
      data: { ...good, rows: 499 },
      message: 'candidate: predictions and rows differ in number',
    },
    {
      name: 'none',
      data: predictionsOf('binary', [], [[0, 1]]),
      message: 'candidate: there are no predictions',
    },
  ])('names what is broken: $name', ({ data, message }) => {
    const result = compare(findMetric('log_loss'), data, good, options);
    expect(result).toEqual({ kind: 'not-compared', reason: 'broken', message });
    expect(recordOf(result)).toBeNull();
  });

  it('names a metric without a value', () => {
    const one = predictionsOf(
      'binary',
      new Array<number>(40).fill(1),
      new Array<number[]>(40).fill([0.4, 0.6]),
    );
    const two = predictionsOf(
      'binary',
      new Array<number>(40).fill(1),
      new Array<number[]>(40).fill([0.3, 0.7]),
    );
    const result = compare(findMetric('roc_auc'), one, two, options);
    expect(result).toMatchObject({ reason: 'undefined', message: 'ROC AUC is undefined on these rows' });
  });
});

describe('estimateMetric', () => {
  const data = {
    binary: binarySample(200, 0.5),
    multiclass: multiclassSample(200, 0.4),
    regression: regressionSample(200, 0.4),
  };
  // One of each family: a bootstrap takes its time.
  const chosen = ['log_loss', 'brier', 'accuracy', 'roc_auc', 'f1', 'mcc', 'average_precision', 'ece'];
  const cases = [...chosen, 'rmse', 'mae', 'r2', 'median_absolute_error', 'rmsle'].flatMap((name) =>
    findMetric(name).tasks.map((task) => ({ name, task, metric: findMetric(name) })),
  );

  it.each(cases)('puts an interval around $name, $task', ({ metric, task }) => {
    const result = estimateMetric(metric, data[task], { level: 0.05, developmentRows: 4000, seed: 1 });
    if (metric.name === 'rmsle') {
      expect(result).toBeNull();
      return;
    }
    // Calibration errors are biased upwards in small samples, which BCa takes out: the interval lies below.
    if (metric.name !== 'ece') {
      expect(result!.lower).toBeLessThanOrEqual(result!.value);
      expect(result!.upper).toBeGreaterThanOrEqual(result!.value);
    }
    expect(result!.upper).toBeGreaterThan(result!.lower);
  });

  it('covers the true accuracy about nine times in ten', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(seed);
      const right = Array.from({ length: 200 }, () => (random.next() < 0.8 ? [0, 1] : [1, 0]));
      const sample = predictionsOf('binary', new Array<number>(200).fill(1), right);
      const { lower, upper } = estimateMetric(findMetric('accuracy'), sample, { ...options, level: 0.05 })!;
      if (lower <= 0.8 && upper >= 0.8) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(170);
    expect(covered).toBeLessThanOrEqual(192);
  });
});
