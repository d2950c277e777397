import type { BinnedRows, FeatureBins } from './bins.ts';
import type { HessianPacking } from './packing.ts';
import { countOf, hessianOf } from './packing.ts';

/** Which rows of a node go left. */
export interface Division {
  readonly feature: number;
  /** Threshold: bins up to this one go left. Levels: the bins that go left, ascending. */
  readonly left: { readonly kind: 'threshold'; readonly bin: number } | LevelsLeft;
  readonly missingLeft: boolean;
}

/** How a node is divided; its left side's sums come along. */
export interface Split extends Division {
  /** What the split takes off the loss, times 2. */
  readonly gain: number;
  readonly leftGradient: number;
  readonly leftPacked: number;
}

interface LevelsLeft {
  readonly kind: 'levels';
  readonly bins: readonly number[];
}

export interface SplitRules {
  readonly minSamplesLeaf: number;
  readonly l2: number;
  readonly packing: HessianPacking;
}

/** A child needs at least this much hessian. */
export const MIN_HESSIAN = 1e-3;

/** Levels with less support than about this many rows stay right, and the ratios that order levels are smoothed by it. */
const LEVEL_SUPPORT = 10;

/** The sums of a node's rows. */
export interface NodeSums {
  readonly gradient: number;
  readonly packed: number;
}

/**
 * The best way to divide a node, or undefined when none lowers the loss. The gain is
 * GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2) (Chen and Guestrin, "XGBoost", 2016, equation 7).
 * Levels are ordered by gradient / hessian and cut like numbers (Fisher 1958), as LightGBM and scikit-learn do.
 */
export function findSplit(
  sums: Float64Array,
  node: NodeSums,
  { features }: BinnedRows,
  rules: SplitRules,
): Split | undefined {
  const search = new Search(sums, node, rules);
  for (let j = 0; j < features.length; j++) {
    const feature = features[j]!;
    if (feature.cut.kind === 'numeric') search.thresholds(j, feature);
    else search.levels(j, feature);
  }
  return search.result();
}

class Search {
  private readonly sums: Float64Array;
  private readonly gradient: number;
  private readonly packed: number;
  private readonly count: number;
  private readonly hessian: number;
  private readonly parent: number;
  private readonly rules: SplitRules;
  private gain = 0;
  private feature = -1;
  private left: Split['left'] = { kind: 'threshold', bin: -1 };
  private missingLeft = false;
  private leftGradient = 0;
  private leftPacked = 0;

  constructor(sums: Float64Array, { gradient, packed }: NodeSums, rules: SplitRules) {
    this.sums = sums;
    this.gradient = gradient;
    this.packed = packed;
    this.rules = rules;
    this.count = countOf(packed, rules.packing);
    this.hessian = hessianOf(packed, rules.packing);
    this.parent = (gradient * gradient) / (this.hessian + rules.l2);
  }

  thresholds(feature: number, { first, count, hasMissing }: FeatureBins): void {
    const missing = 2 * (first + count);
    const packed = hasMissing ? this.sums[missing + 1]! : 0;
    if (packed === 0) {
      if (this.scan(feature, first, count - 1, 0, 0))
        this.missingLeft = 2 * countOf(this.leftPacked, this.rules.packing) > this.count;
      return;
    }
    if (this.scan(feature, first, count, 0, 0)) this.missingLeft = false;
    if (this.scan(feature, first, count - 1, this.sums[missing]!, packed)) this.missingLeft = true;
  }

