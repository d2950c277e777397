import type { Random } from '../../numeric/random.ts';

/** The rows that a tree learns from, and how often each was drawn. */
export interface TreeSample {
  /** Row numbers, ascending, each once. */
  readonly rows: Int32Array;
  /** Times that a row was drawn times what it counts for, by row number. */
  readonly weights: Float64Array;
}

/** All rows, once each; `weights` says what each row counts for. */
export function everyRow(rows: number, weights: Float64Array = new Float64Array(rows).fill(1)): TreeSample {
  return { rows: Int32Array.from({ length: rows }, (_, row) => row), weights };
}

/** `draws` rows drawn with replacement (Efron's bootstrap; Breiman, "Bagging predictors", 1996). */
export function bootstrapRows(
  rows: number,
  draws: number,
  random: Random,
  rowWeights?: Float64Array,
): TreeSample {
  const weights = new Float64Array(rows);
  for (let i = 0; i < draws; i++) weights[random.integer(rows)]! += 1;
  rowWeights?.forEach((weight, row) => (weights[row]! *= weight));
  let drawn = 0;
  for (let row = 0; row < rows; row++) if (weights[row]! > 0) drawn++;
  const taken = new Int32Array(drawn);
  for (let row = 0, at = 0; row < rows; row++) if (weights[row]! > 0) taken[at++] = row;
  return { rows: taken, weights };
}
