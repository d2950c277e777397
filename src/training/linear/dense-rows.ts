import type { SparseRows } from './sparse-rows.ts';

/*
 * What `sparse-rows.ts` does for rows without any zero: no column numbers are looked up, and four rows go side by side.
 * Each sum takes its terms in the same order, so the numbers are the same to the last bit.
 */

/** out[r] = sum over the columns of x[r] * weights[offset + column]. */
export function denseTimesColumns(
  { rows, width, value }: SparseRows,
  weights: Float64Array,
  offset: number,
): Float64Array {
  const out = new Float64Array(rows);
  const whole = rows - (rows % 4);
  for (let row = 0, at = 0; row < whole; row += 4, at += 4 * width) {
    let [first, second, third, fourth] = [0, 0, 0, 0];
    for (let j = 0; j < width; j++) {
      const weight = weights[offset + j]!;
      first += value[at + j]! * weight;
      second += value[at + width + j]! * weight;
      third += value[at + 2 * width + j]! * weight;
      fourth += value[at + 3 * width + j]! * weight;
    }
    out[row] = first;
    out[row + 1] = second;
    out[row + 2] = third;
    out[row + 3] = fourth;
  }
  for (let row = whole; row < rows; row++) {
    let total = 0;
    for (let j = 0; j < width; j++) total += value[row * width + j]! * weights[offset + j]!;
    out[row] = total;
  }
  return out;
}

/** out[offset + column] += sum over the rows of x[r] * weights[r]. */
export function addDenseTimesRows(
  { rows, width, value }: SparseRows,
  weights: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  const whole = rows - (rows % 4);
  for (let row = 0, at = 0; row < whole; row += 4, at += 4 * width) {
    const first = weights[row]!;
    const second = weights[row + 1]!;
    const third = weights[row + 2]!;
    const fourth = weights[row + 3]!;
    for (let j = 0; j < width; j++)
      out[offset + j] =
        out[offset + j]! +
        value[at + j]! * first +
        value[at + width + j]! * second +
        value[at + 2 * width + j]! * third +
        value[at + 3 * width + j]! * fourth;
  }
  for (let row = whole; row < rows; row++)
    for (let j = 0; j < width; j++) out[offset + j]! += value[row * width + j]! * weights[row]!;
}

/** Adds X' diag(weights) X to a square block of a matrix, its lower triangle alone. */
export function addDenseGram(
  { rows, width, value }: SparseRows,
  weights: Float64Array,
  out: Float64Array,
  size: number,
  corner: number,
): void {
  const whole = rows - (rows % 4);
  for (let row = 0, at = 0; row < whole; row += 4, at += 4 * width) {
    const [b, c, d] = [at + width, at + 2 * width, at + 3 * width];
    for (let i = 0; i < width; i++) {
      const first = value[at + i]! * weights[row]!;
      const second = value[b + i]! * weights[row + 1]!;
      const third = value[c + i]! * weights[row + 2]!;
      const fourth = value[d + i]! * weights[row + 3]!;
      const base = corner + i * size;
      for (let j = 0; j <= i; j++)
        out[base + j] =
          out[base + j]! +
          first * value[at + j]! +
          second * value[b + j]! +
          third * value[c + j]! +
          fourth * value[d + j]!;
    }
  }
  for (let row = whole; row < rows; row++)
    for (let i = 0; i < width; i++) {
      const scaled = value[row * width + i]! * weights[row]!;
      for (let j = 0; j <= i; j++) out[corner + i * size + j]! += scaled * value[row * width + j]!;
    }
}
