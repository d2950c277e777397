import { UserError } from '../errors/user-error.ts';
import type { TrainingSet } from './trainer.ts';

/** What a look over the training rows tells before a fit. */
export interface TrainingRows {
  /** Rows of each class; empty for regression. */
  readonly classCounts: Float64Array;
  /** What the user should know, e.g. that a class has no rows. */
  readonly warnings: readonly string[];
}

/**
 * Refuses rows that no trainer can learn from: none at all, a target or feature that isn't finite, one class only.
 * @throws UserError TRAINING_FAILED
 */
export function inspectRows(
  data: TrainingSet,
  trainer: string,
  oneClass = trainer === 'dummy',
): TrainingRows {
  if (data.rows === 0) throw refusal(trainer, 'there are no training rows', 'Give more rows or fewer folds.');
  for (let row = 0; row < data.rows; row++) {
    if (!Number.isFinite(data.y[row]))
      throw refusal(
        trainer,
        'the target is not a finite number in some rows',
        'Correct or remove these rows.',
      );
  }
  checkFeatures(data, trainer);
  if (data.task === 'regression') return { classCounts: new Float64Array(0), warnings: [] };
  return inspectClasses(data, trainer, oneClass);
}

function checkFeatures(data: TrainingSet, trainer: string): void {
  const width = data.features.length;
  const end = data.rows * width;
  for (let cell = 0; cell < end; cell++) {
    const value = data.x[cell]!;
    if (value - value === 0 || Number.isNaN(value)) continue;
    const feature = data.features[cell % width]!;
    throw refusal(
      trainer,
      `the feature "${feature.name}" is too large for 32-bit floating point`,
      'Rescale the column, or drop it.',
      feature.input,
    );
  }
}

function inspectClasses(data: TrainingSet, trainer: string, oneClass: boolean): TrainingRows {
  const classCounts = new Float64Array(data.classes);
  for (let row = 0; row < data.rows; row++) classCounts[data.y[row]!]! += 1;
  const seen = classCounts.filter((count) => count > 0).length;
  const missing = data.classes - seen;
  if (seen < 2 && !oneClass)
    throw refusal(
      trainer,
      'all training rows are of one class',
      'Give rows of at least two classes, or fewer folds, so that each fold holds both.',
    );
  const warnings =
    missing === 0
      ? []
      : [`${missing} of ${data.classes} classes have no training rows and are never predicted.`];
  return { classCounts, warnings };
}

function refusal(trainer: string, what: string, fix: string, name?: string): UserError {
  return new UserError({ code: 'TRAINING_FAILED', message: `${trainer}: ${what}`, at: { name }, fix });
}
