import type { FeatureRecipe } from '../../../src/contracts/feature.ts';
import type { Column, Table } from '../../../src/data/table.ts';
import { derivedInputs } from '../../../src/model/derived/derive.ts';
import { fitDerived } from '../../../src/model/derived/fit-derived.ts';
import { featuresOf, type ModelInput, type Pipeline } from '../../../src/model/pipeline.ts';
import { encode, fitSteps } from '../../../src/model/preprocessing.ts';
import { Random } from '../../../src/numeric/random.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { runFit } from '../../../src/training/fit.ts';
import type { Family } from './families.ts';
import { firstRows } from './random-pipelines.ts';

export const inputs: readonly ModelInput[] = [
  { name: 'debt', type: 'number' },
  { name: 'income', type: 'number' },
  { name: 'member', type: 'boolean' },
  { name: 'opened', type: 'date' },
  { name: 'closed', type: 'date' },
  { name: 'Größe', type: 'category' },
];

/** One of each kind, and features of features. */
export const recipes: readonly FeatureRecipe[] = [
  { name: 'debt-ratio', kind: 'ratio', sources: ['debt', 'income'] },
  { name: 'gap', kind: 'difference', sources: ['debt', 'member'] },
  { name: 'days-open', kind: 'difference', sources: ['closed', 'opened'] },
  { name: 'log-debt', kind: 'log', sources: ['debt'] },
  { name: 'band', kind: 'bins', sources: ['income'], edges: [-1, Math.fround(0.1), 2], as: 'category' },
  { name: 'band-no', kind: 'bins', sources: ['income'], edges: [0], as: 'number' },
  { name: 'fifths', kind: 'bins', sources: ['debt-ratio'], edges: 5, as: 'category' },
  { name: 'year', kind: 'date-part', sources: ['opened'], part: 'year', as: 'number' },
  { name: 'month', kind: 'date-part', sources: ['opened'], part: 'month', as: 'category' },
  { name: 'month-no', kind: 'date-part', sources: ['opened'], part: 'month', as: 'number' },
  { name: 'day', kind: 'date-part', sources: ['opened'], part: 'day', as: 'number' },
  { name: 'weekday', kind: 'date-part', sources: ['closed'], part: 'weekday', as: 'category' },
  { name: 'hour', kind: 'date-part', sources: ['closed'], part: 'hour', as: 'number' },
  { name: 'size-rate', kind: 'target-mean', sources: ['Größe'], smoothing: 20 },
  { name: 'month-rate', kind: 'target-mean', sources: ['month'], smoothing: 0 },
];

const words = ['', 'L', 'S', 'XL', 'größer', 'rare', 'unseen 🙂'];

/** Rows with missing values, zeros, equal numbers, dates on full hours from 1890 to 2150; `levels` texts at most. */
export function randomRows(seed: number, rows: number, levels = words.length - 1): Table {
  const random = new Random(seed);
  const numbers = (draw: () => number): Float64Array =>
    Float64Array.from({ length: rows }, () => (random.integer(8) ? draw() : NaN));
  const date = (): number => {
    const seconds = random.integer(3) ? random.integer(24) * 3600 : random.integer(86_400);
    return random.integer(95_000) - 29_000 + seconds / 86_400;
  };
  const number = (): number => (random.integer(6) ? random.normal() * 3 : random.integer(3) - 1);
  const columns: Column[] = [
    { kind: 'numeric', name: 'debt', values: numbers(() => number() * 1e6) },
    { kind: 'numeric', name: 'income', values: numbers(number) },
    { kind: 'boolean', name: 'member', values: numbers(() => random.integer(2)) },
    { kind: 'date', name: 'opened', values: numbers(date) },
    { kind: 'date', name: 'closed', values: numbers(date) },
    {
      kind: 'categorical',
      name: 'Größe',
      codes: Int32Array.from({ length: rows }, () => random.integer(levels + 1) - 1),
      levels: words.slice(1, levels + 1),
    },
  ];
  return { rows, columns };
}

/** The number of a class, or with 0 classes any number: by debt against income, the category and chance. */
export function randomTarget(table: Table, classes: number): Float64Array {
  const random = new Random(3);
  const [debt, income, , , , size] = table.columns;
  if (debt?.kind !== 'numeric' || income?.kind !== 'numeric' || size?.kind !== 'categorical')
    throw new Error('other columns');
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const ratio = debt.values[row]! / income.values[row]!;
    const signal = (ratio > 0 ? 1 : -1) + (size.codes[row]! % 3) + random.normal();
    if (classes === 3) return Number(signal > -0.5) + Number(signal > 1.5);
    return classes === 2 ? Number(signal > 0.5) : signal;
  });
}

/** A regression whose prediction is the given column of the encoded matrix, NaN where it is missing. */
export function readerOf(pipeline: Pipeline, feature: number): Pipeline {
  const width = featuresOf(pipeline.steps).length;
  const coefficients = new Float32Array(width);
  coefficients[feature] = 1;
  const predictor = { kind: 'linear', width, coefficients, intercepts: new Float32Array(1) } as const;
  return { ...pipeline, task: 'regression', classes: [], predictor };
}

/** All features, and only they, for a predictor that is put in later. */
export function featurePipeline(seed: number): Pipeline & { x: Float32Array; table: Table } {
  const table = randomRows(seed, 400, 5);
  const rows = firstRows(table.rows);
  const target = { y: randomTarget(table, 2), classes: 2 };
  const { derived } = fitDerived(table, rows, inputs, recipes, { target, seed });
  const known = fitDerived(table, rows, inputs, recipes, { target, seed }).table;
  const steps = fitSteps(known, rows, derivedInputs(derived), 'native');
  const predictor = { kind: 'constant', outputs: Float64Array.of(0) } as const;
  const { x } = encode(known, rows, steps);
  return { task: 'regression', classes: [], inputs, derived, steps, predictor, x, table };
}

/** A model trained on 600 rows with all features, and 3,000 other rows with levels that it has not seen. */
export function trainComputed({ task, trainer, params, members }: Omit<Family, 'name'>): {
  pipeline: Pipeline;
  table: Table;
} {
  const classes = ['no', 'perhaps', 'yes'].filter((name) => task !== 'binary' || name !== 'perhaps');
  const training = randomRows(5, 600, 4);
  const signal = randomTarget(training, task === 'regression' ? 0 : classes.length);
  const dataset: Dataset = {
    ...{ task, classes: task === 'regression' ? [] : classes, table: training, inputs: inputs.slice(0, 3) },
    engineered: { recipes, inputs: inputs.slice(3) },
    y: params['loss'] === 'poisson' ? signal.map(Math.abs) : signal,
    structure: { kind: 'units', units: unitsOf(training.rows) },
  };
  const job = { trainer, params, members, seed: 5, train: firstRows(600), test: new Int32Array() };
  return { pipeline: runFit(dataset, job).pipeline, table: randomRows(2, 3000) };
}

/** Every row by itself: 16 bytes each. */
function unitsOf(rows: number): Uint8Array {
  const random = new Random(7);
  return Uint8Array.from({ length: 16 * rows }, () => random.integer(256));
}
