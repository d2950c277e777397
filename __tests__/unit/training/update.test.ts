import { describe, expect, it } from '@jest/globals';
import type { Table } from '../../../src/data/table.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { readOnnx } from '../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';
import { predict } from '../../../src/model/score.ts';
import { Random } from '../../../src/numeric/random.ts';
import { runFoldFit, type FitSetup } from '../../../src/training/cross-validation.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { runFit } from '../../../src/training/fit.ts';
import { linearRegression } from '../../../src/training/trainers/linear-regression.ts';
import type { TrainingSet } from '../../../src/training/trainer.ts';
import { runUpdate, type Predecessor } from '../../../src/training/update.ts';

const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);

/** Rows with three numbers and a category; `signal` 0 = the target is noise. */
function makeDataset(rows: number, task: Dataset['task'], signal: number): Dataset {
  const random = new Random(7);
  const draw = (): Float64Array => Float64Array.from({ length: rows }, () => 2 * random.next() - 1);
  const [a, b, c] = [draw(), draw(), draw()];
  const codes = Int32Array.from({ length: rows }, () => random.integer(3));
  const score = (row: number): number =>
    signal * (2 * a[row]! - b[row]! + (codes[row] === 1 ? 1 : 0) + 0.5 * a[row]! * b[row]!);
  const y = Float64Array.from({ length: rows }, (_, row) => {
    if (task === 'regression') return score(row) + random.next();
    const other = 1 / (1 + Math.exp(-score(row)));
    const first = random.next() < other ? 1 : 0;
    return task === 'binary' ? first : first + (random.next() < 0.3 ? 1 : 0);
  });
  const table: Table = {
    rows,
    columns: [
      ...[a, b, c].map((values, i) => ({ kind: 'numeric' as const, name: `x${i}`, values })),
      { kind: 'categorical' as const, name: 'kind', codes, levels: ['p', 'q', 'r'] },
    ],
  };
  return {
    task,
    classes: { binary: ['no', 'yes'], multiclass: ['a', 'b', 'c'], regression: [] }[task],
    table,
    inputs: [
      ...['x0', 'x1', 'x2'].map((name) => ({ name, type: 'number' as const })),
      { name: 'kind', type: 'category' },
    ],
    y,
  };
}

const net = { hidden_layer_sizes: [6], max_iter: 40, learning_rate_init: 0.01 };
const cases = [
  ['linear-regression', 'regression', {}],
  ['logistic-regression', 'binary', {}],
  ['logistic-regression', 'multiclass', {}],
  ['gradient-boosting', 'binary', { max_iter: 60, early_stopping: false }],
  ['gradient-boosting', 'multiclass', { max_iter: 40, early_stopping: false }],
  ['gradient-boosting', 'regression', { max_iter: 60, early_stopping: false }],
  ['neural-network', 'binary', { ...net, embeddings: true }],
  ['neural-network', 'multiclass', net],
  ['neural-network', 'regression', { ...net, embeddings: true, early_stopping: true }],
] as const;

/** A model of the first rows, to continue from. */
function predecessorOf(dataset: Dataset, trainer: string, params: object, old: number): Predecessor {
  const recipe = { trainer, params: { ...params }, seed: 3 };
  const { pipeline } = runFit(dataset, { ...recipe, train: range(0, old), test: new Int32Array(0) });
  const seen = new Uint8Array(dataset.table.rows).fill(1, 0, old);
  return { ...recipe, pipeline: readOnnx(writeOnnx(pipeline), 'champion'), seen };
}

/** Mean squared error of the predicted number, or of the probability of each row's class. */
function errorOn(dataset: Dataset, rows: Int32Array, values: Float64Array): number {
  const width = Math.max(1, dataset.classes.length);
  let sum = 0;
  rows.forEach((row, i) => {
    const y = dataset.y[row]!;
    const wrong = dataset.task === 'regression' ? values[i]! - y : 1 - values[i * width + y]!;
    sum += wrong * wrong;
  });
  return sum / rows.length;
}

