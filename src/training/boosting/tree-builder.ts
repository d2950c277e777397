import type { Tree } from '../../model/pipeline.ts';
import type { BinnedRows } from './bins.ts';
import type { Division } from './split.ts';

/** The largest float32: a threshold that every number passes, so that only missing values go right. */
const LARGEST = 3.4028234663852886e38;

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
    Object.assign(this.nodes[node]!, { split, left, right });
  }

  /** Adds the leaves' values to the scores of rows that took no part in growing. */
  addTo(scores: Float64Array, rows: Int32Array): void {
    const { columns, rows: stride } = this.bins;
    const tables = this.nodes.map(({ split }) => split && goesLeftTable(split, this.bins));
    for (const row of rows) {
      let node = this.nodes[0]!;
      let table = tables[0];
      while (node.split !== undefined && table !== undefined) {
        const { feature } = node.split;
        const goes = table[columns[feature * stride + row]!]!;
        const next = goes === 1 ? node.left : node.right;
        node = this.nodes[next]!;
        table = tables[next];
      }
      scores[row]! += node.values[0] ?? 0;
    }
  }

  toTree(): Tree {
    const { nodes, width } = this;
    const value = new Float32Array(nodes.length * width);
    nodes.forEach(({ values }, node) => value.set(values, node * width));
    return {
      feature: Int32Array.from(nodes, ({ split }) => split?.feature ?? 0),
      threshold: Float32Array.from(nodes, ({ split }) => this.threshold(split)),
      left: Int32Array.from(nodes, ({ left }) => left),
      right: Int32Array.from(nodes, ({ right }) => right),
      missingLeft: Uint8Array.from(nodes, ({ split }) => (split?.missingLeft ? 1 : 0)),
      value,
      levelsLeft: nodes.map(({ split }) => this.levelsLeft(split)),
    };
  }

  private threshold(split: Division | undefined): number {
    if (split?.left.kind !== 'threshold') return 0;
    const { cut } = this.bins.features[split.feature]!;
    return cut.kind === 'numeric' ? (cut.edges[split.left.bin] ?? LARGEST) : 0;
  }

  private levelsLeft(split: Division | undefined): number[] {
    if (split?.left.kind !== 'levels') return [];
    const { cut } = this.bins.features[split.feature]!;
    if (cut.kind !== 'levels') return [];
    const left = new Set(split.left.bins);
    return Array.from(cut.binOf.keys()).filter((code) => {
      const bin = cut.binOf[code]!;
      return bin < 0 ? split.missingLeft : left.has(bin);
    });
  }
}

/** 1 for each bin of the split's feature that goes left; the bin for missing values is the last. */
export function goesLeftTable(
  { feature, left, missingLeft }: Division,
  { features }: BinnedRows,
): Uint8Array {
  const { count } = features[feature]!;
  const table = new Uint8Array(count + 1);
  if (left.kind === 'threshold') table.fill(1, 0, left.bin + 1);
  else for (const bin of left.bins) table[bin] = 1;
  table[count] = missingLeft ? 1 : 0;
  return table;
}
