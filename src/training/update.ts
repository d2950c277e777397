import type { Parameters } from '../contracts/fields.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { predict } from '../model/score.ts';
import type { Dataset } from './dataset.ts';
import { runFit, trainingSetOf, type FitJob, type FitOutcome } from './fit.ts';
import { findTrainer, parseParams } from './trainers.ts';

/** A model that later ones continue from, and how it came about. */
export interface Predecessor {
  readonly pipeline: Pipeline;
  readonly trainer: string;
  readonly params: Parameters;
  readonly seed: number;
  /** 1 for each row of the table that it has learnt from, as far as it is still there. */
  readonly seen: Uint8Array;
}

/**
 * Continues on the training rows that a model has not seen. For the fit that is released (`released`) that is the
 * predecessor itself, byte for byte. It may have learnt from a fold's test rows, so within a fold it is emulated: its
 * recipe is fitted on the rows of the fold's training part that it has seen, and continued on the others.
 * @throws UserError TRAINER_PARAMETER, TRAINING_FAILED
 */
export function runUpdate(
  dataset: Dataset,
  job: FitJob,
  { pipeline, trainer, params, seed, seen }: Predecessor,
  released: boolean,
): FitOutcome {
  const old = job.train.filter((row) => seen[row] === 1);
  const fresh = job.train.filter((row) => seen[row] !== 1);
  if (old.length === 0) return runFit(dataset, job);
  const from = released
    ? pipeline
    : runFit(dataset, { trainer, params, seed, train: old, test: new Int32Array(0) }).pipeline;
  if (fresh.length === 0) return outcome(from, 0, released ? [nothingNew] : []);
  const own = findTrainer(job.trainer);
  if (!own.update) throw new Error(`${job.trainer} can't continue`);
  const sets = { fresh: trainingSetOf(dataset, fresh, from), seen: trainingSetOf(dataset, old, from) };
  const { predictor, iterations, warnings } = own.update(
    sets.fresh,
    { predictor: from.predictor, seen: sets.seen },
    { params: parseParams(own, job.params), seed: job.seed },
  );
  return outcome({ ...from, predictor }, iterations, warnings);

  function outcome(made: Pipeline, iterations: number, warnings: readonly string[]): FitOutcome {
    return { pipeline: made, iterations, warnings, predictions: predict(made, dataset.table, job.test) };
  }
}

const nothingNew = 'update: no row is new to the baseline (champion), so it stays as it is.';
