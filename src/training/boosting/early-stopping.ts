import type { Random } from '../../numeric/random.ts';

/** Row numbers, ascending, of the rows that are learnt from and of those that tell when to stop. */
export interface ValidationSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Sets a fraction of the rows aside at random, the same fraction of each class (`classes` = 0: of all rows). One row
 * of each class at least stays for training; the validation side may come out empty.
 */
export function setAside(
  y: Float64Array,
  classes: number,
  fraction: number,
  random: Random,
): ValidationSplit {
  const groups: number[][] = Array.from({ length: Math.max(classes, 1) }, () => []);
  y.forEach((label, row) => groups[classes > 0 ? label : 0]!.push(row));
  const chosen = new Uint8Array(y.length);
  let owed = 0;
  for (const group of groups) {
    owed += fraction * group.length;
    const taken = Math.max(0, Math.min(Math.round(owed), group.length - 1));
    owed -= taken;
    for (const row of random.shuffle(group).slice(0, taken)) chosen[row] = 1;
  }
  const rows = Int32Array.from(y.keys());
  return {
    train: rows.filter((row) => chosen[row] === 0),
    validation: rows.filter((row) => chosen[row] === 1),
  };
}

/**
 * Whether none of the last `patience` losses is lower than the one before them by more than `tolerance`.
 * @param losses validation loss before the first round and after each one
 */
export function shouldStop(losses: readonly number[], patience: number, tolerance: number): boolean {
  const reference = losses[losses.length - 1 - patience];
  if (reference === undefined) return false;
  return losses.slice(-patience).every((loss) => !(loss < reference - tolerance));
}

/** Rounds after which the validation loss was lowest, the first among equals. */
export function bestRound(losses: readonly number[]): number {
  let best = 0;
  losses.forEach((loss, round) => {
    if (loss < losses[best]!) best = round;
  });
  return best;
}
