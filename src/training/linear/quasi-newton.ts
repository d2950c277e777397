import { factorise, solveFactorised } from './cholesky.ts';
import { addScaled, dot } from './conjugate-gradient.ts';
import { isShort, moved, search } from './newton.ts';
import type { CurvedPoint, Minimum, MinimiseOptions } from './newton.ts';

export interface QuasiNewtonOptions extends MinimiseOptions {
  /** Steps after which second derivatives are taken anew; 1 is Newton's method. */
  readonly stepsPerMatrix: number;
}

type Evaluate = (weights: Float64Array) => CurvedPoint;

/** The sample's minimum is only where all rows' search begins. */
const rough = { tolerance: 0.03, decrement: 10 };

/**
 * Minimises a convex function of many rows from the minimum of the same function of a sample of them, whose second
 * derivatives also serve for all: few steps look at all rows, and none of them at the products of their columns
 * (Byrd et al., "On the use of stochastic Hessian information in optimization methods for machine learning", 2011).
 */
export function minimiseFromSample(
  evaluate: Evaluate,
  sample: Sampled,
  size: number,
  options: QuasiNewtonOptions,
): Minimum {
  const start = quasiNewton(sample.evaluate, new Float64Array(size), { ...options, ...rough }).weights;
  return quasiNewton(evaluate, start, options, (weights, diagonal) =>
    withDiagonal(sample.hessianForAll(weights), diagonal),
  );
}

/** The function of a sample of the rows. */
export interface Sampled {
  /** Each row counts once, so that the penalty keeps what few rows tell of from running away. */
  readonly evaluate: Evaluate;
  /** Second derivatives where each row stands for several. */
  hessianForAll(weights: Float64Array): Float64Array;
}

/**
 * Minimises a convex function by L-BFGS (Nocedal and Wright, "Numerical optimization", algorithm 7.5) from a matrix of
 * second derivatives instead of a multiple of the identity.
 * @param matrixLike second derivatives about the weights, or nearly; left out = those at the point
 */
export function quasiNewton(
  evaluate: Evaluate,
  from: Float64Array,
  options: QuasiNewtonOptions,
  matrixLike?: (weights: Float64Array, diagonal: Float64Array) => Float64Array,
): Minimum {
  let weights = from;
  let point = evaluate(weights);
  let factor: Float64Array | undefined;
  let pairs: Pair[] = [];
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    options.onIteration?.(iteration);
    if (factor === undefined || pairs.length >= options.stepsPerMatrix) {
      factor = matrixLike ? matrixLike(weights, point.diagonal()) : point.hessian();
      factorise(factor, from.length);
      pairs = [];
    }
    const step = direction(point.gradient, pairs, factor);
    const decrement = -dot(point.gradient, step);
    if (isShort(step, decrement, options))
      return { weights: moved(weights, 1, step), iterations: iteration, converged: true };
    const next = search(evaluate, weights, point.value, step, decrement);
    // Within rounding of the optimum no step lowers the value any more.
    if (next === undefined) return { weights, iterations: iteration, converged: decrement < 1e-6 };
    pairs.push(pairOf(weights, point, next.weights, next.point));
    ({ weights, point } = next);
  }
  return { weights, iterations: options.maxIterations, converged: false };
}

/** A step, what it changed in the gradient, and their product, which is above 0 for a convex function. */
interface Pair {
  readonly move: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

function pairOf(from: Float64Array, before: CurvedPoint, to: Float64Array, after: CurvedPoint): Pair {
  const move = to.map((weight, j) => weight - from[j]!);
  const change = after.gradient.map((slope, j) => slope - before.gradient[j]!);
  return { move, change, product: dot(move, change) };
}

/** Minus the gradient times the inverse that the pairs make of L L'. */
function direction(gradient: Float64Array, pairs: readonly Pair[], factor: Float64Array): Float64Array {
  const rest = gradient.map((slope) => -slope);
  const telling = pairs.filter(({ product }) => product > 0);
  const shares = new Float64Array(telling.length);
  for (let i = telling.length - 1; i >= 0; i--) {
    const { move, change, product } = telling[i]!;
    shares[i] = dot(move, rest) / product;
    addScaled(rest, -shares[i]!, change);
  }
  const step = solveFactorised(factor, rest, rest.length);
  telling.forEach(({ move, change, product }, i) => {
    addScaled(step, shares[i]! - dot(change, step) / product, move);
  });
  return step;
}

/** A sample's second derivative is taken to be right where that of all rows is within this factor. */
const near = 1.5;

/**
 * Gives a sample's second derivatives the diagonal of all rows for columns of which the sample has too few rows, or
 * none. The others stay: scaling them would hide that some sum of columns hardly varies.
 */
function withDiagonal(matrix: Float64Array, diagonal: Float64Array): Float64Array {
  const size = diagonal.length;
  const scale = diagonal.map((wanted, j) => {
    const own = matrix[j * size + j]!;
    return wanted < near * own && own < near * wanted ? 1 : own > 0 ? Math.sqrt(wanted / own) : 0;
  });
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[i * size + j]! *= scale[i]! * scale[j]!;
    // A trace more, so that columns that depend on each other in the sample alone aren't taken for dependent.
    matrix[i * size + i] = (scale[i] === 1 ? matrix[i * size + i]! : diagonal[i]!) * (1 + 1e-7);
  }
  return matrix;
}
