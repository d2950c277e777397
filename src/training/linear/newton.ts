import { solveSymmetric } from './cholesky.ts';
import { addScaled, conjugateGradient, dot } from './conjugate-gradient.ts';
import type { SymmetricOperator } from './conjugate-gradient.ts';
import type { SparseRows } from './sparse-rows.ts';

/** A convex function at one point. */
export interface Point extends SymmetricOperator {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Second derivatives, row-major, size × size; the lower triangle is enough. */
  hessian(): Float64Array;
}

export interface Minimum {
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * How to solve the Newton equations: by elimination, or by conjugate gradients where building and factorising the
 * matrix would take longer than the thirty or so products that those need.
 */
export function cheaperSolver(x: SparseRows, outputs: number): Solver {
  const perRow = x.value.length / x.rows;
  const size = outputs * x.width;
  const building = (x.rows * perRow * perRow * outputs * (outputs + 1)) / 4;
  const factorising = (size * size * size) / 3;
  return building + factorising < 90 * x.rows * perRow * outputs ? 'elimination' : 'conjugate-gradients';
}

export type Solver = 'elimination' | 'conjugate-gradients';

export interface MinimiseOptions {
  readonly solver: Solver;
  readonly maxIterations: number;
  readonly tolerance: number;
  onIteration?(iteration: number): void;
}

/**
 * Minimises a convex function by Newton's method with step halving, starting at 0.
 * It ends when the Newton step s has sqrt(s' H s) <= tolerance: as H is at least the identity on penalised
 * weights, they are then within `tolerance` of the optimum, and the last step still takes them nearer.
 */
export function minimise(
  evaluate: (weights: Float64Array) => Point,
  size: number,
  options: MinimiseOptions,
): Minimum {
  let weights = new Float64Array(size);
  let point = evaluate(weights);
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    options.onIteration?.(iteration);
    const step = newtonStep(point, options.solver);
    const decrement = -dot(point.gradient, step);
    if (decrement <= options.tolerance * options.tolerance) {
      addScaled(weights, 1, step);
      return { weights, iterations: iteration, converged: true };
    }
    const next = search(evaluate, weights, point.value, step, decrement);
    // Within rounding of the optimum no step lowers the value any more.
    if (next === undefined) return { weights, iterations: iteration, converged: decrement < 1e-6 };
    weights = next.weights;
    point = next.point;
  }
  return { weights, iterations: options.maxIterations, converged: false };
}

function newtonStep(point: Point, solver: Solver): Float64Array {
  const downhill = point.gradient.map((slope) => -slope);
  return solver === 'elimination'
    ? solveSymmetric(point.hessian(), downhill, downhill.length)
    : conjugateGradient(point, downhill, 1e-4);
}

/** Halves the step until the value falls by a tenth of a thousandth of what the slope promises (Armijo). */
function search(
  evaluate: (weights: Float64Array) => Point,
  from: Float64Array,
  value: number,
  step: Float64Array,
  decrement: number,
): { weights: Float64Array<ArrayBuffer>; point: Point } | undefined {
  for (let length = 1; length > 1e-9; length /= 2) {
    const weights = Float64Array.from(from);
    addScaled(weights, length, step);
    const point = evaluate(weights);
    if (point.value <= value - 1e-4 * length * decrement) return { weights, point };
  }
  return undefined;
}
