import { normal } from './distributions.ts';

/** Bias correction and acceleration of a bootstrap distribution; `acceleration` null = can't be computed. */
export interface BcaCorrection {
  readonly z0: number | null;
  readonly acceleration: number | null;
}

/**
 * Bias z0 from the share of replicates below the estimate (ties half), acceleration from the jackknife
 * (Efron, JASA 1987). Either is null where it isn't finite; the interval is then the percentile interval.
 */
export function bcaCorrection(
  estimate: number,
  replicates: Float64Array,
  jackknife: ArrayLike<number>,
): BcaCorrection {
  const share = shareBelow(replicates, estimate);
  let mean = 0;
  for (let i = 0; i < jackknife.length; i++) mean += jackknife[i]! / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < jackknife.length; i++) {
    const gap = mean - jackknife[i]!;
    squares += gap * gap;
    cubes += gap * gap * gap;
  }
  const acceleration = cubes / (6 * squares * Math.sqrt(squares));
  return {
    z0: share > 0 && share < 1 ? normal.ppf(share) : null,
    acceleration: Number.isFinite(acceleration) ? acceleration : null,
  };
}

/** The BCa bound with probability `level` below it; `sorted` = replicates in ascending order. */
export function bcaQuantile(
  sorted: Float64Array,
  { z0, acceleration }: BcaCorrection,
  level: number,
): number {
  if (z0 === null || acceleration === null) return percentile(sorted, level);
  const z = z0 + normal.ppf(level);
  const shifted = z0 + z / (1 - acceleration * z);
  return percentile(sorted, normal.cdf(shifted));
}

/**
 * One-sided p-value: the level whose BCa bound is `threshold`. Never below 1 / (B + 1): B replicates show no more.
 */
export function bcaPValue(
  replicates: Float64Array,
  { z0, acceleration }: BcaCorrection,
  threshold: number,
): number {
  const least = 1 / (replicates.length + 1);
  const share = Math.min(Math.max(shareBelow(replicates, threshold), least), 1 - least);
  if (z0 === null || acceleration === null) return share;
  const shifted = normal.ppf(share) - z0;
  const z = shifted / (1 + acceleration * shifted) - z0;
  return Math.max(normal.cdf(z), least);
}

/** Quantile of sorted values by linear interpolation. */
export function percentile(sorted: Float64Array, share: number): number {
  const at = Math.min(Math.max(share, 0), 1) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}

function shareBelow(values: Float64Array, threshold: number): number {
  let below = 0;
  for (const value of values) below += value < threshold ? 1 : value === threshold ? 0.5 : 0;
  return below / values.length;
}
