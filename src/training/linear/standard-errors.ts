import type { LinearPredictor } from '../../model/pipeline.ts';
import type { TrainingSet } from '../trainer.ts';
import { binomialLoss } from './binomial.ts';
import { invertSymmetric } from './cholesky.ts';
import { multinomialLoss } from './multinomial.ts';
import { addWeightedGram, sparseRows, timesColumns } from './sparse-rows.ts';
import type { SparseRows } from './sparse-rows.ts';

/** In the order of a linear predictor's `coefficients` and `intercepts`; NaN where a number has none. */
export interface StandardErrors {
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
}

/** Above this many numbers of a model, or multiplications for its matrix, no standard errors are worth their time. */
const mostNumbers = 600;
const mostProducts = 2e9;

/**
 * Standard errors of ridge regression with a fixed penalty: the roots of the diagonal of s^2 A X'WX A with
 * A = (X'WX + alpha I)^-1, s^2 = weighted squared residuals / (rows - trace(A X'WX)). Without penalty they are those of
 * (weighted) least squares. NaN for a column that depends on others; null for a model that is too large.
 * Hoerl and Kennard, "Ridge regression", 1970.
 */
export function ridgeErrors(
  data: TrainingSet,
  { coefficients, intercepts }: LinearPredictor,
  alpha: number,
  intercept: boolean,
): StandardErrors | null {
  const x = sparseRows(data, intercept);
  if (isTooLarge(x, 1)) return null;
  const weights = data.weights ?? new Float64Array(x.rows).fill(1);
  const size = x.width;
  const penalty = new Float64Array(size).fill(alpha, 0, data.features.length);
  const matrix = diagonalMatrix(penalty);
  addWeightedGram(x, weights, matrix, size);
  const inverse = invertSymmetric(matrix, size);
  let used = 0;
  for (let j = 0; j < size; j++)
    if (inverse[j * size + j]! > 0) used += 1 - penalty[j]! * inverse[j * size + j]!;
  const predicted = timesColumns(x, solutionOf(coefficients, intercepts, x, 0));
  const squares = weights.reduce((sum, weight, row) => {
    const residual = data.y[row]! - predicted[row]!;
    return sum + weight * residual * residual;
  }, 0);
  const free = weights.filter((weight) => weight > 0).length - used;
  const noise = free > 0 ? squares / free : NaN;
  const errors = Float64Array.from({ length: size }, (_, j) => {
    let variance = inverse[j * size + j]!;
    for (let i = 0; i < size; i++) variance -= penalty[i]! * inverse[j * size + i]! * inverse[j * size + i]!;
    return variance > 0 ? Math.sqrt(noise * variance) : NaN;
  });
  return byFeature([errors], x, data);
}

/**
 * Standard errors of penalised logistic or softmax regression: the roots of the diagonal of the inverse of
 * X'WX + I / C at the model's coefficients, W = what each row tells (p (1 - p) for two classes). With more classes the
 * intercepts count from their mean. NaN for classes without rows; null for a model that is too large.
 */
export function logisticErrors(
  data: TrainingSet,
  predictor: LinearPredictor,
  C: number,
  intercept: boolean,
): StandardErrors | null {
  const x = sparseRows(data, intercept);
  const penalty = new Float64Array(x.width).fill(1, 0, data.features.length);
  const costs = data.weights?.map((weight) => C * weight) ?? new Float64Array(x.rows).fill(C);
  const { coefficients, intercepts } = predictor;
  if (data.task === 'binary') {
    if (isTooLarge(x, 1)) return null;
    const point = binomialLoss({ x, y: data.y, costs }, penalty)(solutionOf(coefficients, intercepts, x, 0));
    const inverse = invertSymmetric(point.hessian(), x.width);
    return byFeature([rootsOf(inverse, x.width, 0, x.width, C, 0)], x, data);
  }
  const present = Array.from({ length: data.classes }, (_, label) => label).filter((label) =>
    data.y.includes(label),
  );
  if (isTooLarge(x, present.length)) return null;
  const y = data.y.map((label) => present.indexOf(label));
  const size = present.length * x.width;
  const solution = new Float64Array(size);
  present.forEach((label, k) => solution.set(solutionOf(coefficients, intercepts, x, label), k * x.width));
  const matrix = multinomialLoss({ x, y, costs }, present.length, penalty)(solution).hessian();
  const shared = intercept ? tieIntercepts(matrix, present.length, x.width) : 0;
  const inverse = invertSymmetric(matrix, size);
  const errors = Array.from({ length: data.classes }, (_, label) => {
    const k = present.indexOf(label);
    if (k < 0) return new Float64Array(x.width).fill(NaN);
    return rootsOf(inverse, size, k * x.width, x.width, C, shared);
  });
  return byFeature(errors, x, data);
}

/**
 * The same amount on all intercepts changes no probability, so the matrix has no inverse: adds that direction with some
 * curvature c, and returns the 1 / (c classes) that each intercept's variance has then too much.
 */
function tieIntercepts(matrix: Float64Array, classes: number, width: number): number {
  const size = classes * width;
  const last = Array.from({ length: classes }, (_, k) => (k + 1) * width - 1);
  const curvature = last.reduce((sum, i) => sum + matrix[i * size + i]!, 0) / classes;
  for (const i of last) for (const j of last) matrix[i * size + j]! += curvature / classes;
  return 1 / (curvature * classes);
}

/** sqrt(C * diagonal) of one output's block; `shared` is taken off the intercept's, which is the last. */
function rootsOf(
  inverse: Float64Array,
  size: number,
  first: number,
  width: number,
  C: number,
  shared: number,
): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => {
    const variance = inverse[(first + j) * size + first + j]! - (j === width - 1 ? shared : 0);
    return variance > 0 ? Math.sqrt(C * variance) : NaN;
  });
}

function isTooLarge({ rows, width, value }: SparseRows, outputs: number): boolean {
  const perRow = value.length / rows;
  return (
    outputs * width > mostNumbers || (rows * perRow * perRow * outputs * (outputs + 1)) / 4 > mostProducts
  );
}

function diagonalMatrix(values: Float64Array): Float64Array {
  const matrix = new Float64Array(values.length * values.length);
  values.forEach((value, j) => (matrix[j * values.length + j] = value));
  return matrix;
}

/** Coefficients of one output, with the intercept behind them where there is one. */
function solutionOf(
  coefficients: Float32Array,
  intercepts: Float32Array,
  x: SparseRows,
  output: number,
): Float64Array {
  const width = coefficients.length / intercepts.length;
  const solution = new Float64Array(x.width);
  solution.set(coefficients.subarray(output * width, (output + 1) * width));
  if (x.width > width) solution[width] = intercepts[output]!;
  return solution;
}

function byFeature(errors: readonly Float64Array[], x: SparseRows, data: TrainingSet): StandardErrors {
  const width = data.features.length;
  const coefficients = new Float64Array(errors.length * width);
  errors.forEach((own, k) => coefficients.set(own.subarray(0, width), k * width));
  return {
    coefficients,
    intercepts: Float64Array.from(errors, (own) => (x.width > width ? own[width]! : NaN)),
  };
}
