import type { Random } from '../../numeric/random.ts';
import type { BinnedRows } from '../boosting/bins.ts';
import { goesLeftTable, TreeBuilder } from '../boosting/tree-builder.ts';
import { SplitFinder, type ForestSplit, type SplitChoice } from './find-split.ts';
import { FeatureHistogram } from './histogram.ts';
import { totalsOf, type NodeTarget, type NodeTotals } from './node-target.ts';
import type { TreeSample } from './sample.ts';

export interface ForestTreeRules extends SplitChoice {
  /** Infinity = no limit; with one, the most rewarding division comes first. */
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
}

/** A leaf that may still be divided. */
interface OpenLeaf {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly totals: NodeTotals;
  readonly split: ForestSplit | undefined;
}

/**
 * Grows one tree on a sample of the rows until its leaves are pure or the rules stop it (Breiman et al.,
 * "Classification and regression trees", 1984). `leafValues` says what a leaf with these sums answers.
 */
export function growForestTree(
  binned: BinnedRows,
  target: NodeTarget,
  sample: TreeSample,
  rules: ForestTreeRules,
  random: Random,
  leafValues: { readonly width: number; readonly of: (totals: NodeTotals) => ArrayLike<number> },
): TreeBuilder {
  const builder = new TreeBuilder(binned, leafValues.width);
  const order = Int32Array.from(sample.rows);
  const spare = new Int32Array(order.length);
  const histogram = new FeatureHistogram(binned, target, sample);
  const finder = new SplitFinder(binned, histogram, target.width, rules, random);
  const bestFirst = rules.maxLeaves < Infinity;
  const openLeaf = (start: number, end: number, depth: number): OpenLeaf => {
    const totals = totalsOf(target, sample, order, start, end);
    const rows = end - start;
    const may =
      !totals.pure &&
      rows >= Math.max(rules.minSamplesSplit, 2 * rules.minSamplesLeaf) &&
      depth < rules.maxDepth;
    const split = may ? finder.find(order, start, end, totals) : undefined;
    return { node: builder.addLeaf(), start, end, depth, totals, split };
  };
  const open: OpenLeaf[] = [];
  let leaves = 1;
  const keep = (leaf: OpenLeaf): void => {
    if (leaf.split === undefined) builder.setValues(leaf.node, leafValues.of(leaf.totals));
    else open.push(leaf);
  };
  keep(openLeaf(0, order.length, 0));
  while (leaves < rules.maxLeaves) {
    const leaf = bestFirst ? takeBest(open) : open.pop();
    if (leaf?.split === undefined) break;
    const middle = divide(binned, order, spare, leaf, leaf.split);
    const left = openLeaf(leaf.start, middle, leaf.depth + 1);
    const right = openLeaf(middle, leaf.end, leaf.depth + 1);
    builder.branch(leaf.node, leaf.split, left.node, right.node);
    leaves++;
    keep(right);
    keep(left);
  }
  for (const { node, totals } of open) builder.setValues(node, leafValues.of(totals));
  return builder;
}

function takeBest(open: OpenLeaf[]): OpenLeaf | undefined {
  let best = 0;
  open.forEach(({ split }, i) => {
    if ((split?.gain ?? 0) > (open[best]?.split?.gain ?? 0)) best = i;
  });
  return open.splice(best, 1)[0];
}

/** Moves the rows that go left before the others, keeping their order; returns where the right side starts. */
function divide(
  binned: BinnedRows,
  order: Int32Array,
  spare: Int32Array,
  { start, end }: OpenLeaf,
  split: ForestSplit,
): number {
  const { columns, rows } = binned;
  const first = split.feature * rows;
  let left = start;
  let right = 0;
  if (split.left.kind === 'levels') {
    const table = goesLeftTable(split, binned);
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      if (table[columns[first + row]!] === 1) order[left++] = row;
      else spare[right++] = row;
    }
  } else {
    // A table would cost more than it saves where a feature has thousands of bins.
    const missing = binned.features[split.feature]!.count;
    const { bin: last } = split.left;
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      const bin = columns[first + row]!;
      if (bin === missing ? split.missingLeft : bin <= last) order[left++] = row;
      else spare[right++] = row;
    }
  }
  for (let k = 0; k < right; k++) order[left + k] = spare[k]!;
  return left;
}
