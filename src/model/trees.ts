import type { ForestPredictor, Tree, TreesPredictor } from './pipeline.ts';

/**
 * An ensemble in flat arrays, each tree in preorder, so that a branch's left child is the next node. Bit `code` of
 * the words from `firstWord` on says that a categorical branch sends the code left.
 */
export interface FlatTrees {
  readonly roots: Int32Array;
  /** Feature of a branch; -1 = leaf; -2 - feature = categorical branch. */
  readonly feature: Int32Array;
  /** Threshold of a branch, value of a leaf. */
  readonly value: Float32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly firstWord: Int32Array;
  readonly words: Uint32Array;
  /** A forest's leaves, `width` values each, from `right` of the leaf on; empty where a leaf has one value. */
  readonly leaves: Float32Array;
}

/** Lays the trees out for scoring; `levels[j]` = number of codes of feature j, `width` = values of a leaf. */
export function flattenTrees(trees: readonly Tree[], levels: readonly number[], width = 1): FlatTrees {
  let count = 0;
  let wordCount = 0;
  let leafCount = 0;
  for (const tree of trees) {
    count += tree.feature.length;
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.left[node] === -1) leafCount++;
      if (tree.levelsLeft[node]!.length > 0) wordCount += wordsFor(levels[tree.feature[node]!]!);
    }
  }
  const flat: FlatTrees = {
    roots: new Int32Array(trees.length),
    feature: new Int32Array(count),
    value: new Float32Array(count),
    right: new Int32Array(count),
    missingLeft: new Uint8Array(count),
    firstWord: new Int32Array(count),
    words: new Uint32Array(wordCount),
    leaves: new Float32Array(width === 1 ? 0 : leafCount * width),
  };
  let next = 0;
  let nextWord = 0;
  let nextLeaf = 0;
  trees.forEach((tree, t) => {
    flat.roots[t] = next;
    const pending = [{ node: 0, parent: -1 }];
    for (let top = pending.pop(); top; top = pending.pop()) {
      const { node, parent } = top;
      const at = next++;
      if (parent >= 0) flat.right[parent] = at;
      if (tree.left[node] === -1) {
        flat.feature[at] = -1;
        if (width === 1) flat.value[at] = tree.value[node]!;
        else {
          flat.right[at] = nextLeaf;
          flat.leaves.set(tree.value.subarray(node * width, (node + 1) * width), nextLeaf);
          nextLeaf += width;
        }
        continue;
      }
      const feature = tree.feature[node]!;
      const codes = tree.levelsLeft[node]!;
      flat.missingLeft[at] = tree.missingLeft[node]!;
      if (codes.length === 0) {
        flat.feature[at] = feature;
        flat.value[at] = tree.threshold[node]!;
      } else {
        flat.feature[at] = -2 - feature;
        flat.firstWord[at] = nextWord;
        for (const code of codes) flat.words[nextWord + (code >>> 5)]! |= 1 << (code & 31);
        nextWord += wordsFor(levels[feature]!);
      }
      pending.push({ node: tree.right[node]!, parent: at }, { node: tree.left[node]!, parent: -1 });
    }
  });
  return flat;
}

function wordsFor(levels: number): number {
  return (levels + 31) >>> 5;
}

/** Rows that pass one tree together, so that the tree stays in the processor's cache. */
const blockRows = 64;

/** Whether a row of cells, beginning at `cells`, goes left at a branch; `f` is the branch's `feature`, not -1. */
export function goesLeft(
  { value, missingLeft, firstWord, words }: FlatTrees,
  node: number,
  f: number,
  x: Float32Array,
  cells: number,
): boolean {
  if (f >= 0) {
    const v = x[cells + f]!;
    return v <= value[node]! || (v !== v && missingLeft[node] === 1);
  }
  const v = x[cells - 2 - f]!;
  const word = words[firstWord[node]! + (v >>> 5)]!;
  return v === v ? ((word >>> (v & 31)) & 1) === 1 : missingLeft[node] === 1;
}

/** The leaf that a row of cells, beginning at `cells`, falls into. */
function descend(flat: FlatTrees, root: number, x: Float32Array, cells: number): number {
  const { feature, right } = flat;
  let node = root;
  for (let f = feature[node]!; f !== -1; f = feature[node]!)
    node = goesLeft(flat, node, f, x, cells) ? node + 1 : right[node]!;
  return node;
}

/** Adds the trees' leaves to `scores` (rows × outputs, row-major), tree by tree in order. */
export function addTrees(
  flat: FlatTrees,
  { outputs }: Pick<TreesPredictor, 'outputs'>,
  x: Float32Array,
  rows: number,
  width: number,
  scores: Float64Array,
): void {
  const { roots, value } = flat;
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(start + blockRows, rows);
    for (let t = 0; t < roots.length; t++) {
      const root = roots[t]!;
      const output = t % outputs;
      for (let row = start; row < end; row++)
        scores[row * outputs + output]! += value[descend(flat, root, x, row * width)]!;
    }
  }
}

/** The same for a forest, whose leaves hold a value for each output. */
export function addForest(
  flat: FlatTrees,
  { outputs }: Pick<ForestPredictor, 'outputs'>,
  x: Float32Array,
  rows: number,
  width: number,
  scores: Float64Array,
): void {
  const { roots, right, leaves } = flat;
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(start + blockRows, rows);
    for (const root of roots)
      for (let row = start; row < end; row++) {
        const leaf = right[descend(flat, root, x, row * width)]!;
        for (let k = 0; k < outputs; k++) scores[row * outputs + k]! += leaves[leaf + k]!;
      }
  }
}
