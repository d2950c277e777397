/** A positive semidefinite matrix that is known by its product with a vector and by its diagonal. */
export interface SymmetricOperator {
  multiply(vector: Float64Array): Float64Array;
  diagonal(): Float64Array;
}

/**
 * Solves A z = b by conjugate gradients, preconditioned by the diagonal (Hestenes and Stiefel 1952), until the
 * residual's norm has fallen by `tolerance`, or after 2 × size + 50 steps.
 */
export function conjugateGradient(
  { multiply, diagonal }: SymmetricOperator,
  right: Float64Array,
  tolerance: number,
): Float64Array {
  const inverse = diagonal().map((value) => (value > 0 ? 1 / value : 0));
  const z = new Float64Array(right.length);
  const residual = Float64Array.from(right);
  let scaled = residual.map((value, i) => value * inverse[i]!);
  const direction = Float64Array.from(scaled);
  let energy = dot(residual, scaled);
  const goal = energy * tolerance * tolerance;
  for (let step = 0; step < 2 * right.length + 50 && energy > goal; step++) {
    const image = multiply(direction);
    const curvature = dot(direction, image);
    if (!(curvature > 0)) break;
    const length = energy / curvature;
    addScaled(z, length, direction);
    addScaled(residual, -length, image);
    scaled = residual.map((value, i) => value * inverse[i]!);
    const next = dot(residual, scaled);
    const ratio = next / energy;
    for (let i = 0; i < direction.length; i++) direction[i] = scaled[i]! + ratio * direction[i]!;
    energy = next;
  }
  return z;
}

/** Sum of products in index order. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** target += factor * vector, in place. */
export function addScaled(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * vector[i]!;
}