  /** Tries the thresholds after `bins` bins, the left side starting with the given sums; says if one was better. */
  private scan(feature: number, first: number, bins: number, gradient: number, packed: number): boolean {
    const { sums, count, hessian, parent } = this;
    const { minSamplesLeaf, l2, packing } = this.rules;
    const { unit, inverseUnit, step, constant } = packing;
    const total = this.gradient;
    let best = this.gain;
    let bestBin = -1;
    let bestGradient = 0;
    let bestPacked = 0;
    for (let bin = 0, at = 2 * first; bin < bins; bin++, at += 2) {
      gradient += sums[at]!;
      packed += sums[at + 1]!;
      const leftCount = Math.floor(packed * inverseUnit);
      if (leftCount < minSamplesLeaf) continue;
      if (count - leftCount < minSamplesLeaf) break;
      const leftHessian = (packed - leftCount * unit) * step + leftCount * constant;
      if (leftHessian < MIN_HESSIAN) continue;
      const rightHessian = hessian - leftHessian;
      if (rightHessian < MIN_HESSIAN) break;
      const right = total - gradient;
      const gain =
        (gradient * gradient) / (leftHessian + l2) + (right * right) / (rightHessian + l2) - parent;
      if (gain > best) {
        best = gain;
        bestBin = bin;
        bestGradient = gradient;
        bestPacked = packed;
      }
    }
    if (bestBin < 0) return false;
    this.gain = best;
    this.feature = feature;
    this.left = { kind: 'threshold', bin: bestBin };
    this.leftGradient = bestGradient;
    this.leftPacked = bestPacked;
    return true;
  }

  levels(feature: number, { first, count, hasMissing }: FeatureBins): void {
    const { sums } = this;
    const { packing } = this.rules;
    const support = this.count / this.hessian;
    const used: { bin: number; ratio: number }[] = [];
    for (let bin = 0; bin < (hasMissing ? count + 1 : count); bin++) {
      const at = 2 * (first + bin);
      const hessian = hessianOf(sums[at + 1]!, packing);
      if (hessian * support >= LEVEL_SUPPORT)
        used.push({ bin, ratio: sums[at]! / (hessian + LEVEL_SUPPORT) });
    }
    if (used.length < 2) return;
    used.sort((a, b) => a.ratio - b.ratio || a.bin - b.bin);
    // Beyond the middle each cut of one direction is one of the other, but for the levels without support.
    const most = Math.ceil(used.length / 2);
    this.scanLevels(feature, first, count, used.slice(0, most), used);
    this.scanLevels(feature, first, count, used.toReversed().slice(0, most - 1), used);
  }

  private scanLevels(
    feature: number,
    first: number,
    missingBin: number,
    ranked: readonly { readonly bin: number }[],
    used: readonly { readonly bin: number }[],
  ): void {
    const { minSamplesLeaf, l2, packing } = this.rules;
    let gradient = 0;
    let packed = 0;
    for (const [i, { bin }] of ranked.entries()) {
      gradient += this.sums[2 * (first + bin)]!;
      packed += this.sums[2 * (first + bin) + 1]!;
      const leftCount = countOf(packed, packing);
      const leftHessian = hessianOf(packed, packing);
      if (leftCount < minSamplesLeaf || leftHessian < MIN_HESSIAN) continue;
      const rightHessian = this.hessian - leftHessian;
      if (this.count - leftCount < minSamplesLeaf || rightHessian < MIN_HESSIAN) break;
      const right = this.gradient - gradient;
      const gain =
        (gradient * gradient) / (leftHessian + l2) + (right * right) / (rightHessian + l2) - this.parent;
      if (gain <= this.gain) continue;
      this.gain = gain;
      this.feature = feature;
      const bins = ranked.slice(0, i + 1).map((level) => level.bin);
      const alone = i === 0 && bin === missingBin;
      if (alone) {
        // Missing values against all others: then the others are the left side, so that it names a level.
        this.left = { kind: 'levels', bins: Array.from({ length: missingBin }, (_, other) => other) };
        this.missingLeft = false;
      } else {
        const known = used.some((level) => level.bin === missingBin);
        this.left = { kind: 'levels', bins: bins.filter((one) => one !== missingBin).sort((a, b) => a - b) };
        this.missingLeft = known ? bins.includes(missingBin) : 2 * leftCount > this.count;
      }
      this.leftGradient = alone ? right : gradient;
      this.leftPacked = alone ? this.packed - packed : packed;
    }
  }

  result(): Split | undefined {
    if (this.feature < 0) return undefined;
    const { feature, gain, left, missingLeft, leftGradient, leftPacked } = this;
    return { feature, gain, left, missingLeft, leftGradient, leftPacked };
  }
}
