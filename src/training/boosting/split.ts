import type { BinnedRows } from './bins.ts';
import type { Kernel } from './kernel.ts';
import { bestLevels } from './levels.ts';
import { countOf } from './packing.ts';
import type { NodeSums, SplitRules, Threshold } from './threshold.ts';
import { searchOf } from './threshold.ts';

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

/** Features that a node may be divided by, by kind. */
export interface FeatureChoice {
  readonly numeric: Int32Array;
  readonly levels: Int32Array;
}

/** The features of these numbers, by kind, each ascending. */
export function choiceOf({ features }: BinnedRows, chosen: Int32Array): FeatureChoice {
  const isNumeric = (j: number): boolean => features[j]!.cut.kind === 'numeric';
  return { numeric: chosen.filter(isNumeric), levels: chosen.filter((j) => !isNumeric(j)) };
}

/** The best way to divide the node whose histogram is in the slot, or undefined when none gains enough. */
export function findSplit(
  kernel: Kernel,
  slot: number,
  node: NodeSums,
  bins: BinnedRows,
  choice: FeatureChoice,
  rules: SplitRules,
): Split | undefined {
  const search = searchOf(node, rules);
  const threshold = kernel.threshold(slot, choice.numeric, search);
  const byThreshold = threshold && fromThreshold(threshold, search.rows, rules);
  if (choice.levels.length === 0) return byThreshold;
  const least = byThreshold?.gain ?? rules.minGain;
  return bestLevels(kernel.histogram(slot), bins, choice.levels, search, least) ?? byThreshold;
}

/** Values that no row of the node lacks go with most of its rows. */
function fromThreshold({ bin, missingLeft, ...found }: Threshold, rows: number, rules: SplitRules): Split {
  const leftMost = 2 * countOf(found.leftPacked, rules.packing) > rows;
  return { ...found, left: { kind: 'threshold', bin }, missingLeft: missingLeft ?? leftMost };
}
