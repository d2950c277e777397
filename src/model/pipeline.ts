import type { Task } from '../contracts/task.ts';
import type { DerivedColumn } from './derived/derived-column.ts';

/** What a caller sends for one column; the API contract of the model. Booleans and dates travel as numbers. */
export interface ModelInput {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'date' | 'category';
}

/**
 * A number in, one feature out. All constants are float32 and so is each step, as in ONNX Runtime:
 * missing -> `impute`, then (value - offset) * scale. `impute: null` lets a missing value through as NaN.
 */
export interface NumberStep {
  readonly kind: 'number';
  readonly input: string;
  readonly impute: number | null;
  readonly offset: number;
  readonly scale: number;
}

/**
 * Text in. Code k = position in `levels` (sorted by code point; `''` stands for missing where it occurred in
 * training); anything else, rare levels included, has code `levels.length`. `one-hot` gives `levels.length + 1`
 * features, the last one for "rare or unseen"; `code` gives the code as one number.
 */
export interface CategoryStep {
  readonly kind: 'category';
  readonly input: string;
  readonly levels: readonly string[];
  readonly encoding: 'one-hot' | 'code';
}

export type Step = NumberStep | CategoryStep;

/** A feature is a column of the encoded matrix. `levels` = number of codes of a categorical one, else 0. */
export interface Feature {
  readonly name: string;
  readonly input: string;
  readonly levels: number;
}

/** Always the same answer: class frequencies (classification) or the mean (regression). */
export interface ConstantPredictor {
  readonly kind: 'constant';
  readonly outputs: Float64Array;
}

/** scores[k] = intercepts[k] + sum_j coefficients[k * width + j] * x[j]. Binary has one row of coefficients. */
export interface LinearPredictor {
  readonly kind: 'linear';
  readonly width: number;
  readonly coefficients: Float32Array;
  readonly intercepts: Float32Array;
}

/**
 * One regression tree in arrays of nodes, root = 0. A branch goes left where x <= threshold (`levelsLeft` null) or
 * where the code is in `levelsLeft`; NaN goes left where `missingLeft`. A leaf has `left` = -1 and adds `value`, or in a
 * forest its row of values.
 */
export interface Tree {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly value: Float32Array;
  /** Codes that go left, ascending, for branches on a categorical feature; empty elsewhere. */
  readonly levelsLeft: readonly (readonly number[])[];
}

/** scores[k] = base[k] + sum of trees[t] with t mod outputs = k. Binary and regression have one output. */
export interface TreesPredictor {
  readonly kind: 'trees';
  readonly outputs: number;
  /** The prediction of a regression is e^score; undefined = the score. */
  readonly link?: 'log';
  readonly base: Float32Array;
  readonly trees: readonly Tree[];
}

/**
 * Class probabilities as means over trees: probabilities[k] = sum of value[leaf * outputs + k], where the leaves' values
 * (nodes × outputs) are divided by the number of trees already. A regression forest is a `TreesPredictor`.
 */
export interface ForestPredictor {
  readonly kind: 'forest';
  /** Number of classes. */
  readonly outputs: number;
  readonly trees: readonly Tree[];
}

/** What a dense net's hidden units apply to their sums; `logistic` is 1 / (1 + e^-x), `elu` e^x - 1 below 0. */
export type Activation = 'relu' | 'tanh' | 'logistic' | 'identity' | 'elu';

/** out[k] = biases[k] + sum_i in[i] * weights[i * outputs + k]. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** A vector for each code of a category, the one of code c at c * dimension. */
export interface Embedding {
  readonly levels: number;
  readonly dimension: number;
  readonly vectors: Float32Array;
}

/** A net of two or more dense layers: each but the last goes through its activation, the last one gives the scores. */
export interface DensePredictor {
  readonly kind: 'dense';
  /**
   * Of the features that are codes, which come last: one each, in their order. Their vectors are the first inputs of
   * the first layer, before the other features. Absent where no feature is a code.
   */
  readonly embeddings?: readonly Embedding[];
  /** One for each layer but the last. */
  readonly activations: readonly Activation[];
  readonly layers: readonly DenseLayer[];
}

/**
 * Naive Bayes: a class's score is its `priors`, plus for each number x that isn't missing its log density
 * peaks - ((x - means) * scales)^2, plus for each category the log probability of its code. Numbers and categories are
 * the features with `levels` = 0 and above 0, in their order.
 */
export interface NaiveBayesPredictor {
  readonly kind: 'naive-bayes';
  /** One for each class. */
  readonly priors: Float64Array;
  /** Number j and class k at k * numbers + j. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly peaks: Float64Array;
  /** Codes of all categories one after another; code c and class k at c * classes + k. */
  readonly codes: Float64Array;
}

/**
 * The training rows themselves and how the nearest of them answer: shares of their classes, or the mean of their targets.
 * `points` are whole numbers (see `toGrid`); column j of row i stands at j * rows + i.
 */
export interface NeighboursPredictor {
  readonly kind: 'neighbours';
  /** Number of classes; 1 for a number. */
  readonly outputs: number;
  readonly neighbours: number;
  readonly p: 1 | 2;
  readonly weights: 'uniform' | 'distance';
  readonly rows: number;
  readonly width: number;
  readonly points: Float32Array;
  /** Class index or number of each row. */
  readonly targets: Float64Array;
}

