import type { Parameters } from '../contracts/fields.ts';
import type { Pipeline, Step } from '../model/pipeline.ts';
import { encode, fitSteps } from '../model/preprocessing.ts';
import { predict } from '../model/score.ts';
import type { Dataset } from './dataset.ts';
import type { TrainingSet } from './trainer.ts';
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
  const steps = fitSteps(dataset.table, job.train, dataset.inputs, trainer.encoding);
  const { task, classes } = dataset;
  const fit = trainer.fit(trainingSetOf(dataset, job.train, steps), {
    params,
    seed: job.seed,
    ...(onProgress && { onProgress }),
  });
  const pipeline: Pipeline = { task, classes, inputs: dataset.inputs, steps, predictor: fit.predictor };
  return {
    pipeline,
    iterations: fit.iterations,
    warnings: fit.warnings,
    predictions: predict(pipeline, dataset.table, job.test),
  };
}

/** What a trainer is given: rows of the data, encoded by fitted steps. */
export function trainingSetOf(dataset: Dataset, rows: Int32Array, steps: readonly Step[]): TrainingSet {
  const { x, features } = encode(dataset.table, rows, steps);
  return {
    task: dataset.task,
    rows: rows.length,
    x,
    features,
    y: Float64Array.from(rows, (row) => dataset.y[row]!),
    classes: dataset.classes.length,
    labels: dataset.classes,
    weights: dataset.weights && Float64Array.from(rows, (row) => dataset.weights![row]!),
  };
}