describe.each(cases)('%s continues (%s)', (trainer, task, params) => {
  const rows = 3000;
  const old = 150;
  const dataset = makeDataset(rows, task, 2);
  const predecessor = predecessorOf(dataset, trainer, params, old);
  const test = range(2000, rows);
  const update = (upTo: number) =>
    runUpdate(
      dataset,
      { trainer, params: { ...params }, seed: 3, train: range(0, upTo), test },
      predecessor,
      true,
    );

  it('is better the more new rows there are', () => {
    const errors = [old, 500, 2000].map((upTo) => errorOn(dataset, test, update(upTo).predictions));
    expect(errors[2]!).toBeLessThan(errors[0]!);
    expect(errors[2]!).toBeLessThan(errors[1]!);
  });

  it('is the champion byte for byte without new rows', () => {
    const { pipeline, warnings, iterations } = update(old);
    expect(writeOnnx(pipeline)).toEqual(writeOnnx(predecessor.pipeline));
    expect(iterations).toBe(0);
    expect(warnings[0]).toMatch(/no row is new/);
  });

  it('gives the same bytes again, and scores alike when it is read back', () => {
    const first = update(700);
    const bytes = writeOnnx(first.pipeline);
    expect(writeOnnx(update(700).pipeline)).toEqual(bytes);
    expect(predict(readOnnx(bytes, 'own'), dataset.table, test)).toEqual(first.predictions);
    expect(first.pipeline.steps).toEqual(predecessor.pipeline.steps);
  });

  it('learns nothing from test rows: noise stays noise, where asking the champion itself would not', () => {
    const noise = makeDataset(1200, task, 0);
    const champion = predecessorOf(noise, trainer, params, 1000);
    const development = range(0, 1200);
    const folds = Array.from({ length: 4 }, (_, k) => ({
      repeat: 0,
      train: development.filter((row) => row % 4 !== k),
      test: development.filter((row) => row % 4 === k),
    }));
    const setup: FitSetup = { dataset: noise, folds, development, predecessor: champion };
    const job = { candidate: 0, trainer, params: { ...params }, seed: 3 };
    const honest = folds.map(({ test: asked }, fold) => {
      const outcome = runFoldFit(setup, { ...job, fold, update: true }, () => 0);
      if (outcome.kind !== 'fitted') throw new Error(outcome.message);
      return errorOn(noise, asked, outcome.predictions);
    });
    const plain = folds.map(({ test: asked }, fold) => {
      const outcome = runFoldFit(setup, { ...job, fold }, () => 0);
      if (outcome.kind !== 'fitted') throw new Error(outcome.message);
      return errorOn(noise, asked, outcome.predictions);
    });
    const leaking = folds.map((fold) =>
      errorOn(noise, fold.test, runUpdate(noise, { ...job, ...fold }, champion, true).predictions),
    );
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(honest)).toBeGreaterThan(mean(leaking));
    expect(mean(honest)).toBeGreaterThan(0.97 * mean(plain));
  });
});

