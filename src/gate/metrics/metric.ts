import type { Task } from '../../contracts/task.ts';
import { faultOf, type Predictions } from '../predictions.ts';

/**
 * A metric of predictions that are already prepared. `weights`: how often each row counts (bootstrap counts or
 * scikit-learn's `sample_weight`), length = rows; without them each row counts once. Undefined = null, never NaN.
 */
export type Evaluate = (weights?: Float64Array) => number | null;

export interface MetricOptions {
  /**
   * Probabilities are clipped to [clip, 1 - clip] before a logarithm is taken. Default: 2^-52, as scikit-learn.
   * A comparison of models passes 1 / (N + 2), N = development rows.
   */
  readonly clip?: number;
}

/** The test that compares two models on a metric; see `compare`. Losses and hits are one number a row. */
export type ComparisonKind =
  | { readonly kind: 'row-loss'; readonly losses: RowValues }
  | { readonly kind: 'root-of-row-loss'; readonly losses: RowValues }
  | { readonly kind: 'hits'; readonly hits: RowValues }
  | { readonly kind: 'roc-auc' }
  | { readonly kind: 'bootstrap' };

export type RowValues = (predictions: Predictions, options?: MetricOptions) => Float64Array;

export interface MetricDefinition {
  /** scikit-learn's name where it has one. */
  readonly name: string;
  /** As readers see it: "log loss". */
  readonly label: string;
  readonly tasks: readonly Task[];
  readonly better: 'higher' | 'lower';
  /** `share` is between 0 and 1; `target` is in the units of what is predicted. */
  readonly unit: 'share' | 'nats' | 'target' | 'target-squared' | 'none';
  readonly needsProbabilities: boolean;
  readonly comparison: (task: Task) => ComparisonKind;
  readonly prepare: (predictions: Predictions, options?: MetricOptions) => Evaluate;
}

export interface Metric extends MetricDefinition {
  /** The metric of these predictions, or null where it is undefined for them. */
  readonly compute: (predictions: Predictions, options?: MetricOptions) => number | null;
}

/** Completes a definition: null for predictions that aren't sound, and for any value that isn't finite. */
export function defineMetric(definition: MetricDefinition): Metric {
  const prepare: Metric['prepare'] = (predictions, options) => {
    if (faultOf(predictions)) return () => null;
    const evaluate = definition.prepare(predictions, options);
    return (weights) => finiteOrNull(evaluate(weights));
  };
  return { ...definition, prepare, compute: (predictions, options) => prepare(predictions, options)() };
}

/** `better` as a factor: positive differences are improvements. */
export function orientation({ better }: Pick<Metric, 'better'>): 1 | -1 {
  return better === 'higher' ? 1 : -1;
}

/** The number, or null when it is missing, infinite or not a number. */
export function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