/** What predicts from one encoded matrix. */
export type EncodedPredictor =
  | ConstantPredictor
  | LinearPredictor
  | TreesPredictor
  | ForestPredictor
  | DensePredictor
  | NaiveBayesPredictor
  | NeighboursPredictor;

/** A model within a model: it has the inputs and outputs of the whole, and pre-processing of its own. */
export interface Member {
  readonly steps: readonly Step[];
  readonly predictor: EncodedPredictor;
}

/** outputs = sum of weights[m] * outputs of member m, divided by the sum of the weights. */
export interface AverageCombination {
  readonly kind: 'average';
  readonly weights: Float64Array;
}

/**
 * A linear model of the members' outputs (Wolpert 1992, stacked generalisation). Classification: of the logarithms of
 * their probabilities, which are first brought into [floor, 1 - floor]; binary: of log p[1] - log p[0], one a member;
 * more classes: of every log p[k], member by member. Regression: of the predictions as they are, and no floor (0).
 */
export interface StackingCombination {
  readonly kind: 'stacking';
  readonly floor: number;
  readonly meta: LinearPredictor;
}

/** Several models that answer together. */
export interface EnsemblePredictor {
  readonly kind: 'ensemble';
  readonly members: readonly Member[];
  readonly combination: AverageCombination | StackingCombination;
}

/** p = 1 / (1 + e^-(slope * score + intercept)) (Platt 1999); one slope and intercept for each score. */
export interface SigmoidCalibration {
  readonly kind: 'sigmoid';
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
}

/** Straight lines between the points (x[t], y[t]), constant outside; x ascends strictly, y in [0, 1] never falls. */
export interface Curve {
  readonly x: Float32Array;
  readonly y: Float64Array;
}

/** One curve for each score. */
export interface IsotonicCalibration {
  readonly kind: 'isotonic';
  readonly curves: readonly Curve[];
}

/**
 * A classifier whose scores are mapped to probabilities anew: binary by its one score, or where it gives no score by
 * the probability of the positive class; more classes by each class's score, divided by their sum.
 */
export interface CalibratedPredictor {
  readonly kind: 'calibrated';
  readonly member: Member;
  readonly calibration: SigmoidCalibration | IsotonicCalibration;
}

/** A model made of other models; its pipeline has no steps of its own. */
export type ComposedPredictor = EnsemblePredictor | CalibratedPredictor;

export type Predictor = EncodedPredictor | ComposedPredictor;

/** A model as data: everything that scoring a raw row needs. */
export interface Pipeline {
  readonly task: Task;
  /** Class labels sorted by code point (binary: negative, positive); empty for regression. */
  readonly classes: readonly string[];
  readonly inputs: readonly ModelInput[];
  /** Columns that are computed before the steps, which read them by name like inputs; absent where there are none. */
  readonly derived?: readonly DerivedColumn[];
  readonly steps: readonly Step[];
  readonly predictor: Predictor;
}

/** A pipeline that predicts from one encoded matrix. */
export type EncodedPipeline = Pipeline & Member;

/** The models that a model is made of; none for one that stands alone. */
export function membersOf(predictor: Predictor): readonly Member[] {
  switch (predictor.kind) {
    case 'ensemble':
      return predictor.members;
    case 'calibrated':
      return [predictor.member];
    default:
      return [];
  }
}

/** A member as a model that stands alone. */
export function memberPipeline(pipeline: Pipeline, { steps, predictor }: Member): EncodedPipeline {
  return { ...pipeline, steps, predictor };
}

/** All steps that inputs go through, those of the members one after the other. */
export function allSteps({ steps, predictor }: Pipeline): Step[] {
  return [...steps, ...membersOf(predictor).flatMap((member) => member.steps)];
}

/** How scores become outputs: they are the outputs, or go through a function. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'exponential';

/** The link of a model that gives scores, not outputs. */
export const scoreLinks: Readonly<Record<Task, Link>> = {
  binary: 'logistic',
  multiclass: 'softmax',
  regression: 'identity',
};

export function linkOf({ task, predictor }: Pick<EncodedPipeline, 'task' | 'predictor'>): Link {
  if (predictor.kind === 'trees' && predictor.link === 'log') return 'exponential';
  if (predictor.kind === 'naive-bayes') return 'softmax';
  return ['constant', 'forest', 'neighbours'].includes(predictor.kind) ? 'identity' : scoreLinks[task];
}

/** Features in the order of the encoded matrix. */
export function featuresOf(steps: readonly Step[]): Feature[] {
  return steps.flatMap((step): Feature[] => {
    if (step.kind === 'number') return [{ name: step.input, input: step.input, levels: 0 }];
    const codes = step.levels.length + 1;
    if (step.encoding === 'code') return [{ name: step.input, input: step.input, levels: codes }];
    return Array.from({ length: codes }, (_, code) => ({
      name: `${step.input}=${step.levels[code] ?? '(rare)'}`,
      input: step.input,
      levels: 0,
    }));
  });
}
