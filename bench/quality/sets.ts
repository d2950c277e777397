import { readFileSync } from 'node:fs';
import { z } from 'zod';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const setSchema = z.strictObject({
  name: z.string(),
  /** CSV file within the data folder; its folds stand in `folds/` under the same name. */
  file: z.string(),
  folds: z.string().optional(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  target: z.string(),
  positive: z.string().optional(),
  drop: z.array(z.string()).default([]),
  /** Date column whose hour and weekday become columns. */
  calendar: z.string().optional(),
});
export type DataSet = z.infer<typeof setSchema>;

const foldScores = z.array(z.array(z.number()).length(3));
const referenceSchema = z.strictObject({
  version: z.string(),
  scores: z.record(
    z.string(),
    z.strictObject({
      dummy: foldScores,
      linear: foldScores,
      boosting: foldScores,
      forest: foldScores.optional(),
      net: foldScores,
      bayes: foldScores.optional(),
      neighbours: foldScores,
    }),
  ),
});

/** Family of trainers that scikit-learn has as well. */
export type Family = 'dummy' | 'linear' | 'boosting' | 'forest' | 'net' | 'bayes' | 'neighbours';

export const dataSets = z.array(setSchema).parse(read('sets.json'));

/** Scores of scikit-learn by fold: accuracy, ROC AUC, log loss; or R², RMSE, MAE. `scikit.py` writes them. */
export function readReference(): z.infer<typeof referenceSchema> {
  return referenceSchema.parse(read('reference.json'));
}

/** Metrics in the order of the reference. */
export function metricsOf({ task }: DataSet): readonly string[] {
  return task === 'regression' ? ['r2', 'rmse', 'mae'] : ['accuracy', 'roc_auc', 'log_loss'];
}
