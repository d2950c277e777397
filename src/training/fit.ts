import type { Parameters } from '../contracts/fields.ts';
import type { MemberRecipe } from '../contracts/plan.ts';
import type { Table } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import { derivedInputs, rowsWithDerived } from '../model/derived/derive.ts';
import { fitDerived, type FittedFeatures } from '../model/derived/fit-derived.ts';
import type { ModelInput, Pipeline, Step } from '../model/pipeline.ts';
import { encode, fitSteps } from '../model/preprocessing.ts';
import { predict } from '../model/score.ts';
import { composedTrainers } from './composed-trainers.ts';
import type { Dataset } from './dataset.ts';
import type { ComposedMember, ComposedTrainer, MemberFit, Trainer, TrainingSet } from './trainer.ts';
import { findTrainer, parseParams } from './trainers.ts';

/** How a model is fitted: trainer, parameters, seed, and for a composed trainer the recipes that it builds on. */
export interface FitRecipe {
  readonly trainer: string;
  readonly params: Parameters;
  readonly seed: number;
  readonly members?: readonly MemberRecipe[] | undefined;
}

/** One fit: on the rows `train`, scored on the rows `test` (none for the fit that is released). */
export interface FitJob extends FitRecipe {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

type OnProgress = (fraction: number) => void;

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
export function runFit(dataset: Dataset, job: FitJob, onProgress?: OnProgress): FitOutcome {
  const composed = composedTrainers.get(job.trainer);
  const fit: Omit<FitOutcome, 'predictions'> = composed
    ? fitComposed(dataset, job, composed, onProgress)
    : fitEncoded(dataset, job, job.train, onProgress);
  return { ...fit, predictions: predict(fit.pipeline, dataset.table, job.test) };
}

/** Fits a model that stands alone. */
function fitEncoded(
  dataset: Dataset,
  { trainer: name, params: given, seed }: FitRecipe,
  rows: Int32Array,
  onProgress?: OnProgress,
): MemberFit {
  const trainer = findTrainer(name);
  const params = parseParams(trainer, given);
  const { set, ...preprocessing } = encodeTraining(
    dataset,
    { train: rows, seed },
    {
      encoding: trainer.encoding,
      codesFrom: trainer.codesFrom?.(params),
    },
  );
  const { predictor, ...fit } = trainer.fit(set, { params, seed, ...(onProgress && { onProgress }) });
  return { pipeline: { ...preprocessing, predictor }, ...fit };
}

/** Fits a model that is made of others; each member is fitted as if it stood alone, on the rows it is given. */
function fitComposed(
  dataset: Dataset,
  { params, seed, members = [], train }: FitJob,
  trainer: ComposedTrainer,
  onProgress?: OnProgress,
): Omit<FitOutcome, 'predictions'> {
  const { predictor, derived, iterations, warnings } = trainer.fit(
    { dataset, rows: train, members: members.map((member) => memberOf(dataset, member)) },
    { params: parseParams(trainer, params), seed, ...(onProgress && { onProgress }) },
  );
  const { task, classes } = dataset;
  const pipeline: Pipeline = {
    ...{ task, classes, steps: [], predictor },
    inputs: modelInputs(dataset),
    ...(derived && { derived }),
  };
  return { pipeline, iterations, warnings };
}

function memberOf(dataset: Dataset, recipe: MemberRecipe): ComposedMember {
  const fit = (rows: Int32Array): MemberFit => {
    try {
      return fitEncoded(dataset, recipe, rows);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, message, at, fix } = error;
      throw new UserError({ code, message: `${recipe.name}: ${message}`, at, fix, cause: error });
    }
  };
  return { name: recipe.name, fit };
}

/** A model but for its predictor, fitted on the training rows, and these rows as it encodes them. */
export function encodeTraining(
  dataset: Dataset,
  job: Pick<FitJob, 'train' | 'seed'>,
  { encoding, codesFrom }: { encoding: Trainer['encoding']; codesFrom?: number | undefined },
): Omit<Pipeline, 'predictor'> & { readonly set: TrainingSet } {
  const { task, classes } = dataset;
  const { derived, table } = encoding === 'none' ? bare(dataset) : engineer(dataset, job);
  const columns = [...dataset.inputs, ...derivedInputs(derived)];
  const steps = fitSteps(table, job.train, columns, encoding, codesFrom);
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
