import { z } from 'zod';
import { nearest } from '../config/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import { sum } from '../numeric/sum.ts';
import type { TrainingSet } from './trainer.ts';

/** The parameter `class_weight` of classifiers. */
export const classWeight = z
  .union([z.literal('balanced'), z.record(z.string(), z.number().positive().max(1e9))])
  .nullable()
  .default(null)
  .describe(
    'What rows of a class count for: { label: weight }, 1 for labels left out; "balanced" is ' +
      'rows / (classes * rows of the class).',
  );
type ClassWeight = z.infer<typeof classWeight>;

/**
 * What each row counts for by its own weight and its class's; undefined where all count the same.
 * @throws UserError TRAINER_PARAMETER for a label that is no class, and for a regression
 */
export function rowWeights(
  data: TrainingSet,
  given: ClassWeight,
  classCounts: Float64Array,
  trainer: string,
): Float64Array | undefined {
  const { task, y, weights } = data;
  if (given === null) return weights;
  if (task === 'regression')
    throw refusal(trainer, 'class_weight is for classes, and the task is regression', 'Leave it out.');
  const byClass = given === 'balanced' ? balanced(data, classCounts) : byLabel(data, given, trainer);
  return y.map((label, row) => (weights?.[row] ?? 1) * byClass[label]!);
}

function balanced({ rows }: TrainingSet, classCounts: Float64Array): Float64Array {
  const present = classCounts.filter((count) => count > 0).length;
  return classCounts.map((count) => rows / (present * count));
}

function byLabel(
  { classes, labels }: TrainingSet,
  given: Readonly<Record<string, number>>,
  trainer: string,
): Float64Array {
  const known = labels ?? Array.from({ length: classes }, (_, label) => String(label));
  const unknown = Object.keys(given).find((label) => !known.includes(label));
  if (unknown !== undefined) {
    const close = nearest(unknown, known);
    throw refusal(
      trainer,
      `class_weight names the class "${unknown}", which the target does not have`,
      close === undefined
        ? `Classes: ${known.map((label) => `"${label}"`).join(', ')}.`
        : `Did you mean "${close}"?`,
    );
  }
  return Float64Array.from(known, (label) => given[label] ?? 1);
}

function refusal(trainer: string, what: string, fix: string): UserError {
  const at = { name: 'class_weight' };
  return new UserError({ code: 'TRAINER_PARAMETER', message: `${trainer}: ${what}`, at, fix });
}

/** The rows' weights scaled to the mean 1 over the given rows, so that their scale changes nothing. */
export function weightsOfMeanOne({ weights }: TrainingSet, rows?: Int32Array): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const mean = rows
    ? sum(Float64Array.from(rows, (row) => weights[row]!)) / rows.length
    : sum(weights) / weights.length;
  return weights.map((weight) => weight / mean);
}
