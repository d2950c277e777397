import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../../src/errors/user-error.ts';
import type { DensePredictor } from '../../../../src/model/pipeline.ts';
import { Random } from '../../../../src/numeric/random.ts';
import { trainNetwork } from '../../../../src/training/net/train.ts';
import type { Fit, TrainingSet } from '../../../../src/training/trainer.ts';
import { neuralNetwork } from '../../../../src/training/trainers/neural-network.ts';
import { parseParams } from '../../../../src/training/trainers.ts';
import { fit, numericSet, readFixture, scoresOf, trainingSet } from '../fixture.ts';

const iris = trainingSet(readFixture('iris'));

/** Two half circles, one inside the other's bend. */
function moons(seed: number, rows = 600): TrainingSet {
  const random = new Random(seed);
  const y = Array.from({ length: rows }, (_, row) => row % 2);
  const x = y.map((label) => {
    const angle = Math.PI * random.next();
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [noise, more] = [0.15 * random.normal(), 0.15 * random.normal()];
    return label === 1 ? [1 - cos + noise, 0.5 - sin + more] : [cos + noise, sin + more];
  });
  return numericSet('binary', x, y);
}

function netOf({ predictor }: Fit): DensePredictor {
  if (predictor.kind !== 'dense') throw new Error(predictor.kind);
  return predictor;
}

/** Share of rows whose largest score (binary: whose sign) is that of their class. */
function accuracy(fitted: Fit, data: TrainingSet): number {
  const scores = scoresOf(fitted.predictor, data);
  const outputs = scores.length / data.rows;
  const right = data.y.filter((label, row) => {
    const own = [...scores.subarray(row * outputs, (row + 1) * outputs)];
    return outputs === 1 ? own[0]! > 0 === (label === 1) : own.indexOf(Math.max(...own)) === label;
  });
  return right.length / data.rows;
}

