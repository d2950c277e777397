import type { ConfusionCounts } from '../contracts/result.ts';
import { confusionCounts } from '../gate/metrics/confusion.ts';
import type { Predictions } from '../gate/predictions.ts';
import { findMetric } from '../gate/metrics/metrics.ts';
import type { Fold } from '../training/cross-validation.ts';
import type { Dataset } from '../training/dataset.ts';

/** Out-of-fold predictions: rows that were tested at least once, ascending, with the mean over repeats. */
export interface OutOfFold {
  readonly rows: Int32Array;
  /** Fold that tested the row in the first repeat that did. */
  readonly folds: Uint8Array;
  /** rows × outputs. */
  readonly values: Float64Array;
}

/** Collects the folds' test predictions by row. `predictions[f]` belongs to `folds[f]`, test rows × outputs. */
export function collectOutOfFold(
  tableRows: number,
  outputs: number,
  folds: readonly Fold[],
  predictions: readonly Float64Array[],
): OutOfFold {
  const sums = new Float64Array(tableRows * outputs);
  const counts = new Uint16Array(tableRows);
  const firstFold = new Uint8Array(tableRows);
  folds.forEach(({ test }, f) => {
    test.forEach((row, i) => {
      if (counts[row] === 0) firstFold[row] = f;
      counts[row]!++;
      for (let k = 0; k < outputs; k++) sums[row * outputs + k]! += predictions[f]![i * outputs + k]!;
    });
  });
  const rows = Int32Array.from(counts.keys()).filter((row) => counts[row]! > 0);
  const values = new Float64Array(rows.length * outputs);
  rows.forEach((row, i) => {
    for (let k = 0; k < outputs; k++) values[i * outputs + k] = sums[row * outputs + k]! / counts[row]!;
  });
  return { rows, folds: Uint8Array.from(rows, (row) => firstFold[row]!), values };
}

/** Predictions about given rows of a data set, ready for a metric. */
export function predictionsOf(
  { task, classes, y }: Pick<Dataset, 'task' | 'classes' | 'y'>,
  rows: Int32Array,
  values: Float64Array,
): Predictions {
  return {
    task,
    classes: classes.length,
    rows: rows.length,
    y: Float64Array.from(rows, (row) => y[row]!),
    p: values,
  };
}

/** Each metric on each fold's test rows, and the mean over folds; null where a fold leaves it undefined. */
export function foldMetrics(
  dataset: Dataset,
  folds: readonly Fold[],
  predictions: readonly Float64Array[],
  metrics: readonly string[],
): Record<string, { mean: number | null; folds: (number | null)[] }> {
  return Object.fromEntries(
    metrics.map((name) => {
      const metric = findMetric(name);
      const scores = folds.map(({ test }, f) =>
        metric.compute(predictionsOf(dataset, test, predictions[f]!)),
      );
      return [name, { mean: meanOrNull(scores), folds: scores }];
    }),
  );
}

/** Out-of-fold rows by truth and most probable class; null for regression and for very many classes. */
export function outOfFoldConfusion(
  dataset: Pick<Dataset, 'task' | 'classes' | 'y'>,
  { rows, values }: Pick<OutOfFold, 'rows' | 'values'>,
): ConfusionCounts | null {
  return confusionCounts(predictionsOf(dataset, rows, values));
}

function meanOrNull(scores: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const score of scores) {
    if (score === null) return null;
    sum += score;
  }
  return scores.length === 0 ? null : sum / scores.length;
}
