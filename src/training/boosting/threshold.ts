import type { BinnedRows, FeatureBins } from './bins.ts';
import type { HessianPacking } from './packing.ts';
import { countOf, hessianOf } from './packing.ts';

/** What a split has to keep to, and what leaves are charged for their values. */
export interface SplitRules {
  readonly minSamplesLeaf: number;
  readonly l1: number;
  readonly l2: number;
  /** A split must take more than this off the loss, times 2. */
  readonly minGain: number;
  /** Direction of each feature's effect: 1 rising, -1 falling, 0 free; undefined = all free. */
  readonly monotone: Int8Array | undefined;
  readonly packing: HessianPacking;
}

/** A child needs at least this much hessian. */
export const MIN_HESSIAN = 1e-3;

/** The sums of a node's rows, and the bounds that monotone ancestors put on its values. */
export interface NodeSums {
  readonly gradient: number;
  readonly packed: number;
  readonly lower: number;
  readonly upper: number;
}

/** A node as the search sees it, with the rules: the numbers that both kernels compute with. */
export interface NodeSearch extends NodeSums {
  readonly rules: SplitRules;
  readonly rows: number;
  readonly hessian: number;
  /** What the node is worth undivided: gains are counted from here. */
  readonly parent: number;
  /** Neither L1 nor bounds nor directions: a side is worth gradient^2 / (hessian + l2). */
  readonly plain: boolean;
}

export interface Threshold {
  readonly feature: number;
  readonly gain: number;
  /** Bins up to this one go left. */
  readonly bin: number;
  /** undefined where no row of the node lacks the value. */
  readonly missingLeft: boolean | undefined;
  readonly leftGradient: number;
  readonly leftPacked: number;
}

export function searchOf(node: NodeSums, rules: SplitRules): NodeSearch {
  const { gradient, packed, lower, upper } = node;
  const plain = rules.l1 === 0 && rules.monotone === undefined && lower === -Infinity && upper === Infinity;
  const hessian = hessianOf(packed, rules.packing);
  const start = { gradient, packed, lower, upper, rules, plain, hessian, parent: 0 };
  const search = { ...start, rows: countOf(packed, rules.packing) };
  return { ...search, parent: worth(search, gradient, hessian) };
}

function shrink(gradient: number, l1: number): number {
  return gradient > l1 ? gradient - l1 : gradient < -l1 ? gradient + l1 : 0;
}

/** The value that takes most off the loss, in the bounds: -T(gradient) / (hessian + l2), T takes l1 off its size. */
export function valueOf(
  { lower, upper }: Pick<NodeSums, 'lower' | 'upper'>,
  { l1, l2 }: Pick<SplitRules, 'l1' | 'l2'>,
  gradient: number,
  hessian: number,
): number {
  return Math.max(lower, Math.min(upper, (0 - shrink(gradient, l1)) / (hessian + l2)));
}

/** What a side takes off the loss, times 2; at a bound by its slope there, as scikit-learn counts it. */
function worth(search: NodeSearch, gradient: number, hessian: number): number {
  const { rules, plain } = search;
  return plain
    ? (gradient * gradient) / (hessian + rules.l2)
    : 0 - shrink(gradient, rules.l1) * valueOf(search, rules, gradient, hessian);
}

/**
 * What a division takes off the loss, times 2: GL^2 / (HL + l2) + GR^2 / (HR + l2) - G^2 / (H + l2) (Chen and
 * Guestrin, "XGBoost", 2016, equation 7), or its like under L1 and bounds. NaN where the sides go against `direction`.
 */
export function gainOf(
  search: NodeSearch,
  gradient: number,
  leftHessian: number,
  right: number,
  rightHessian: number,
  direction: number,
): number {
  const { plain, parent, rules } = search;
  if (plain) {
    const { l2 } = rules;
    return (gradient * gradient) / (leftHessian + l2) + (right * right) / (rightHessian + l2) - parent;
  }
  const low = valueOf(search, rules, gradient, leftHessian);
  const high = valueOf(search, rules, right, rightHessian);
  if ((direction > 0 && low > high) || (direction < 0 && low < high)) return NaN;
  return 0 - shrink(gradient, rules.l1) * low - shrink(right, rules.l1) * high - parent;
}

/** The best threshold of the given numeric features that gains more than `rules.minGain`; the first among equals. */
export function bestThreshold(
  sums: Float64Array,
  { features }: BinnedRows,
  chosen: Int32Array,
  search: NodeSearch,
): Threshold | undefined {
  let best: Threshold | undefined;
  for (const feature of chosen) {
    const bins = features[feature]!;
    const at = 2 * (bins.first + bins.count);
    const hasMissing = bins.hasMissing && sums[at + 1] !== 0;
    best = scan(sums, feature, bins, hasMissing ? false : undefined, search, best);
    if (hasMissing) best = scan(sums, feature, bins, true, search, best);
  }
  return best;
}

/** Tries one feature's thresholds, missing values on one side or the other. */
function scan(
  sums: Float64Array,
  feature: number,
  { first, count }: FeatureBins,
  missingLeft: boolean | undefined,
  search: NodeSearch,
  best: Threshold | undefined,
): Threshold | undefined {
  const { rules, rows, hessian } = search;
  const { unit, inverseUnit, step, constant } = rules.packing;
  const direction = rules.monotone?.[feature] ?? 0;
  const missing = 2 * (first + count);
  // With missing values on the right, all known ones together are a left side, too.
  const bins = missingLeft === false ? count : count - 1;
  let gradient = missingLeft === true ? sums[missing]! : 0;
  let packed = missingLeft === true ? sums[missing + 1]! : 0;
  let most = best?.gain ?? rules.minGain;
  let bestBin = -1;
  let leftGradient = 0;
  let leftPacked = 0;
  for (let bin = 0, at = 2 * first; bin < bins; bin++, at += 2) {
    gradient += sums[at]!;
    packed += sums[at + 1]!;
    const leftRows = Math.floor(packed * inverseUnit);
    if (leftRows < rules.minSamplesLeaf) continue;
    if (rows - leftRows < rules.minSamplesLeaf) break;
    const leftHessian = (packed - leftRows * unit) * step + leftRows * constant;
    if (leftHessian < MIN_HESSIAN) continue;
    const rightHessian = hessian - leftHessian;
    if (rightHessian < MIN_HESSIAN) break;
    const right = search.gradient - gradient;
    const gain = gainOf(search, gradient, leftHessian, right, rightHessian, direction);
    if (gain > most) {
      most = gain;
      bestBin = bin;
      leftGradient = gradient;
      leftPacked = packed;
    }
  }
  if (bestBin < 0) return best;
  return { feature, gain: most, bin: bestBin, missingLeft, leftGradient, leftPacked };
}
