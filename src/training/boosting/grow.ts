import type { BinnedRows } from './bins.ts';
import type { Kernel } from './kernel.ts';
import { countOf, hessianOf } from './packing.ts';
import type { FeatureChoice, Split } from './split.ts';
import { findSplit } from './split.ts';
import type { NodeSums, SplitRules } from './threshold.ts';
import { MIN_HESSIAN, valueOf } from './threshold.ts';
import { fillGoesLeft, TreeBuilder } from './tree-builder.ts';

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

/** What trees are grown on and by. */
export interface Ground {
  readonly bins: BinnedRows;
  readonly kernel: Kernel;
  readonly rules: TreeRules;
  /** The features that the next node may be divided by. */
  readonly choose: () => FeatureChoice;
}

/**
 * Grows one tree leaf by leaf, the most rewarding split first (Shi, "Best-first decision tree learning", 2007), on the
 * pairs that the kernel holds, and adds its leaves to the training rows' scores. Only the smaller child of a split
 * gets its histogram from its rows; the other one's is the parent's minus that.
 * @param refit the value of a leaf by its rows, where the loss has a better one than a Newton step
 */
export function growTree(
  ground: Ground,
  trainRows: Int32Array,
  scores: Float64Array,
  refit?: (rows: Int32Array) => number,
): TreeBuilder {
  const { bins, kernel, rules } = ground;
  const builder = new TreeBuilder(bins);
  kernel.order.set(trainRows);
  const slots = new SlotPool();
  const [gradient, packed] = kernel.total(0, trainRows.length);
  const root: OpenLeaf = {
    ...{ gradient, packed, lower: -Infinity, upper: Infinity },
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
    root.split = findSplit(kernel, root.slot, root, bins, ground.choose(), rules);
  }
  const leaves = [root];
  while (leaves.length < rules.maxLeaves) {
    const at = mostRewarding(leaves);
    const leaf = leaves[at];
    if (leaf?.split === undefined) break;
    const [left, right] = divide(leaf, leaf.split, ground, builder);
    leaves.splice(at, 1, left, right);
    if (leaves.length < rules.maxLeaves) findSplits(leaf.slot, left, right, ground, slots);
  }
  for (const leaf of leaves) settle(leaf, builder, kernel.order, rules, scores, refit);
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
  { bins, kernel, rules }: Ground,
  builder: TreeBuilder,
): [OpenLeaf, OpenLeaf] {
  const { start, end } = leaf;
  const depth = leaf.depth + 1;
  fillGoesLeft(split, bins, kernel.goesLeft);
  const middle = kernel.partition(start, end, split.feature);
  const sides = withBounds(leaf, split, rules);
  const left: OpenLeaf = {
    ...sides[0],
    node: builder.addLeaf(),
    start,
    end: middle,
    depth,
    slot: -1,
    split: undefined,
  };
  const right: OpenLeaf = { ...left, ...sides[1], node: builder.addLeaf(), start: middle, end };
  builder.branch(leaf.node, split, left.node, right.node);
  return [left, right];
}

/** The sums of both sides. After a monotone split no value on one side may pass the middle between both. */
function withBounds(leaf: OpenLeaf, split: Split, rules: TreeRules): [NodeSums, NodeSums] {
  const { lower, upper } = leaf;
  const left = { gradient: split.leftGradient, packed: split.leftPacked, lower, upper };
  const gradient = leaf.gradient - split.leftGradient;
  const right = { gradient, packed: leaf.packed - split.leftPacked, lower, upper };
  const direction = rules.monotone?.[split.feature] ?? 0;
  if (direction === 0) return [left, right];
  const value = (side: NodeSums): number =>
    valueOf(side, rules, side.gradient, hessianOf(side.packed, rules.packing));
  const middle = (value(left) + value(right)) / 2;
  return direction > 0
    ? [
        { ...left, upper: middle },
        { ...right, lower: middle },
      ]
    : [
        { ...left, lower: middle },
        { ...right, upper: middle },
      ];
}

/** Finds the children's splits; the parent's histogram becomes the larger child's. */
function findSplits(
  parentSlot: number,
  left: OpenLeaf,
  right: OpenLeaf,
  { bins, kernel, rules, choose }: Ground,
  slots: SlotPool,
): void {
  const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
  if (maySplit(large, rules)) {
    small.slot = slots.take();
    kernel.build(small.slot, small.start, small.end);
    large.slot = parentSlot;
    kernel.subtract(parentSlot, small.slot);
    for (const leaf of [small, large]) {
      if (maySplit(leaf, rules)) leaf.split = findSplit(kernel, leaf.slot, leaf, bins, choose(), rules);
      if (leaf.split === undefined) slots.give(leaf.slot);
    }
  } else slots.give(parentSlot);
}

/** Gives a leaf its value, learning rate included, in float32 as the model stores it. */
function settle(
  leaf: OpenLeaf,
  builder: TreeBuilder,
  order: Int32Array,
  rules: TreeRules,
  scores: Float64Array,
  refit: ((rows: Int32Array) => number) | undefined,
): void {
  const { node, start, end, gradient, packed } = leaf;
  const { learningRate, largestStep, packing } = rules;
  const hessian = hessianOf(packed, packing);
  const count = countOf(packed, packing);
  if (count !== end - start) throw new Error(`A leaf of ${end - start} rows was counted as ${count}.`);
  const newton = hessian < MIN_HESSIAN ? 0 : valueOf(leaf, rules, gradient, hessian);
  const step = refit === undefined ? newton : refit(order.subarray(start, end));
  const value = Math.fround(learningRate * Math.max(-largestStep, Math.min(largestStep, step)));
  builder.setValue(node, value);
  for (let k = start; k < end; k++) scores[order[k]!]! += value;
}
