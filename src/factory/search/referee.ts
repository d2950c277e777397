import { compare } from '../../gate/compare.ts';
import { orientation } from '../../gate/metrics/metric.ts';
import { findMetric } from '../../gate/metrics/metrics.ts';
import { dependenceOf } from '../case.ts';
import { collectOutOfFold, foldMetrics, predictionsOf } from '../out-of-fold.ts';
import type { Prepared } from '../prepared.ts';

/** Tells who is ahead after some folds. Predictions are the test rows' × outputs, one array a fold. */
export interface Referee {
  /** Mean score over the folds so far, larger = better; -Infinity where it is undefined. */
  score(predictions: readonly Float64Array[]): number;
  /** Whether the first is proven worse than the second on the same rows, one-sided at `level`. */
  isWorse(first: readonly Float64Array[], second: readonly Float64Array[], level: number): boolean;
}

/** Judges by the metric that ranks, with the gate's own paired test. */
export function refereeOf(prepared: Prepared): Referee {
  const { dataset, folds, config, settings, development } = prepared;
  const metric = findMetric(settings.rankingMetric);
  const outputs = Math.max(dataset.classes.length, 1);
  const collect = (predictions: readonly Float64Array[]) => {
    const done = folds.slice(0, predictions.length);
    const { rows, values } = collectOutOfFold(dataset.table.rows, outputs, done, predictions);
    return { rows, predictions: predictionsOf(dataset, rows, values) };
  };
  return {
    score: (predictions) => {
      const done = folds.slice(0, predictions.length);
      const mean = foldMetrics(dataset, done, predictions, [metric.name])[metric.name]?.mean ?? null;
      return mean === null ? -Infinity : orientation(metric) * mean;
    },
    isWorse: (first, second, level) => {
      const [ours, theirs] = [collect(first), collect(second)];
      const comparison = compare(metric, ours.predictions, theirs.predictions, {
        level,
        dependence: dependenceOf(prepared, ours.rows),
        outOfFold: { folds: config.validation.folds },
        developmentRows: development.length,
        seed: config.validation.seed,
      });
      return comparison.kind === 'compared' && comparison.pLess < level;
    },
  };
}