describe('an update', () => {
  it('adds trees to those of the champion, in proportion to the new rows', () => {
    const dataset = makeDataset(1000, 'binary', 2);
    const params = { max_iter: 50, early_stopping: false };
    const champion = predecessorOf(dataset, 'gradient-boosting', params, 800);
    const job = { trainer: 'gradient-boosting', params, seed: 3, train: range(0, 1000), test: range(0, 1) };
    const { predictor } = runUpdate(dataset, job, champion, true).pipeline;
    const before = champion.pipeline.predictor;
    if (predictor.kind !== 'trees' || before.kind !== 'trees') throw new Error('no trees');
    expect(predictor.trees).toHaveLength(60);
    expect(predictor.trees.slice(0, 50)).toEqual(before.trees);
    expect(predictor.base).toEqual(before.base);
  });

  it('of a line through the origin is the fit on all rows', () => {
    const set = (from: number, to: number): TrainingSet => {
      const x = Float32Array.from(range(from, to), (i) => Math.fround((i % 13) - 6));
      const y = Float64Array.from(x, (value, i) => 3 * value + ((i * 7) % 5));
      return {
        task: 'regression',
        rows: x.length,
        x,
        features: [{ name: 'x', input: 'x', levels: 0 }],
        y,
        classes: 0,
      };
    };
    const options = { params: { alpha: 2, fit_intercept: false }, seed: 1 };
    const [old, fresh] = [set(0, 40), set(40, 100)];
    const all: TrainingSet = {
      ...old,
      rows: 100,
      x: Float32Array.of(...old.x, ...fresh.x),
      y: Float64Array.of(...old.y, ...fresh.y),
    };
    const { predictor } = linearRegression.fit(old, options);
    const updated = linearRegression.update!(fresh, { predictor, seen: old }, options);
    const whole = linearRegression.fit(all, options);
    if (updated.predictor.kind !== 'linear' || whole.predictor.kind !== 'linear') throw new Error('no line');
    expect(updated.predictor.coefficients[0]).toBeCloseTo(whole.predictor.coefficients[0]!, 5);
  });

  it('of a net is refused where the champion has another shape, with the parameter that differs', () => {
    const dataset = makeDataset(400, 'binary', 2);
    const champion = predecessorOf(dataset, 'neural-network', { ...net, embeddings: true }, 300);
    const update = (params: object): string => {
      const job = { trainer: 'neural-network', params: { ...net, embeddings: true, ...params }, seed: 1 };
      try {
        runUpdate(dataset, { ...job, train: range(0, 400), test: range(0, 1) }, champion, true);
      } catch (error) {
        if (error instanceof UserError) return `${error.at.name}: ${error.message}. ${error.fix}`;
        throw error;
      }
      return 'continued';
    };
    expect(update({})).toBe('continued');
    expect(update({ hidden_layer_sizes: [6, 3] })).toBe(
      'hidden_layer_sizes: neural-network: update: the net of the baseline (champion) has hidden layers of 6, and 6, 3 are ' +
        'asked for. Write hidden_layer_sizes: [6], or leave update out until a net of the new shape is champion.',
    );
    expect(update({ activation: 'tanh' })).toMatch(
      /^activation: .* has the activation relu, and tanh is asked/,
    );
    for (const embeddings of [false, { dimension: 7 }, { minimum_categories: 9 }])
      expect(update({ embeddings })).toMatch(/^embeddings: .* has other embeddings/);
  });

  it('of a net learns the vector of unseen categories from those that are new', () => {
    const dataset = makeDataset(600, 'binary', 2);
    const { table } = dataset;
    const kind = table.columns[3]!;
    if (kind.kind !== 'categorical') throw new Error('no category');
    const codes = kind.codes.map((code, row) => (row < 300 ? code : 3));
    const later = {
      ...dataset,
      table: {
        ...table,
        columns: [...table.columns.slice(0, 3), { ...kind, codes, levels: [...kind.levels, 'new'] }],
      },
    };
    const params = { ...net, embeddings: true };
    const champion = predecessorOf(later, 'neural-network', params, 300);
    const job = { trainer: 'neural-network', params, seed: 1, train: range(0, 600), test: range(0, 1) };
    const { predictor, steps } = runUpdate(later, job, champion, true).pipeline;
    const before = champion.pipeline.predictor;
    if (predictor.kind !== 'dense' || before.kind !== 'dense') throw new Error('no net');
    const vectorsOf = ({ embeddings }: typeof before) => embeddings![0]!.vectors;
    expect(steps).toEqual(champion.pipeline.steps);
    expect(vectorsOf(predictor).slice(9)).not.toEqual(vectorsOf(before).slice(9));
  });

  it('takes rows of one class alone', () => {
    const dataset = makeDataset(400, 'binary', 2);
    const positive = range(300, 400).filter((row) => dataset.y[row] === 1);
    for (const trainer of ['logistic-regression', 'gradient-boosting', 'neural-network']) {
      const champion = predecessorOf(dataset, trainer, {}, 300);
      const train = Int32Array.of(...range(0, 300), ...positive);
      const { predictions } = runUpdate(
        dataset,
        { trainer, params: {}, seed: 1, train, test: range(0, 400) },
        champion,
        true,
      );
      expect(predictions.every(Number.isFinite)).toBe(true);
    }
  });
});
