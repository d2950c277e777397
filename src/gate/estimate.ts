import { clippingFor, type CompareOptions } from './compare.ts';
import { MIN_UNITS, unitMeans, unitsOf, type Units } from './dependence.ts';
import type { Metric } from './metrics/metric.ts';
import { oneClass } from './metrics/multiclass.ts';
import { faultOf, type Predictions } from './predictions.ts';
import { normal } from './statistics/distributions.ts';
import { delong } from './statistics/delong.ts';
import { pairedT } from './statistics/paired-mean.ts';
import { wilson, type Interval } from './statistics/proportion.ts';
import { bootstrapTest, planByClass, planByGroup } from './statistics/resampling.ts';

/** A metric of one model with an interval whose bounds are each wrong with probability `level`. */
export interface Estimate extends Interval {
  readonly value: number;
}

/**
 * The metric of one model with its sampling error: Student's t for means of row losses (roots of its bounds for
 * RMSE), Wilson for accuracy, DeLong for ROC AUC, BCa for the rest; by group or time block where rows depend on each
 * other. Null where the metric is undefined or there are fewer than 30 observations.
 */
export function estimateMetric(
  metric: Metric,
  predictions: Predictions,
  options: Omit<CompareOptions, 'outOfFold'>,
): Estimate | null {
  if (faultOf(predictions)) return null;
  const value = metric.compute(predictions, clippingFor(options.developmentRows));
  const units = unitsOf(options.dependence ?? { kind: 'independent' }, predictions.rows);
  if (value === null || units.count < MIN_UNITS) return null;
  const interval = intervalOf(metric, predictions, units, options, value);
  return interval && Number.isFinite(interval.lower + interval.upper) ? { value, ...interval } : null;
}

function intervalOf(
  metric: Metric,
  predictions: Predictions,
  units: Units,
  { level, developmentRows, seed }: Omit<CompareOptions, 'outOfFold'>,
  value: number,
): Interval | null {
  const clip = clippingFor(developmentRows);
  const kind = metric.comparison(predictions.task);
  const ofMean = (values: Float64Array) => pairedT(unitMeans(values, units), { level });
  if (kind.kind === 'row-loss') return bounds(ofMean(kind.losses(predictions, clip)));
  if (kind.kind === 'root-of-row-loss') {
    const squares = bounds(ofMean(kind.losses(predictions)));
    return squares && { lower: Math.sqrt(Math.max(squares.lower, 0)), upper: Math.sqrt(squares.upper) };
  }
  if (kind.kind === 'hits') {
    const hits = kind.hits(predictions);
    if (units.kind !== 'rows') return bounds(ofMean(hits));
    return wilson(Math.round(value * predictions.rows), predictions.rows, 1 - 2 * level);
  }
  if (kind.kind === 'roc-auc' && units.kind === 'rows') {
    const { scores, positive } = oneClass(predictions, 1);
    const variance = delong(positive, scores, scores)?.covariance?.[0]?.[0];
    if (variance === undefined) return null;
    const radius = normal.ppf(1 - level) * Math.sqrt(variance);
    return { lower: Math.max(value - radius, 0), upper: Math.min(value + radius, 1) };
  }
  const evaluate = metric.prepare(predictions, clip);
  const strata = predictions.classes > 0 ? predictions.y : new Float64Array(predictions.rows);
  const plan = units.kind === 'rows' ? planByClass(strata) : planByGroup(units.unitOf, units.count);
  return bounds(bootstrapTest(evaluate, plan, { level, seed }));
}

function bounds(interval: Interval | null): Interval | null {
  return interval && { lower: interval.lower, upper: interval.upper };
}
