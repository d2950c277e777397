import { Random } from '../../src/numeric/random.ts';

/**
 * Two classes, equally frequent, normal with unit variance; feature j has its class means `shifts[j]` apart. Six core
 * features, sixty weak ones of equal worth, and two extra ones that only the truly better candidates may use.
 */
export const CORE = 6;
export const WEAK = 60;

/** Distance of the class means: accuracy of the best rule is Φ(distance / 2). */
const WEAK_SHIFT = 0.15;
const CORE_SHIFT = 0.8004;
/** Raise the accuracy of six core and five weak features from .840 to .862 and .850. */
const EXTRA_SHIFTS = [0.889, 0.584];

export const EXTRA = { large: CORE + WEAK, small: CORE + WEAK + 1 } as const;

const shifts: readonly number[] = [
  ...new Array<number>(CORE).fill(CORE_SHIFT),
  ...new Array<number>(WEAK).fill(WEAK_SHIFT),
  ...EXTRA_SHIFTS,
];
const WIDTH = shifts.length;

export interface Sample {
  readonly rows: number;
  /** Row-major, rows × features. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export function drawSample(rows: number, random: Random): Sample {
  const x = new Float64Array(rows * WIDTH);
  const y = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const side = random.next() < 0.5 ? 1 : -1;
    y[row] = side > 0 ? 1 : 0;
    for (let j = 0; j < WIDTH; j++) x[row * WIDTH + j] = random.normal() + (side * shifts[j]!) / 2;
  }
  return { rows, x, y };
}

/** Sums that linear discriminant analysis needs: rows and feature sums by class, cross products of all rows. */
export interface Moments {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Moments of each fold; rows are dealt to folds in turn. */
export function foldMoments({ rows, x, y }: Sample, folds: number): Moments[] {
  const all = Array.from({ length: folds }, emptyMoments);
  for (let row = 0; row < rows; row++) {
    const { counts, sums, products } = all[row % folds]!;
    const label = y[row]!;
    counts[label]!++;
    for (let i = 0; i < WIDTH; i++) {
      const value = x[row * WIDTH + i]!;
      sums[label * WIDTH + i]! += value;
      for (let j = 0; j <= i; j++) products[i * WIDTH + j]! += value * x[row * WIDTH + j]!;
    }
  }
  return all;
}

/** Moments of all folds but one, or of all. */
export function mergeMoments(folds: readonly Moments[], without?: number): Moments {
  const merged = emptyMoments();
  folds.forEach((fold, index) => {
    if (index === without) return;
    for (const key of ['counts', 'sums', 'products'] as const)
      for (let i = 0; i < merged[key].length; i++) merged[key][i]! += fold[key][i]!;
  });
  return merged;
}

function emptyMoments(): Moments {
  return {
    counts: new Float64Array(2),
    sums: new Float64Array(2 * WIDTH),
    products: new Float64Array(WIDTH * WIDTH),
  };
}

/** A linear rule: logit = weights · features + intercept. */
export interface Rule {
  readonly features: readonly number[];
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** Linear discriminant analysis on some of the features. */
export function fitRule({ counts, sums, products }: Moments, features: readonly number[]): Rule {
  const size = features.length;
  const [negatives = 0, positives = 0] = counts;
  const mean = (label: number, j: number) => sums[label * WIDTH + j]! / counts[label]!;
  const covariance = new Float64Array(size * size);
  features.forEach((i, a) => {
    for (let b = 0; b <= a; b++) {
      const j = features[b]!;
      const raw = products[Math.max(i, j) * WIDTH + Math.min(i, j)]!;
      const centred = raw - negatives * mean(0, i) * mean(0, j) - positives * mean(1, i) * mean(1, j);
      covariance[a * size + b] = centred / (negatives + positives - 2);
    }
  });
  const weights = solve(
    covariance,
    Float64Array.from(features, (j) => mean(1, j) - mean(0, j)),
  );
  const middle = features.reduce((sum, j, a) => sum + (weights[a]! * (mean(0, j) + mean(1, j))) / 2, 0);
  return { features, weights, intercept: Math.log(positives / negatives) - middle };
}

/** Solves a symmetric system by Cholesky's method; `matrix` holds its lower half and is overwritten. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j]!;
    }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) right[i]! -= matrix[i * size + k]! * right[k]!;
    right[i]! /= matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) right[i]! -= matrix[k * size + i]! * right[k]!;
    right[i]! /= matrix[i * size + i]!;
  }
  return right;
}

/** Logit of one row. */
export function logitOf({ features, weights, intercept }: Rule, x: Float64Array, row: number): number {
  let logit = intercept;
  for (let a = 0; a < features.length; a++) logit += weights[a]! * x[row * WIDTH + features[a]!]!;
  return logit;
}
