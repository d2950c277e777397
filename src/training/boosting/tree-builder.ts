import type { Tree } from '../../model/pipeline.ts';
import type { BinnedRows } from './bins.ts';
import type { Division } from './split.ts';

/** The largest float32: a threshold that every number passes, so that only missing values go right. */
const LARGEST = 3.4028234663852886e38;

const none: readonly number[] = [];

interface Node {
  left: number;
  right: number;
  /** What a leaf says; zeros in a branch. */
  values: ArrayLike<number>;
  split: Division | undefined;
}

/** A tree under construction; it keeps the splits in terms of bins, to send binned rows down. */
export class TreeBuilder {
  private readonly nodes: Node[] = [];
  private readonly bins: BinnedRows;
  private readonly width: number;

  /** `width`: numbers that a leaf says. */
  constructor(bins: BinnedRows, width = 1) {
    this.bins = bins;
    this.width = width;
  }

  get size(): number {
    return this.nodes.length;
  }

  /** Adds a leaf and returns its number; the root is 0. */
  addLeaf(): number {
    return this.nodes.push({ left: -1, right: -1, values: [], split: undefined }) - 1;
  }

  setValue(node: number, value: number): void {
    this.nodes[node]!.values = [value];
  }

  setValues(node: number, values: ArrayLike<number>): void {
    this.nodes[node]!.values = values;
  }

  /** Turns a leaf into a branch. */
  branch(node: number, split: Division, left: number, right: number): void {
    const own = this.nodes[node]!;
    own.split = split;
    own.left = left;
    own.right = right;
  }

  /** Adds the leaves' values to the scores of rows that took no part in growing. */
  addTo(scores: Float64Array, rows: Int32Array): void {
    if (rows.length === 0) return;
    const { nodes } = this;
    const { columns, rows: stride, features } = this.bins;
    const widest = features.reduce((most, { count }) => Math.max(most, count + 1), 0);
    const tables = new Uint8Array(nodes.length * widest);
    nodes.forEach(({ split }, node) => {
      if (split) fillGoesLeft(split, this.bins, tables.subarray(node * widest, (node + 1) * widest));
    });
    const { feature, left, right, value } = this.arrays();
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      let node = 0;
      while (left[node] !== -1) {
        const bin = columns[feature[node]! * stride + row]!;
        node = tables[node * widest + bin] === 1 ? left[node]! : right[node]!;
      }
      scores[row]! += value[node * this.width]!;
    }
  }

  toTree(): Tree {
    const { nodes } = this;
    const threshold = new Float32Array(nodes.length);
    const missingLeft = new Uint8Array(nodes.length);
    const levelsLeft: (readonly number[])[] = [];
    for (let node = 0; node < nodes.length; node++) {
      const { split } = nodes[node]!;
      threshold[node] = this.threshold(split);
      missingLeft[node] = split?.missingLeft ? 1 : 0;
      levelsLeft.push(this.levelsLeft(split));
    }
    return { ...this.arrays(), threshold, missingLeft, levelsLeft };
  }

  private arrays(): Pick<Tree, 'feature' | 'left' | 'right' | 'value'> {
    const { nodes, width } = this;
    const feature = new Int32Array(nodes.length);
    const left = new Int32Array(nodes.length);
    const right = new Int32Array(nodes.length);
    const value = new Float32Array(nodes.length * width);
    for (let node = 0; node < nodes.length; node++) {
      const own = nodes[node]!;
      feature[node] = own.split?.feature ?? 0;
      left[node] = own.left;
      right[node] = own.right;
      for (let k = 0; k < own.values.length; k++) value[node * width + k] = own.values[k]!;
    }
    return { feature, left, right, value };
  }

  private threshold(split: Division | undefined): number {
    if (split?.left.kind !== 'threshold') return 0;
    const { cut } = this.bins.features[split.feature]!;
    return cut.kind === 'numeric' ? (cut.edges[split.left.bin] ?? LARGEST) : 0;
  }

  private levelsLeft(split: Division | undefined): readonly number[] {
    if (split?.left.kind !== 'levels') return none;
    const { cut, count } = this.bins.features[split.feature]!;
    if (cut.kind !== 'levels') return none;
    const isLeft = new Uint8Array(count);
    for (const bin of split.left.bins) isLeft[bin] = 1;
    const codes: number[] = [];
    cut.binOf.forEach((bin, code) => {
      if (bin < 0 ? split.missingLeft : isLeft[bin] === 1) codes.push(code);
    });
    return codes;
  }
}

/** 1 for each bin of the split's feature that goes left; the bin for missing values is the last. */
export function goesLeftTable(split: Division, bins: BinnedRows): Uint8Array {
  return fillGoesLeft(split, bins, new Uint8Array(bins.features[split.feature]!.count + 1));
}

/** The same in an array that is long enough and may hold anything before. */
export function fillGoesLeft(
  { feature, left, missingLeft }: Division,
  { features }: BinnedRows,
  table: Uint8Array,
): Uint8Array {
  const { count } = features[feature]!;
  if (left.kind === 'threshold') table.fill(1, 0, left.bin + 1).fill(0, left.bin + 1, count);
  else {
    table.fill(0, 0, count);
    for (const bin of left.bins) table[bin] = 1;
  }
  table[count] = missingLeft ? 1 : 0;
  return table;
}
