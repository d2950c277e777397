import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import { solveSymmetric } from '../../../../src/training/linear/cholesky.ts';
import { conjugateGradient } from '../../../../src/training/linear/conjugate-gradient.ts';
import { minimise } from '../../../../src/training/linear/newton.ts';
import { largestDifference } from '../fixture.ts';

/** B B' + ridge * I for a random size × rank matrix B. */
function randomMatrix(size: number, rank: number, ridge: number, random: Random): Float64Array {
  const b = Float64Array.from({ length: size * rank }, () => random.normal());
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let total = i === j ? ridge : 0;
    for (let k = 0; k < rank; k++) total += b[i * rank + k]! * b[j * rank + k]!;
    return total;
  });
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, i) => vector.reduce((total, value, j) => total + matrix[i * size + j]! * value, 0));
}

const sizes = fc.integer({ min: 1, max: 12 });

describe.each([
  ['Cholesky', (a: Float64Array, b: Float64Array) => solveSymmetric(Float64Array.from(a), b, b.length)],
  [
    'conjugate gradients',
    (a: Float64Array, b: Float64Array) =>
      conjugateGradient(
        { multiply: (v) => times(a, v), diagonal: () => b.map((_, i) => a[i * b.length + i]!) },
        b,
        1e-12,
      ),
  ],
])('%s', (_name, solve) => {
  it('solves positive definite systems', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), (size, seed) => {
        const random = new Random(seed);
        const matrix = randomMatrix(size, size, 0.5, random);
        const solution = Float64Array.from({ length: size }, () => random.normal());
        expect(largestDifference(solve(matrix, times(matrix, solution)), solution)).toBeLessThan(1e-7);
      }),
    );
  });

  it('solves singular systems that have a solution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer(), (size, seed) => {
        const random = new Random(seed);
        const matrix = randomMatrix(size, size - 1, 0, random);
        const right = times(
          matrix,
          Float64Array.from({ length: size }, () => random.normal()),
        );
        const residual = largestDifference(times(matrix, solve(matrix, right)), right);
        expect(residual).toBeLessThan(1e-5 * Math.max(1, ...right.map(Math.abs)));
      }),
    );
  });

  it('gives 0 for an empty column', () => {
    expect(solve(Float64Array.of(4, 0, 0, 0), Float64Array.of(8, 0))).toEqual(Float64Array.of(2, 0));
  });
});

describe('minimise', () => {
  /** sqrt(1 + (w - 30)^2) is convex, but full Newton steps from 0 overshoot without end. */
  const evaluate = (weights: Float64Array) => {
    const distance = weights[0]! - 30;
    const root = Math.sqrt(1 + distance * distance);
    return {
      value: root,
      gradient: Float64Array.of(distance / root),
      hessian: () => Float64Array.of(1 / (root * root * root)),
      multiply: (vector: Float64Array) => vector.map((v) => v / (root * root * root)),
      diagonal: () => Float64Array.of(1 / (root * root * root)),
    };
  };

  it('halves steps that would overshoot', () => {
    const { weights, converged } = minimise(evaluate, new Float64Array(1), {
      solver: 'elimination',
      maxIterations: 100,
      tolerance: 1e-6,
    });
    expect(converged).toBe(true);
    expect(weights[0]).toBeCloseTo(30, 8);
  });

  it('says when it was cut short', () => {
    expect(
      minimise(evaluate, new Float64Array(1), { solver: 'elimination', maxIterations: 1, tolerance: 1e-6 })
        .converged,
    ).toBe(false);
  });
});
