import type { Parameters } from '../contracts/fields.ts';
import type { Table } from '../data/table.ts';
import { derivedInputs, rowsWithDerived } from '../model/derived/derive.ts';
import { fitDerived, type FittedFeatures } from '../model/derived/fit-derived.ts';
import type { ModelInput, Pipeline, Step } from '../model/pipeline.ts';
import { encode, fitSteps } from '../model/preprocessing.ts';
import { predict } from '../model/score.ts';
import type { Dataset } from './dataset.ts';
import type { Trainer, TrainingSet } from './trainer.ts';
import { findTrainer, parseParams } from './trainers.ts';

/** One fit: on the rows `train`, scored on the rows `test` (none for the fit that is released). */
export interface FitJob {
  readonly trainer: string;
  readonly params: Parameters;
  readonly seed: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface FitOutcome {
  readonly pipeline: Pipeline;
  readonly iterations: number;
  readonly warnings: readonly string[];
  /** Scores of the test rows, test.length × outputs. */
  readonly predictions: Float64Array;
}

/**
 * Fits pre-processing and model on the training rows alone, then scores the test rows.
 * @throws UserError TRAINER_PARAMETER, TRAINING_FAILED
 */
export function runFit(dataset: Dataset, job: FitJob, onProgress?: (fraction: number) => void): FitOutcome {
  const trainer = findTrainer(job.trainer);
  const params = parseParams(trainer, job.params);
  const { set, ...preprocessing } = encodeTraining(dataset, job, trainer.encoding);
  const fit = trainer.fit(set, {
    params,
    seed: job.seed,
    ...(onProgress && { onProgress }),
  });
  const pipeline: Pipeline = { ...preprocessing, predictor: fit.predictor };
  return {
    pipeline,
    iterations: fit.iterations,
    warnings: fit.warnings,
    predictions: predict(pipeline, dataset.table, job.test),
  };
}

/** A model but for its predictor, fitted on the training rows, and these rows as it encodes them. */
export function encodeTraining(
  dataset: Dataset,
  job: Pick<FitJob, 'train' | 'seed'>,
  encoding: Trainer['encoding'],
): Omit<Pipeline, 'predictor'> & { readonly set: TrainingSet } {
  const { task, classes } = dataset;
  const { derived, table } = encoding === 'none' ? bare(dataset) : engineer(dataset, job);
  const columns = [...dataset.inputs, ...derivedInputs(derived)];
  const steps = fitSteps(table, job.train, columns, encoding);
  return {
    ...{ task, classes, steps, inputs: modelInputs(dataset) },
    ...(derived.length > 0 && { derived }),
    set: encodedSet(dataset, table, job.train, steps),
  };
}

/** What a trainer is given: rows of the data, encoded as a fitted model encodes them. */
export function trainingSetOf(
  dataset: Dataset,
  rows: Int32Array,
  pipeline: Pick<Pipeline, 'inputs' | 'steps' | 'derived'>,
): TrainingSet {
  if (pipeline.derived === undefined) return encodedSet(dataset, dataset.table, rows, pipeline.steps);
  const computed = rowsWithDerived(dataset.table, rows, pipeline);
  const { x, features } = encode(computed, Int32Array.from(rows.keys()), pipeline.steps);
  return { ...answersOf(dataset, rows), x, features };
}

function encodedSet(dataset: Dataset, table: Table, rows: Int32Array, steps: readonly Step[]): TrainingSet {
  return { ...answersOf(dataset, rows), ...encode(table, rows, steps) };
}

function answersOf({ task, classes, y, weights }: Dataset, rows: Int32Array) {
  return {
    task,
    rows: rows.length,
    y: Float64Array.from(rows, (row) => y[row]!),
    classes: classes.length,
    labels: classes,
    weights: weights && Float64Array.from(rows, (row) => weights[row]!),
  };
}

/** What a model of this data takes: its features, and the columns that only engineered features read. */
export function modelInputs({ inputs, engineered }: Dataset): readonly ModelInput[] {
  return engineered ? [...inputs, ...engineered.inputs] : inputs;
}

function bare({ table }: Dataset): FittedFeatures {
  return { derived: [], table };
}

function engineer(dataset: Dataset, { train, seed }: Pick<FitJob, 'train' | 'seed'>): FittedFeatures {
  const { table, engineered, y, classes } = dataset;
  if (!engineered) return bare(dataset);
  const target = { y, classes: classes.length };
  return fitDerived(table, train, modelInputs(dataset), engineered.recipes, { target, seed });
}
