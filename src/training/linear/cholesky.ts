/** A pivot below this share of its diagonal element marks a column that depends on earlier ones. */
const DEPENDENT = 1e-11;

/**
 * Solves A z = b for a positive semidefinite A by A = L L'. A column that depends on the ones before it gets 0, so
 * collinear features do no harm.
 * @param matrix row-major, size × size; the lower triangle is read and overwritten
 * @param right length `size`; not changed
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  factorise(matrix, size);
  return solveFactorised(matrix, right, size);
}

/**
 * Solves L L' z = b.
 * @param matrix what `factorise` leaves
 * @param right length `size`; not changed
 */
export function solveFactorised(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const z = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i * size + i]!;
    let total = z[i]!;
    for (let k = 0; k < i; k++) total -= matrix[i * size + k]! * z[k]!;
    z[i] = pivot === 0 ? 0 : total / pivot;
  }
  for (let i = size - 1; i >= 0; i--) {
    const pivot = matrix[i * size + i]!;
    const value = pivot === 0 ? 0 : z[i]! / pivot;
    z[i] = value;
    for (let k = 0; k < i; k++) z[k]! -= matrix[i * size + k]! * value;
  }
  return z;
}

/**
 * The inverse of a positive semidefinite matrix, row-major and whole; a column that depends on the ones before it is left
 * out: its row and column are 0.
 * @param matrix row-major, size × size; the lower triangle is read and overwritten
 */
export function invertSymmetric(matrix: Float64Array, size: number): Float64Array {
  factorise(matrix, size);
  // Row by row, the inverse of L: it has the rows of L on its left.
  const inverted = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i * size + i]!;
    if (pivot === 0) continue;
    for (let k = 0; k < i; k++) {
      const factor = matrix[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j <= k; j++) inverted[i * size + j]! -= factor * inverted[k * size + j]!;
    }
    for (let j = 0; j < i; j++) inverted[i * size + j]! /= pivot;
    inverted[i * size + i] = 1 / pivot;
  }
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++)
    for (let i = 0; i <= k; i++) {
      const factor = inverted[k * size + i]!;
      if (factor !== 0)
        for (let j = 0; j <= k; j++) inverse[i * size + j]! += factor * inverted[k * size + j]!;
    }
  return inverse;
}

/** Overwrites the lower triangle of a positive semidefinite matrix with L, where it is L L'; dependent columns are set to 0 throughout. */
export function factorise(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    const diagonal = matrix[row + i]!;
    let pivot = diagonal;
    for (let j = 0; j < i; j++) {
      const other = j * size;
      const divisor = matrix[other + j]!;
      if (divisor === 0) {
        matrix[row + j] = 0;
        continue;
      }
      let total = matrix[row + j]!;
      for (let k = 0; k < j; k++) total -= matrix[row + k]! * matrix[other + k]!;
      total /= divisor;
      matrix[row + j] = total;
      pivot -= total * total;
    }
    if (pivot > DEPENDENT * diagonal) matrix[row + i] = Math.sqrt(pivot);
    else matrix.fill(0, row, row + i + 1);
  }
}
