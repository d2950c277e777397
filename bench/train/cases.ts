import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { Parameters } from '../../src/contracts/fields.ts';
import type { Task } from '../../src/contracts/task.ts';
import { catalogue } from '../../src/factory/catalogue.ts';
import { prepare } from '../../src/factory/prepare.ts';
import { encode, fitSteps } from '../../src/model/preprocessing.ts';
import { Random } from '../../src/numeric/random.ts';
import type { TrainingSet } from '../../src/training/trainer.ts';
import { findTrainer } from '../../src/training/trainers.ts';
import { dataSets } from '../quality/sets.ts';

/** A fit that is timed: rows for training first, then those that the model is scored on. */
export interface Case {
  readonly name: string;
  readonly trainer: string;
  readonly params: Parameters;
  /** Engines of `peers.py` to run beside ours. */
  readonly peers: readonly string[];
  /** The one that ratios are taken to. */
  readonly peer: string;
  readonly load: (dataFolder: string) => Promise<TrainingSet>;
}

const boosting = {
  trainer: 'gradient-boosting',
  params: { early_stopping: false },
  peers: ['lightgbm', 'xgboost', 'scikit-learn'],
  peer: 'lightgbm',
};

/** A net with two hidden layers of `units`, every epoch of which is run. */
const net = (units: number, epochs: number) => ({
  trainer: 'neural-network',
  params: {
    ...{ hidden_layer_sizes: [units, units], batch_size: 256, max_iter: epochs },
    ...{ tol: 0, n_iter_no_change: epochs },
  },
  peers: ['scikit-learn'],
  peer: 'scikit-learn',
});

const forest = (params: Parameters) => ({
  trainer: 'random-forest',
  params,
  peers: ['scikit-learn'],
  peer: 'scikit-learn',
});

const logistic = {
  trainer: 'logistic-regression',
  params: { C: 1 },
  peers: ['scikit-learn'],
  peer: 'scikit-learn',
};

/** Every case; a name's first word is the data, the second the family of trainers. */
export const cases: readonly Case[] = [
  { ...boosting, name: 'dense boosting', load: () => Promise.resolve(dense(120_000, 30)) },
  { ...boosting, name: 'wide boosting', load: () => Promise.resolve(dense(6000, 1000)) },
  { ...boosting, name: 'adult boosting', load: (folder) => encoded(folder, 'adult', boosting.trainer) },
  { ...boosting, name: 'bank boosting', load: (folder) => encoded(folder, 'bank', boosting.trainer) },
  {
    ...boosting,
    name: 'wine boosting',
    load: (folder) => encoded(folder, 'wine, 7 classes', boosting.trainer),
  },
  {
    ...forest({ n_estimators: 20 }),
    name: 'dense forest',
    load: () => Promise.resolve(dense(24_000, 30)),
  },
  {
    ...forest({ n_estimators: 50 }),
    name: 'adult forest',
    load: (folder) => encoded(folder, 'adult', 'random-forest'),
  },
  {
    ...forest({ n_estimators: 100, min_samples_leaf: 5 }),
    name: 'bank forest, leaves of 5',
    load: (folder) => encoded(folder, 'bank', 'random-forest'),
  },
  {
    ...forest({ n_estimators: 100 }),
    name: 'wine forest',
    load: (folder) => encoded(folder, 'wine, 7 classes', 'random-forest'),
  },
  { ...logistic, name: 'dense logistic', load: () => Promise.resolve(dense(120_000, 30)) },
  { ...logistic, name: 'adult logistic', load: (folder) => encoded(folder, 'adult', logistic.trainer) },
  { ...logistic, name: 'bank logistic', load: (folder) => encoded(folder, 'bank', logistic.trainer) },
  {
    ...logistic,
    name: 'wine logistic',
    load: (folder) => encoded(folder, 'wine, 7 classes', logistic.trainer),
  },
  { ...net(64, 10), name: 'dense net 64-64', load: () => Promise.resolve(dense(24_000, 30)) },
  { ...net(512, 2), name: 'dense net 512-512', load: () => Promise.resolve(dense(24_000, 30)) },
  { ...net(64, 5), name: 'adult net 64-64', load: (folder) => encoded(folder, 'adult', 'neural-network') },
];

/** Normal numbers, two classes; half of the columns and three interactions count. */
function dense(rows: number, width: number): TrainingSet {
  const random = new Random(5);
  const coefficients = Float64Array.from({ length: width }, () =>
    random.integer(2) ? 0.5 * random.normal() : 0,
  );
  const x = Float32Array.from({ length: rows * width }, () => random.normal());
  const y = Float64Array.from({ length: rows }, (_, row) => {
    const cell = (j: number): number => x[row * width + j]!;
    const linear = coefficients.reduce((sum, coefficient, j) => sum + coefficient * cell(j), 0);
    const bends = (cell(0) > 0.3 ? cell(1) : 0) + cell(2) * cell(3) + Math.abs(cell(4));
    return linear + bends + random.normal() > 0.8 ? 1 : 0;
  });
  const names = Array.from({ length: width }, (_, j) => `x${j}`);
  return {
    ...{ task: 'binary', rows, x, y, classes: 2 },
    features: names.map((name) => ({ name, input: name, levels: 0 })),
  };
}

/** A public data set as the trainer sees it, shuffled. */
async function encoded(folder: string, name: string, trainer: string): Promise<TrainingSet> {
  const set = dataSets.find((one) => one.name === name);
  if (set === undefined) throw new Error(`there is no data set ${name}`);
  const { task, target, positive, drop } = set;
  const data = { source: join(folder, set.file), target, positive, drop };
  const yaml = JSON.stringify({ version: 1, model: 'train', task, data, holdout: 'none' });
  const { config } = loadConfig(yaml, `${name}.yml`, catalogue);
  const { dataset } = await prepare({ config, folder, epoch: null });
  const rows = new Random(1).shuffle(Int32Array.from(dataset.y.keys()));
  const steps = fitSteps(dataset.table, rows, dataset.inputs, findTrainer(trainer).encoding);
  return {
    ...{ task: task satisfies Task, rows: rows.length, classes: dataset.classes.length },
    ...encode(dataset.table, rows, steps),
    y: Float64Array.from(rows, (row) => dataset.y[row]!),
  };
}

/** Rows of a set that are learnt from; the last fifth is for the score. */
export function trainingRows({ rows }: TrainingSet): number {
  return Math.floor((rows * 5) / 6);
}
