import type { BinnedRows, FeatureBins } from './bins.ts';
import { countOf, hessianOf } from './packing.ts';
import type { Split } from './split.ts';
import type { NodeSearch } from './threshold.ts';
import { gainOf, MIN_HESSIAN } from './threshold.ts';

/** Levels with less support than about this many rows stay right, and the ratios that order levels are smoothed by it. */
const LEVEL_SUPPORT = 10;

/** A cut: the first `cut` of the ranked bins go left. */
interface Found {
  readonly feature: number;
  readonly ranked: readonly number[];
  readonly cut: number;
  readonly gain: number;
  readonly leftGradient: number;
  readonly leftPacked: number;
}

/**
 * The best division of the levels of one of the given features that gains more than `least`. Levels are ordered by
 * gradient / hessian and cut like numbers (Fisher 1958), as LightGBM and scikit-learn do.
 */
export function bestLevels(
  sums: Float64Array,
  { features }: BinnedRows,
  chosen: Int32Array,
  search: NodeSearch,
  least: number,
): Split | undefined {
  let best: Found | undefined;
  for (const feature of chosen) {
    const bins = features[feature]!;
    const ranked = rank(sums, bins, search);
    if (ranked.length < 2) continue;
    // Beyond the middle each cut of one direction is one of the other, but for the levels without support.
    const most = Math.ceil(ranked.length / 2);
    best = scan(sums, feature, bins, ranked, most, search, best, least);
    best = scan(sums, feature, bins, ranked.toReversed(), most - 1, search, best, least);
  }
  return best && toSplit(best, features[best.feature]!, search);
}

/** Bins with support, missing values among them, by ratio. */
function rank(sums: Float64Array, { first, count, hasMissing }: FeatureBins, search: NodeSearch): number[] {
  const support = search.rows / search.hessian;
  const bins: number[] = [];
  const ratios = new Float64Array(count + 1);
  for (let bin = 0, at = 2 * first; bin < (hasMissing ? count + 1 : count); bin++, at += 2) {
    if (sums[at + 1] === 0) continue;
    const hessian = hessianOf(sums[at + 1]!, search.rules.packing);
    if (hessian * support < LEVEL_SUPPORT) continue;
    bins.push(bin);
    ratios[bin] = sums[at]! / (hessian + LEVEL_SUPPORT);
  }
  return bins.sort((a, b) => ratios[a]! - ratios[b]! || a - b);
}

function scan(
  sums: Float64Array,
  feature: number,
  { first }: FeatureBins,
  ranked: readonly number[],
  most: number,
  search: NodeSearch,
  best: Found | undefined,
  least: number,
): Found | undefined {
  const { packing, minSamplesLeaf } = search.rules;
  let found = best;
  let gradient = 0;
  let packed = 0;
  for (let i = 0; i < most; i++) {
    const at = 2 * (first + ranked[i]!);
    gradient += sums[at]!;
    packed += sums[at + 1]!;
    const leftRows = countOf(packed, packing);
    const leftHessian = hessianOf(packed, packing);
    if (leftRows < minSamplesLeaf || leftHessian < MIN_HESSIAN) continue;
    const rightHessian = search.hessian - leftHessian;
    if (search.rows - leftRows < minSamplesLeaf || rightHessian < MIN_HESSIAN) break;
    const gain = gainOf(search, gradient, leftHessian, search.gradient - gradient, rightHessian, 0);
    if (gain > (found?.gain ?? least))
      found = { feature, ranked, cut: i + 1, gain, leftGradient: gradient, leftPacked: packed };
  }
  return found;
}

function toSplit(found: Found, { count: missing }: FeatureBins, search: NodeSearch): Split {
  const { feature, gain, leftGradient, leftPacked, ranked, cut } = found;
  const left = ranked.slice(0, cut);
  if (cut === 1 && left[0] === missing)
    // Missing values against all others: then the others are the left side, so that it names a level.
    return {
      ...{ feature, gain, missingLeft: false },
      left: { kind: 'levels', bins: Array.from({ length: missing }, (_, other) => other) },
      leftGradient: search.gradient - leftGradient,
      leftPacked: search.packed - leftPacked,
    };
  const leftMost = 2 * countOf(leftPacked, search.rules.packing) > search.rows;
  return {
    ...{ feature, gain, leftGradient, leftPacked },
    left: { kind: 'levels', bins: left.filter((bin) => bin !== missing).sort((a, b) => a - b) },
    missingLeft: ranked.includes(missing) ? left.includes(missing) : leftMost,
  };
}
