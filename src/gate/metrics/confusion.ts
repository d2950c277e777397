import { mostCountedClasses, type ConfusionCounts } from '../../contracts/result.ts';
import { predictedClasses, type Predictions } from '../predictions.ts';

/** Row-major, classes × classes: weight of the rows of class i that were predicted as class j. */
export interface ConfusionMatrix {
  readonly classes: number;
  readonly counts: Float64Array;
  /** Row sums. */
  readonly truth: Float64Array;
  /** Column sums. */
  readonly predicted: Float64Array;
  readonly total: number;
}

/** Counts truth against prediction, each row by its weight. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights?: Float64Array,
): ConfusionMatrix {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < truth.length; row++)
    counts[truth[row]! * classes + predicted[row]!]! += weights ? weights[row]! : 1;
  const truthSums = new Float64Array(classes);
  const predictedSums = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < classes; i++)
    for (let j = 0; j < classes; j++) {
      const count = counts[i * classes + j]!;
      truthSums[i]! += count;
      predictedSums[j]! += count;
      total += count;
    }
  return { classes, counts, truth: truthSums, predicted: predictedSums, total };
}

/** Whole rows by truth and most probable class; null for regression and for more classes than a reader can use. */
export function confusionCounts(predictions: Predictions): ConfusionCounts | null {
  const { classes, y } = predictions;
  if (classes === 0 || classes > mostCountedClasses) return null;
  const { counts } = confusionMatrix(y, predictedClasses(predictions), classes);
  return Array.from({ length: classes }, (_, k) => [...counts.subarray(k * classes, (k + 1) * classes)]);
}

/** The matrix of such counts; null where they aren't about that many classes. */
export function matrixOfCounts(counts: ConfusionCounts, classes: number): ConfusionMatrix | null {
  if (counts.length !== classes || counts.some((row) => row.length !== classes)) return null;
  const pairs = counts.flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })));
  return confusionMatrix(
    pairs.map(({ truth }) => truth),
    pairs.map(({ predicted }) => predicted),
    classes,
    Float64Array.from(pairs, ({ count }) => count),
  );
}

/** Weight of correctly predicted rows of a class. */
export function hitsOf({ classes, counts }: ConfusionMatrix, k: number): number {
  return counts[k * classes + k]!;
}

/** Classes that occur in truth or prediction. */
export function presentClasses({ classes, truth, predicted }: ConfusionMatrix): number[] {
  return Array.from({ length: classes }, (_, k) => k).filter((k) => truth[k]! + predicted[k]! > 0);
}