function logLoss(fitted: Fit, data: TrainingSet): number {
  const scores = scoresOf(fitted.predictor, data);
  return (
    data.y.reduce((sum, y, row) => sum + Math.log1p(Math.exp(y ? -scores[row]! : scores[row]!)), 0) /
    data.rows
  );
}

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('neural-network', () => {
  it.each(['relu', 'tanh', 'logistic'] as const)('learns exclusive or with %s', (activation) => {
    const corners = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const rows = Array.from({ length: 40 }, (_, i) => corners[i % 4]!);
    const data = numericSet(
      'binary',
      rows,
      rows.map(([a, b]) => Number(a !== b)),
    );
    const params = {
      hidden_layer_sizes: [8],
      activation,
      learning_rate_init: 0.1,
      max_iter: 500,
      n_iter_no_change: 500,
    };
    expect(accuracy(fit(neuralNetwork, data, params), data)).toBe(1);
  });

  it('tells two moons apart that it has not seen, where a line fails', () => {
    const params = { hidden_layer_sizes: [32, 32], learning_rate_init: 0.01 };
    expect(accuracy(fit(neuralNetwork, moons(1), params), moons(2))).toBeGreaterThan(0.97);
    expect(
      accuracy(fit(neuralNetwork, moons(1), { ...params, activation: 'identity' }), moons(2)),
    ).toBeLessThan(0.92);
  });

  it('learns the three kinds of iris', () => {
    const data = { ...iris, x: standardised(iris) };
    const fitted = fit(neuralNetwork, data, { max_iter: 300, learning_rate_init: 0.01 });
    expect(netOf(fitted).layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [4, 100],
      [100, 3],
    ]);
    expect(accuracy(fitted, data)).toBeGreaterThan(0.97);
  });

  it('learns a curve of numbers far from 0, in their own units', () => {
    const x = Array.from({ length: 400 }, (_, i) => [(i - 200) / 100]);
    const y = x.map(([v]) => 50_000 + 1000 * Math.sin(2 * v!));
    const data = numericSet('regression', x, y);
    const fitted = fit(neuralNetwork, data, { learning_rate_init: 0.01, tol: 1e-6 });
    const worst = scoresOf(fitted.predictor, data).reduce(
      (w, p, row) => Math.max(w, Math.abs(p - y[row]!)),
      0,
    );
    expect(worst).toBeLessThan(150);
  });

  it('keeps the weights of the best epoch when it stops early', () => {
    const data = moons(4, 300);
    const y = data.y.map((label, row) => (row % 3 === 0 ? 1 - label : label));
    const sides = {
      train: Int32Array.from(y.keys()).slice(0, 200),
      validation: Int32Array.from(y.keys()).slice(200),
    };
    const plan = {
      shape: { sizes: [2, 64, 64, 1], embeddings: [], activation: 'relu', dropout: 0, batchRows: 32 },
      rates: { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      alpha: 0,
      shuffle: true,
      patience: 10,
      tolerance: 0,
    } as const;
    const targets = { task: 'binary', y, outputs: 1 } as const;
    const stopped = trainNetwork(data.x, targets, sides, { ...plan, maxEpochs: 300 }, 1);
    const best = stopped.losses.indexOf(Math.min(...stopped.losses)) + 1;
    expect(stopped.end).toBe('converged');
    expect(stopped.epochs).toBe(best + 11);
    const again = trainNetwork(data.x, targets, sides, { ...plan, maxEpochs: best }, 1);
    expect(stopped.network.toLayers()).toEqual(again.network.toLayers());
  });

  it('overfits less with early stopping, with a penalty and with dropout', () => {
    const noisy = moons(4, 200);
    const data = { ...noisy, y: noisy.y.map((label, row) => (row % 4 === 0 ? 1 - label : label)) };
    const free = { hidden_layer_sizes: [64, 64], learning_rate_init: 0.01, max_iter: 300, tol: 0, alpha: 0 };
    const plain = logLoss(fit(neuralNetwork, data, free), moons(5));
    for (const guard of [{ early_stopping: true }, { alpha: 1 }, { dropout: 0.5 }])
      expect(logLoss(fit(neuralNetwork, data, { ...free, ...guard }), moons(5))).toBeLessThan(plain);
  });

  it('gives the same net for the same seed, and another for another', () => {
    const params = { max_iter: 3, dropout: 0.2 };
    const one = fit(neuralNetwork, moons(1), params, 7);
    expect(fit(neuralNetwork, moons(1), params, 7)).toEqual(one);
    expect(fit(neuralNetwork, moons(1), params, 8)).not.toEqual(one);
  });

  it('says that the loss still fell, and reports progress', () => {
    const params = neuralNetwork.params.parse({ max_iter: 4 });
    const fractions: number[] = [];
    const fitted = neuralNetwork.fit(moons(1), {
      params,
      seed: 1,
      onProgress: (done) => fractions.push(done),
    });
    expect(fitted.iterations).toBe(4);
    expect(fitted.warnings).toEqual([
      'The loss still fell after 4 epochs: raise max_iter, or set early_stopping.',
    ]);
    expect(fractions).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });

  it('has the defaults of scikit-learn, and none of its dropout', () => {
    expect(parseParams(neuralNetwork, {})).toEqual({
      hidden_layer_sizes: [100],
      activation: 'relu',
      alpha: 0.0001,
      batch_size: 'auto',
      learning_rate_init: 0.001,
      max_iter: 200,
      shuffle: true,
      tol: 0.0001,
      early_stopping: false,
      validation_fraction: 0.1,
      n_iter_no_change: 10,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-8,
      dropout: 0,
      embeddings: false,
    });
  });

  it.each([
    [{ hidden_layer_sizes: 100 }, 'hidden_layer_sizes'],
    [{ hidden_layer_sizes: [] }, 'hidden_layer_sizes'],
    [{ hidden_layer_sizes: [10, 0] }, 'hidden_layer_sizes.1'],
    [{ activation: 'rely' }, 'activation'],
    [{ batch_size: 'all' }, 'batch_size'],
    [{ dropout: 1 }, 'dropout'],
  ])('refuses %j by name', (params, name) => {
    expect(message(() => parseParams(neuralNetwork, params))).toContain(`TRAINER_PARAMETER: "${name}"`);
  });

  it('says what to do when the weights run away or would not fit into a model', () => {
    const data = numericSet('regression', [[1e30], [-1e30], [2e30], [3e30]], [1, 2, 3, 4]);
    expect(message(() => fit(neuralNetwork, data, { learning_rate_init: 10, activation: 'identity' }))).toBe(
      'TRAINING_FAILED: neural-network: the weights grew beyond all bounds in epoch 1',
    );
    expect(message(() => fit(neuralNetwork, moons(1), { hidden_layer_sizes: [5000, 5000] }))).toContain(
      'layers of 2, 5000, 5000, 1 have 25025001 weights, more than 16000000',
    );
  });
});

function standardised({ x, rows, features }: TrainingSet): Float32Array {
  const width = features.length;
  const columns = features.map((_, j) => x.filter((_, cell) => cell % width === j));
  const means = columns.map((column) => column.reduce((a, b) => a + b, 0) / rows);
  return x.map((value, cell) => value - means[cell % width]!);
}
