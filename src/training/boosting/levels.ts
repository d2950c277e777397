import type { BinnedRows, FeatureBins } from './bins.ts';
import { countOf, hessianOf } from './packing.ts';
import type { Split } from './split.ts';
import type { NodeSearch } from './threshold.ts';
import { gainOf, MIN_HESSIAN } from './threshold.ts';

/** Levels with less support than about this many rows stay right, and the ratios that order levels are smoothed by it. */
const LEVEL_SUPPORT = 10;

/** A cut: the first `cut` bins of the ranking go left, or the last ones where it is read backwards. */
interface Found {
  readonly feature: number;
  readonly backwards: boolean;
  readonly cut: number;
  readonly gain: number;
  readonly leftGradient: number;
  readonly leftPacked: number;
}

/** Bins by ratio, ascending; the arrays are used for one feature after the other. */
interface Ranking {
  readonly bins: number[];
  readonly ratios: number[];
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
  const ranking: Ranking = { bins: [], ratios: [] };
  for (let i = 0; i < chosen.length; i++) {
    const feature = chosen[i]!;
    const own = features[feature]!;
    rank(sums, own, search, ranking);
    const ranked = ranking.bins.length;
    if (ranked < 2) continue;
    // Beyond the middle each cut of one direction is one of the other, but for the levels without support.
    const most = (ranked + 1) >> 1;
    best = scan(sums, feature, own, ranking.bins, false, most, search, best, least);
    best = scan(sums, feature, own, ranking.bins, true, most - 1, search, best, least);
  }
  if (best === undefined) return undefined;
  const own = features[best.feature]!;
  rank(sums, own, search, ranking);
  return toSplit(best, best.backwards ? ranking.bins.toReversed() : ranking.bins, own, search);
}

/** Fills in the bins with support, missing values among them, by ratio; the lower bin first among equals. */
function rank(
  sums: Float64Array,
  { first, count, hasMissing }: FeatureBins,
  search: NodeSearch,
  { bins, ratios }: Ranking,
): void {
  const support = search.rows / search.hessian;
  bins.length = 0;
  ratios.length = 0;
  const end = hasMissing ? count + 1 : count;
  for (let bin = 0, at = 2 * first; bin < end; bin++, at += 2) {
    if (sums[at + 1] === 0) continue;
    const hessian = hessianOf(sums[at + 1]!, search.rules.packing);
    if (hessian * support < LEVEL_SUPPORT) continue;
    const ratio = sums[at]! / (hessian + LEVEL_SUPPORT);
    let place = bins.length;
    bins.push(bin);
    ratios.push(ratio);
    for (; place > 0 && ratios[place - 1]! > ratio; place--) {
      ratios[place] = ratios[place - 1]!;
      bins[place] = bins[place - 1]!;
    }
    ratios[place] = ratio;
    bins[place] = bin;
  }
}

function scan(
  sums: Float64Array,
  feature: number,
  { first }: FeatureBins,
  ranked: readonly number[],
  backwards: boolean,
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
    const at = 2 * (first + ranked[backwards ? ranked.length - 1 - i : i]!);
    gradient += sums[at]!;
    packed += sums[at + 1]!;
    const leftRows = countOf(packed, packing);
    const leftHessian = hessianOf(packed, packing);
    if (leftRows < minSamplesLeaf || leftHessian < MIN_HESSIAN) continue;
    const rightHessian = search.hessian - leftHessian;
    if (search.rows - leftRows < minSamplesLeaf || rightHessian < MIN_HESSIAN) break;
    const gain = gainOf(search, gradient, leftHessian, search.gradient - gradient, rightHessian, 0);
    if (gain > (found?.gain ?? least))
      found = { feature, backwards, cut: i + 1, gain, leftGradient: gradient, leftPacked: packed };
  }
  return found;
}

function toSplit(
  { feature, gain, leftGradient, leftPacked, cut }: Found,
  ranked: readonly number[],
  { count: missing }: FeatureBins,
  search: NodeSearch,
): Split {
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
