import { normal, studentT } from './distributions.ts';

/** Each row's share of the AUC: a positive's wins over negatives, a negative's losses to positives, ties half. */
export interface Placements {
  readonly auc: number;
  /** Length = rows; its mean over the positives, and over the negatives, is the AUC. */
  readonly values: Float64Array;
}

export interface AucComparison {
  readonly aucCandidate: number;
  readonly aucChampion: number;
  readonly estimate: number;
  /** Variances and covariance of the two AUCs, [candidate, champion]; null with fewer than two rows of a class. */
  readonly covariance: readonly (readonly number[])[] | null;
  readonly se: number | null;
  readonly z: number | null;
}

/** Placements of all rows in O(n log n) (Sun and Xu, IEEE SPL 2014). Null where a class has no row. */
export function placementsOf(scores: Float64Array, positive: ArrayLike<number>): Placements | null {
  const order = Int32Array.from({ length: scores.length }, (_, row) => row);
  order.sort((a, b) => scores[a]! - scores[b]! || a - b);
  const positives = countPositives(positive);
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const values = new Float64Array(scores.length);
  let positivesBelow = 0;
  let negativesBelow = 0;
  let wins = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tied = 0;
    for (; end < order.length && (end === start || scores[order[end]!] === scores[order[start]!]); end++)
      if (positive[order[end]!] === 1) tied++;
    const tiedNegatives = end - start - tied;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      values[row] =
        positive[row] === 1
          ? (negativesBelow + tiedNegatives / 2) / negatives
          : (positives - positivesBelow - tied / 2) / positives;
    }
    wins += tied * (negativesBelow + tiedNegatives / 2);
    positivesBelow += tied;
    negativesBelow += tiedNegatives;
    start = end;
  }
  return { auc: wins / (positives * negatives), values };
}

/** Paired comparison of two ROC AUCs (DeLong, DeLong and Clarke-Pearson, Biometrics 1988). Null for one class. */
export function delong(
  positive: ArrayLike<number>,
  candidate: Float64Array,
  champion: Float64Array,
): AucComparison | null {
  const ours = placementsOf(candidate, positive);
  const theirs = placementsOf(champion, positive);
  if (!ours || !theirs) return null;
  const estimate = ours.auc - theirs.auc;
  const both = { aucCandidate: ours.auc, aucChampion: theirs.auc, estimate };
  const positives = countPositives(positive);
  if (positives < 2 || positive.length - positives < 2)
    return { ...both, covariance: null, se: null, z: null };
  const cell = (a: Placements, b: Placements) =>
    covarianceOfMeans(a, b, positive, 1) + covarianceOfMeans(a, b, positive, 0);
  const shared = cell(ours, theirs);
  const covariance = [
    [cell(ours, ours), shared],
    [shared, cell(theirs, theirs)],
  ];
  // The variance of the difference from the differences themselves, not from sums that cancel.
  const difference = {
    auc: estimate,
    values: ours.values.map((value, row) => value - theirs.values[row]!),
  };
  const se = Math.sqrt(cell(difference, difference));
  return { ...both, covariance, se, z: se > 0 ? estimate / se : null };
}

/**
 * The same difference when rows come in groups: standard error from the groups' summed influence (Obuchowski,
 * Biometrics 1997). `groups`: group index of each row. Null for one class or fewer than two groups.
 */
export function clusteredDelong(
  positive: ArrayLike<number>,
  candidate: Float64Array,
  champion: Float64Array,
  groups: Int32Array,
  groupCount: number,
): { estimate: number; se: number; df: number } | null {
  const ours = placementsOf(candidate, positive);
  const theirs = placementsOf(champion, positive);
  if (!ours || !theirs || groupCount < 2) return null;
  const estimate = ours.auc - theirs.auc;
  const positives = countPositives(positive);
  const sums = new Float64Array(groupCount);
  for (let row = 0; row < groups.length; row++) {
    const size = positive[row] === 1 ? positives : positive.length - positives;
    sums[groups[row]!]! += (ours.values[row]! - theirs.values[row]! - estimate) / size;
  }
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return { estimate, se: Math.sqrt((groupCount / (groupCount - 1)) * squares), df: groupCount - 1 };
}

/** One-sided test and bounds of an estimate with a standard error; `df` null = normal. A zero error: no evidence. */
export function waldTest(estimate: number, se: number, df: number | null, level: number) {
  if (!(se > 0)) return { p: 1, pLess: 1, lower: Math.min(estimate, 0), upper: Math.max(estimate, 0) };
  const distribution = df === null ? normal : studentT(df);
  const radius = distribution.ppf(1 - level) * se;
  const z = estimate / se;
  return {
    p: distribution.sf(z),
    pLess: distribution.cdf(z),
    lower: estimate - radius,
    upper: estimate + radius,
  };
}

function covarianceOfMeans(a: Placements, b: Placements, positive: ArrayLike<number>, side: 0 | 1): number {
  let total = 0;
  let count = 0;
  for (let row = 0; row < a.values.length; row++) {
    if ((positive[row] === 1 ? 1 : 0) !== side) continue;
    total += (a.values[row]! - a.auc) * (b.values[row]! - b.auc);
    count++;
  }
  return total / (count - 1) / count;
}

function countPositives(positive: ArrayLike<number>): number {
  let count = 0;
  for (let row = 0; row < positive.length; row++) if (positive[row] === 1) count++;
  return count;
}
