import { UserError } from '../errors/user-error.ts';
import { dealFolds, givenFolds, windowFolds, type FoldRows } from './folds.ts';

/**
 * What the folds of cross-validation respect, so that folds within a fold's training rows can do the same: rows of one
 * unit (a group, or a row and its copies) stay together; rows in time order are tested later than they are learnt
 * from; rows of one fold of a fold file stay together. One entry a table row.
 */
export type RowStructure =
  | { readonly kind: 'units'; readonly units: Uint8Array }
  | { readonly kind: 'time'; readonly times: Float64Array; readonly gap: number }
  | { readonly kind: 'given'; readonly foldOf: Int32Array };

/** The fold that tests each row, where each row is tested once; -1 for rows that no fold tests. */
export function givenStructure(folds: readonly FoldRows[], rows: number): RowStructure {
  const foldOf = new Int32Array(rows).fill(-1);
  folds.forEach(({ test }, fold) => test.forEach((row) => (foldOf[row] = fold)));
  return { kind: 'given', foldOf };
}

/**
 * Folds within some rows, dealt by the same rules as those of cross-validation. In time order the first block is
 * learnt from alone.
 * @param strata one a table row
 * @throws UserError DATA_TOO_SMALL
 */
export function foldsWithin(
  structure: RowStructure,
  rows: Int32Array,
  strata: ArrayLike<number>,
  folds: number,
): FoldRows[] {
  switch (structure.kind) {
    case 'units':
      return refused(folds, () =>
        dealFolds({ rows, identities: structure.units, strata, folds, repeats: 1 }),
      );
    case 'time':
      return refused(folds, () => windowFolds(rows, structure.times, folds, structure.gap));
    case 'given': {
      const numbers = [...new Set(Array.from(rows, (row) => structure.foldOf[row]!))].sort((a, b) => a - b);
      if (numbers.length < 2)
        throw new UserError({
          code: 'DATA_TOO_SMALL',
          message:
            'The training rows are all in one fold of the fold file, so no folds can be made within them.',
          at: { name: 'validation.fold-file' },
          fix: 'Number three folds or more, or leave out candidates that are built over others.',
        });
      const partOf = new Map(numbers.map((number, i) => [number, i % folds]));
      return givenFolds(
        rows,
        structure.foldOf.map((number) => partOf.get(number) ?? -1),
      );
    }
  }
}

function refused(folds: number, make: () => FoldRows[]): FoldRows[] {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError({
      code: error.code,
      message: `There are too few different rows, groups or times for ${folds} folds within the training rows.`,
      at: { name: 'cv' },
      fix: 'Lower cv (or validation.gap), or add rows.',
      cause: error,
    });
  }
}
