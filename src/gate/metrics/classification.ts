import { hitsOf, presentClasses, type ConfusionMatrix } from './confusion.ts';

type Average = 'macro' | 'weighted';

/** Share of rows predicted correctly. */
export function accuracy(matrix: ConfusionMatrix): number | null {
  let hits = 0;
  for (let k = 0; k < matrix.classes; k++) hits += hitsOf(matrix, k);
  return ratio(hits, matrix.total);
}

/** Mean recall over the classes that occur in truth. */
export function balancedAccuracy(matrix: ConfusionMatrix): number | null {
  const recalls = presentClasses(matrix)
    .filter((k) => matrix.truth[k]! > 0)
    .map((k) => hitsOf(matrix, k) / matrix.truth[k]!);
  return ratio(
    recalls.reduce((sum, recall) => sum + recall, 0),
    recalls.length,
  );
}

/** Share of rows predicted as class k that are; 0 when none was predicted. */
export function precision(matrix: ConfusionMatrix, k: number): number {
  return ratio(hitsOf(matrix, k), matrix.predicted[k]!) ?? 0;
}

/** Share of rows of class k that were found; 0 when there is none. */
export function recall(matrix: ConfusionMatrix, k: number): number {
  return ratio(hitsOf(matrix, k), matrix.truth[k]!) ?? 0;
}

/** F-beta of class k: weighs recall beta² times as much as precision; 0 when undefined. */
export function fBeta(matrix: ConfusionMatrix, k: number, beta: number): number {
  const b2 = beta * beta;
  return ratio((1 + b2) * hitsOf(matrix, k), b2 * matrix.truth[k]! + matrix.predicted[k]!) ?? 0;
}

/** A per-class score averaged over the classes that occur: equally, or by their weight in truth. */
export function averageOverClasses(
  matrix: ConfusionMatrix,
  score: (matrix: ConfusionMatrix, k: number) => number,
  average: Average,
): number | null {
  let sum = 0;
  let weight = 0;
  for (const k of presentClasses(matrix)) {
    const share = average === 'macro' ? 1 : matrix.truth[k]!;
    sum += share * score(matrix, k);
    weight += share;
  }
  return ratio(sum, weight);
}

/** Matthews correlation coefficient (Gorodkin's form for several classes); 0 when a margin is constant. */
export function matthews(matrix: ConfusionMatrix): number | null {
  const { total } = matrix;
  if (total === 0) return null;
  let hits = 0;
  let both = 0;
  let truth2 = 0;
  let predicted2 = 0;
  for (let k = 0; k < matrix.classes; k++) {
    const truth = matrix.truth[k]!;
    const predicted = matrix.predicted[k]!;
    hits += hitsOf(matrix, k);
    both += truth * predicted;
    truth2 += truth * truth;
    predicted2 += predicted * predicted;
  }
  const scale = Math.sqrt((total * total - predicted2) * (total * total - truth2));
  return scale > 0 ? (hits * total - both) / scale : 0;
}

/** Cohen's kappa, with disagreement weighed 0/1, by distance or by squared distance of the class indices. */
export function cohenKappa(
  matrix: ConfusionMatrix,
  weights: 'none' | 'linear' | 'quadratic' = 'none',
): number | null {
  // Distances count only the classes that occur, as scikit-learn's do.
  const present = presentClasses(matrix);
  let observed = 0;
  let expected = 0;
  present.forEach((i, a) => {
    present.forEach((j, b) => {
      const gap = Math.abs(a - b);
      const weight = weights === 'none' ? Math.min(gap, 1) : weights === 'linear' ? gap : gap * gap;
      observed += weight * matrix.counts[i * matrix.classes + j]!;
      expected += (weight * matrix.truth[i]! * matrix.predicted[j]!) / matrix.total;
    });
  });
  const disagreement = ratio(observed, expected);
  return disagreement === null ? null : 1 - disagreement;
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
