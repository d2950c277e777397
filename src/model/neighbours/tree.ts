import type { NeighboursPredictor } from '../pipeline.ts';

/** Training rows that are compared with an asked row at a time. */
export const leafRows = 128;

/** Rows that a node's widest column is told from. */
const sampleRows = 256;

/** The smallest box around the rows of a node. */
interface Box {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

export type Node =
  | (Box & { readonly kind: 'leaf'; readonly leaf: number })
  | (Box & {
      readonly kind: 'branch';
      /** Rows of the left side have at most `border` in `column`, those of the right side at least. */
      readonly column: number;
      readonly border: number;
      readonly left: Node;
      readonly right: Node;
    });

/** Training rows in a k-d tree (Friedman, Bentley and Finkel 1977): leaves of 128 rows, the last of what is left. */
export interface NeighbourTree {
  readonly root: Node;
  /** Training rows leaf by leaf. */
  readonly order: Int32Array;
  /** Column j of a leaf's i-th row at (leaf * width + j) * leafRows + i. */
  readonly blocks: Float32Array;
}

/** Puts rows that are near each other into one leaf: each node is halved in the column that varies most. */
export function neighbourTree({ points, rows, width }: NeighboursPredictor): NeighbourTree {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const leaves = Math.max(1, Math.ceil(rows / leafRows));
  const blocks = new Float32Array(leaves * width * leafRows);
  return { root: nodeOf(0, leaves), order, blocks };

  function nodeOf(first: number, end: number): Node {
    if (end - first === 1) return leafOf(first);
    const [from, to] = [first * leafRows, Math.min(end * leafRows, rows)];
    const column = widestColumn(from, to);
    const middle = (first + end) >> 1;
    const values = points.subarray(column * rows, (column + 1) * rows);
    select(order, values, from, to - 1, middle * leafRows);
    const border = values[order[middle * leafRows]!]!;
    const [left, right] = [nodeOf(first, middle), nodeOf(middle, end)];
    const lows = left.lows.map((low, j) => Math.min(low, right.lows[j]!));
    const highs = left.highs.map((high, j) => Math.max(high, right.highs[j]!));
    return { kind: 'branch', column, border, left, right, lows, highs };
  }

  function leafOf(leaf: number): Node {
    const [from, to] = [leaf * leafRows, Math.min((leaf + 1) * leafRows, rows)];
    const lows = new Float64Array(width).fill(Infinity);
    const highs = new Float64Array(width).fill(-Infinity);
    for (let j = 0; j < width; j++)
      for (let i = from; i < to; i++) {
        const place = points[j * rows + order[i]!]!;
        blocks[(leaf * width + j) * leafRows + i - from] = place;
        if (place < lows[j]!) lows[j] = place;
        if (place > highs[j]!) highs[j] = place;
      }
    return { kind: 'leaf', leaf, lows, highs };
  }

  function widestColumn(from: number, to: number): number {
    const step = Math.max(1, Math.floor((to - from) / sampleRows));
    const count = Math.floor((to - 1 - from) / step) + 1;
    let [widest, most] = [0, -1];
    for (let j = 0; j < width; j++) {
      let [sum, squares] = [0, 0];
      for (let i = from; i < to; i += step) {
        const place = points[j * rows + order[i]!]!;
        sum += place;
        squares += place * place;
      }
      const spread = squares - (sum * sum) / count;
      if (spread > most) [widest, most] = [j, spread];
    }
    return widest;
  }
}

/** Reorders `order[low … high]` so that at `at` stands what sorting by `values` would put there (Hoare 1961). */
function select(order: Int32Array, values: Float32Array, low: number, high: number, at: number): void {
  while (low < high) {
    const pivot = values[order[(low + high) >> 1]!]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[order[i]!]! < pivot) i++;
      while (values[order[j]!]! > pivot) j--;
      if (i > j) break;
      const row = order[i]!;
      order[i++] = order[j]!;
      order[j--] = row;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return;
  }
}

/** The leaf where a row would stand. */
export function leafFor(root: Node, places: Float64Array): number {
  let node = root;
  while (node.kind === 'branch') node = places[node.column]! < node.border ? node.left : node.right;
  return node.leaf;
}

/** Whether a row in the box may be as near to the asked one as `most`, squared if p = 2. */
export function mayHold({ lows, highs }: Box, places: Float64Array, p: 1 | 2, most: number): boolean {
  let sum = 0;
  for (let j = 0; j < places.length; j++) {
    const place = places[j]!;
    const gap = place < lows[j]! ? lows[j]! - place : place > highs[j]! ? place - highs[j]! : 0;
    if (gap === 0) continue;
    sum += p === 2 ? gap * gap : gap;
    if (sum > most) return false;
  }
  return true;
}
