import type { z } from 'zod';
import type { Task } from '../contracts/task.ts';
import type {
  ComposedPredictor,
  EncodedPipeline,
  EncodedPredictor,
  Feature,
  LinearPredictor,
  Predictor,
  Pipeline,
} from '../model/pipeline.ts';
import type { Dataset } from './dataset.ts';
import type { StandardErrors } from './linear/standard-errors.ts';

/** Encoded training rows. `x` is row-major, rows × features.length, float32; missing = NaN where the encoding keeps it. */
export interface TrainingSet {
  readonly task: Task;
  readonly rows: number;
  readonly x: Float32Array;
  readonly features: readonly Feature[];
  /** Class index (0 … classes-1, binary: 1 = positive) or the number to predict. Length = rows. */
  readonly y: Float64Array;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Label of each class, for parameters that name classes; undefined = its index. */
  readonly labels?: readonly string[] | undefined;
  /** What each row counts for, above 0; undefined = all the same. */
  readonly weights?: Float64Array | undefined;
}

export interface FitOptions<Params> {
  readonly params: Params;
  /** 32-bit seed; derived from the policy's seed and the candidate's name. */
  readonly seed: number;
  /** Called with the fraction done, 0 … 1. */
  readonly onProgress?: (fraction: number) => void;
}

export interface Fit {
  readonly predictor: EncodedPredictor;
  /** Boosting rounds or solver iterations that were run and kept. */
  readonly iterations: number;
  /** What the user should know, e.g. that the solver did not converge. */
  readonly warnings: readonly string[];
}

/** A model to continue from, and the rows that it has learnt from, encoded as its own. */
export interface LearntModel {
  readonly predictor: Predictor;
  readonly seen: TrainingSet;
}

/**
 * A way to train a model: one file, registered by one line in `trainers.ts`.
 * `encoding`: `standard` = imputed, standardised, one-hot; `native` = raw values with NaN and category codes; `none`.
 */
export interface Trainer<Params = unknown> {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly encoding: 'standard' | 'native' | 'none';
  /** Of encoding `standard`: from how many levels on a category is given as codes. Absent: none is. */
  codesFrom?(params: Params): number;
  /** scikit-learn's parameter names with documented ranges and defaults; unknown keys are rejected. */
  readonly params: z.ZodType<Params>;
  /** Rows can't count differently, so that a configuration with `data.weight` is refused. */
  readonly unweighted?: true;
  fit(data: TrainingSet, options: FitOptions<Params>): Fit;
  /** Continues a model on rows that it has not seen. Absent where that has no meaning. */
  update?(fresh: TrainingSet, from: LearntModel, options: FitOptions<Params>): Fit;
  /** Standard errors of a linear model that was fitted on these rows; null where they would take too long. */
  standardErrors?(data: TrainingSet, predictor: LinearPredictor, params: Params): StandardErrors | null;
}

/** A model that another one is made of, fitted on rows of the composition's data set. */
export interface MemberFit extends Omit<Fit, 'predictor'> {
  readonly pipeline: EncodedPipeline;
}

/** Another candidate's recipe, as a composed trainer sees it. */
export interface ComposedMember {
  readonly name: string;
  /** Fits the member on these rows alone, pre-processing included. */
  fit(rows: Int32Array): MemberFit;
}

/** What a composed trainer works on: raw rows, because each member encodes them in its own way. */
export interface Composition {
  readonly dataset: Dataset;
  readonly rows: Int32Array;
  readonly members: readonly ComposedMember[];
}

export interface ComposedFit extends Omit<Fit, 'predictor'> {
  readonly predictor: ComposedPredictor;
  /** Columns that the members' steps read beside the inputs: the same for all, as they were fitted on the same rows. */
  readonly derived: Pipeline['derived'];
}

/** A way to make a model of other candidates; registered by one line in `composed-trainers.ts`. */
export interface ComposedTrainer<Params = unknown> {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly encoding: 'members';
  readonly params: z.ZodType<Params>;
  fit(composition: Composition, options: FitOptions<Params>): ComposedFit;
}
