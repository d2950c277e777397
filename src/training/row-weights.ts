import { z } from 'zod';
import type { TrainingSet } from './trainer.ts';

/** The parameter `class_weight` of classifiers. */
export const classWeight = z
  .literal('balanced')
  .nullable()
  .default(null)
  .describe('"balanced" weighs rows by rows / (classes * rows of the class).');

/** What each row counts for by its own weight and its class's; undefined where all count the same. */
export function rowWeights(
  { task, y, rows, weights }: TrainingSet,
  classWeights: 'balanced' | null,
  classCounts: Float64Array,
): Float64Array | undefined {
  if (classWeights === null || task === 'regression') return weights;
  const present = classCounts.filter((count) => count > 0).length;
  return y.map((label, row) => ((weights?.[row] ?? 1) * rows) / (present * classCounts[label]!));
}
