import { solveSymmetric } from './cholesky.ts';
import { addScaled, conjugateGradient, dot } from './conjugate-gradient.ts';
import type { SymmetricOperator } from './conjugate-gradient.ts';
import type { Solver } from './solver.ts';

/** A convex function at one point. */
export interface CurvedPoint {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Second derivatives, row-major, size × size; the lower triangle is enough. */
  hessian(): Float64Array;
  /** Their diagonal. */
  diagonal(): Float64Array;
}

/** One whose second derivatives are also known by their product with a vector. */
export interface Point extends CurvedPoint, SymmetricOperator {}

export interface Minimum {
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface MinimiseOptions {
  readonly maxIterations: number;
  /** The last step s moves no weight by more than this … */
  readonly tolerance: number;
  /** … or has s' H s, twice what the value can still fall, at most this. Default: the tolerance's square. */
  readonly decrement?: number;
  onIteration?(iteration: number): void;
}

interface NewtonOptions extends MinimiseOptions {
  readonly solver: Solver;
}

/** Minimises a convex function by Newton's method with step halving. The last step s is taken, too. */
export function minimise(
  evaluate: (weights: Float64Array) => Point,
  from: Float64Array,
  options: NewtonOptions,
): Minimum {
  let weights = from;
  let point = evaluate(weights);
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    options.onIteration?.(iteration);
    const step = newtonStep(point, options.solver);
    const decrement = -dot(point.gradient, step);
    if (isShort(step, decrement, options))
      return { weights: moved(weights, 1, step), iterations: iteration, converged: true };
    const next = search(evaluate, weights, point.value, step, decrement);
    // Within rounding of the optimum no step lowers the value any more.
    if (next === undefined) return { weights, iterations: iteration, converged: decrement < 1e-6 };
    weights = next.weights;
    point = next.point;
  }
  return { weights, iterations: options.maxIterations, converged: false };
}

/** Whether a step towards the optimum, with `found` = s' H s, is the last one. */
export function isShort(
  step: Float64Array,
  found: number,
  { tolerance, decrement = tolerance * tolerance }: MinimiseOptions,
): boolean {
  return found <= decrement || step.every((change) => Math.abs(change) <= tolerance);
}

function newtonStep(point: Point, solver: Solver): Float64Array {
  const downhill = point.gradient.map((slope) => -slope);
  return solver === 'elimination'
    ? solveSymmetric(point.hessian(), downhill, downhill.length)
    : conjugateGradient(point, downhill, 1e-4);
}

/** from + length * step. */
export function moved(from: Float64Array, length: number, step: Float64Array): Float64Array {
  const weights = Float64Array.from(from);
  addScaled(weights, length, step);
  return weights;
}

/** Halves the step until the value falls by a tenth of a thousandth of what the slope promises (Armijo). */
export function search<P extends CurvedPoint>(
  evaluate: (weights: Float64Array) => P,
  from: Float64Array,
  value: number,
  step: Float64Array,
  decrement: number,
): { weights: Float64Array; point: P } | undefined {
  for (let length = 1; length > 1e-9; length /= 2) {
    const weights = moved(from, length, step);
    const point = evaluate(weights);
    if (point.value <= value - 1e-4 * length * decrement) return { weights, point };
  }
  return undefined;
}
