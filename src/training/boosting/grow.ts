import type { BinnedRows } from './bins.ts';
import type { Kernel } from './kernel.ts';
import { countOf, hessianOf } from './packing.ts';
import type { NodeSums, Split, SplitRules } from './split.ts';
import { findSplit, MIN_HESSIAN } from './split.ts';
import { goesLeftTable, TreeBuilder } from './tree-builder.ts';

export interface TreeRules extends SplitRules {
  /** Infinity = no limit. */
  readonly maxLeaves: number;
  /** Branches on the way to a leaf at most; Infinity = no limit. */
  readonly maxDepth: number;
  readonly learningRate: number;
  /** The value of a leaf, before the learning rate, is kept within ± this. */
  readonly largestStep: number;
}

/** A leaf that may still be split: rows order[start … end - 1], their sums, and its histogram's slot. */
interface OpenLeaf extends NodeSums {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  slot: number;
  split: Split | undefined;
}

/**
 * Grows one tree leaf by leaf, the most rewarding split first (Shi, "Best-first decision tree learning", 2007), on the
 * pairs that the kernel holds, and adds its leaves to the training rows' scores. Only the smaller child of a split
 * gets its histogram from its rows; the other one's is the parent's minus that.
 */
export function growTree(
  bins: BinnedRows,
  kernel: Kernel,
  trainRows: Int32Array,
  rules: TreeRules,
  scores: Float64Array,
): TreeBuilder {
  const builder = new TreeBuilder(bins);
  kernel.order.set(trainRows);
  const slots = new SlotPool();
  const root: OpenLeaf = {
    ...rootSums(kernel, trainRows),
    node: builder.addLeaf(),
    start: 0,
    end: trainRows.length,
    depth: 0,
    slot: -1,
    split: undefined,
  };
  if (maySplit(root, rules)) {
    root.slot = slots.take();
    kernel.build(root.slot, root.start, root.end);
    root.split = findSplit(kernel.histogram(root.slot), root, bins, rules);
  }
  const leaves = [root];
  while (leaves.length < rules.maxLeaves) {
    const at = mostRewarding(leaves);
    const leaf = leaves[at];
    if (leaf?.split === undefined) break;
    const [left, right] = divide(leaf, leaf.split, bins, kernel, builder);
    leaves.splice(at, 1, left, right);
    if (leaves.length < rules.maxLeaves) findSplits(leaf.slot, left, right, bins, kernel, rules, slots);
  }
  for (const leaf of leaves) settle(leaf, builder, kernel.order, rules, scores);
  return builder;
}

/** Numbers of histograms that no open leaf uses. */
class SlotPool {
  private readonly free: number[] = [];
  private next = 0;

  take(): number {
    return this.free.pop() ?? this.next++;
  }

  give(slot: number): void {
    this.free.push(slot);
  }
}

function rootSums({ pairs }: Kernel, trainRows: Int32Array): NodeSums {
  let gradient = 0;
  let packed = 0;
  for (let i = 0; i < trainRows.length; i++) {
    const row = trainRows[i]!;
    gradient += pairs[2 * row]!;
    packed += pairs[2 * row + 1]!;
  }
  return { gradient, packed };
}

function maySplit({ start, end, depth }: OpenLeaf, rules: TreeRules): boolean {
  return end - start >= 2 * rules.minSamplesLeaf && depth < rules.maxDepth;
}

function mostRewarding(leaves: readonly OpenLeaf[]): number {
  let best = -1;
  let gain = 0;
  leaves.forEach(({ split }, i) => {
    if (split !== undefined && split.gain > gain) {
      best = i;
      gain = split.gain;
    }
  });
  return best;
}

function divide(
  leaf: OpenLeaf,
  split: Split,
  bins: BinnedRows,
  kernel: Kernel,
  builder: TreeBuilder,
): [OpenLeaf, OpenLeaf] {
  const { start, end } = leaf;
  const depth = leaf.depth + 1;
  const middle = kernel.partition(start, end, split.feature, goesLeftTable(split, bins));
  const left: OpenLeaf = {
    node: builder.addLeaf(),
    start,
    end: middle,
    depth,
    gradient: split.leftGradient,
    packed: split.leftPacked,
    slot: -1,
    split: undefined,
  };
  const right: OpenLeaf = {
    ...left,
    node: builder.addLeaf(),
    start: middle,
    end,
    gradient: leaf.gradient - split.leftGradient,
    packed: leaf.packed - split.leftPacked,
  };
  builder.branch(leaf.node, split, left.node, right.node);
  return [left, right];
}

/** Finds the children's splits; the parent's histogram becomes the larger child's. */
function findSplits(
  parentSlot: number,
  left: OpenLeaf,
  right: OpenLeaf,
  bins: BinnedRows,
  kernel: Kernel,
  rules: TreeRules,
  slots: SlotPool,
): void {
  const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
  if (maySplit(large, rules)) {
    small.slot = slots.take();
    kernel.build(small.slot, small.start, small.end);
    large.slot = parentSlot;
    kernel.subtract(parentSlot, small.slot);
    for (const leaf of [small, large]) {
      if (maySplit(leaf, rules)) leaf.split = findSplit(kernel.histogram(leaf.slot), leaf, bins, rules);
      if (leaf.split === undefined) slots.give(leaf.slot);
    }
  } else slots.give(parentSlot);
}

/** Gives a leaf its value, learning rate included, in float32 as the model stores it. */
function settle(
  { node, start, end, gradient, packed }: OpenLeaf,
  builder: TreeBuilder,
  order: Int32Array,
  { learningRate, largestStep, l2, packing }: TreeRules,
  scores: Float64Array,
): void {
  const hessian = hessianOf(packed, packing);
  const count = countOf(packed, packing);
  if (count !== end - start) throw new Error(`A leaf of ${end - start} rows was counted as ${count}.`);
  const step = hessian < MIN_HESSIAN ? 0 : -gradient / (hessian + l2);
  const value = Math.fround(learningRate * Math.max(-largestStep, Math.min(largestStep, step)));
  builder.setValue(node, value);
  for (let k = start; k < end; k++) scores[order[k]!]! += value;
}
