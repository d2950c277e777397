import { nearest } from '../../config/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import type { TrainingSet } from '../trainer.ts';

/**
 * Direction of each feature's effect by `monotonic_cst`; undefined where all are free.
 * @throws UserError TRAINER_PARAMETER for a name that is no numeric feature, and for three and more classes
 */
export function directionsOf(
  { task, features }: TrainingSet,
  byName: Readonly<Record<string, -1 | 0 | 1>>,
): Int8Array | undefined {
  const names = Object.keys(byName).filter((name) => byName[name] !== 0);
  if (names.length === 0) return undefined;
  if (task === 'multiclass')
    throw refusal('monotonic_cst is not for three and more classes', 'Leave it out, or predict two classes.');
  const directions = new Int8Array(features.length);
  for (const name of names) {
    const j = features.findIndex((feature) => feature.input === name);
    if (j < 0)
      throw unknown(
        name,
        features.map(({ input }) => input),
      );
    if (features[j]!.levels > 0)
      throw refusal(
        `monotonic_cst names "${name}", which has categories and no order`,
        'Name numeric features only.',
      );
    directions[j] = byName[name]!;
  }
  return directions;
}

function unknown(name: string, known: readonly string[]): UserError {
  const close = nearest(name, known);
  return refusal(
    `monotonic_cst names "${name}", which is not a feature`,
    close === undefined ? `Features: ${known.join(', ')}.` : `Did you mean "${close}"?`,
  );
}

function refusal(message: string, fix: string): UserError {
  const at = { name: 'monotonic_cst' };
  return new UserError({ code: 'TRAINER_PARAMETER', message: `gradient-boosting: ${message}`, at, fix });
}
