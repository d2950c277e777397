import type { BinnedRows } from '../boosting/bins.ts';
import type { NodeTarget } from './node-target.ts';
import { sortKeys } from './sort-keys.ts';
import type { TreeSample } from './sample.ts';

/** Keys of rows hold the bin in the upper and the row's place in the node in the lower 16 bits. */
const PLACES = 65_536;

/**
 * Sums of one feature's bins over a node's rows, of bins with rows alone and in ascending order: the i-th is bin
 * `bins[i]`, its rows, weight and the target's sums stand from i × stride on. The many small nodes of a deep tree cost
 * little, whatever the number of bins.
 */
export class FeatureHistogram {
  readonly stride: number;
  readonly sums: Float64Array;
  readonly bins: Int32Array;
  used = 0;
  private readonly target: NodeTarget;
  private readonly weights: Float64Array;
  private readonly binned: BinnedRows;
  /** Sums by bin, zero between calls. */
  private readonly table: Float64Array;
  private readonly keys: Uint32Array;
  private readonly spare: Uint32Array;

  constructor(binned: BinnedRows, target: NodeTarget, { weights, rows }: TreeSample) {
    this.stride = target.width + 2;
    const most = binned.features.reduce((largest, { count }) => Math.max(largest, count), 0) + 1;
    this.sums = new Float64Array(most * this.stride);
    this.bins = new Int32Array(most);
    this.table = new Float64Array(most * this.stride);
    this.keys = new Uint32Array(Math.min(rows.length, PLACES));
    this.spare = new Uint32Array(this.keys.length);
    this.target = target;
    this.weights = weights;
    this.binned = binned;
  }

  /** Takes in the rows order[start … end - 1]. */
  fill(feature: number, order: Int32Array, start: number, end: number): void {
    const all = this.binned.features[feature]!.count + 1;
    const rows = end - start;
    if (rows < PLACES && rows < all / 2) this.fillSorted(feature, order, start, rows);
    else this.fillTable(feature, order, start, end, all);
  }

  private fillTable(feature: number, order: Int32Array, start: number, end: number, all: number): void {
    const { stride, sums, bins, weights, table } = this;
    const { width, y } = this.target;
    const { columns } = this.binned;
    const first = feature * this.binned.rows;
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      const at = columns[first + row]! * stride;
      const times = weights[row]!;
      table[at]! += 1;
      table[at + 1]! += times;
      if (width === 1) table[at + 2]! += times * y[row]!;
      else table[at + 2 + y[row]!]! += times;
    }
    let used = 0;
    for (let bin = 0, at = 0; bin < all; bin++, at += stride) {
      if (table[at] === 0) continue;
      const to = used * stride;
      for (let k = 0; k < stride; k++) {
        sums[to + k] = table[at + k]!;
        table[at + k] = 0;
      }
      bins[used++] = bin;
    }
    this.used = used;
  }

  /** Adds in the same order as with a table: the same bits. */
  private fillSorted(feature: number, order: Int32Array, start: number, rows: number): void {
    const { stride, sums, bins, weights, spare } = this;
    const { width, y } = this.target;
    const { columns } = this.binned;
    const first = feature * this.binned.rows;
    const { keys } = this;
    for (let i = 0; i < rows; i++) keys[i] = ((columns[first + order[start + i]!]! << 16) | i) >>> 0;
    sortKeys(keys, rows, spare);
    let used = 0;
    let bin = -1;
    let at = -stride;
    for (let i = 0; i < rows; i++) {
      const key = keys[i]!;
      if (key >>> 16 !== bin) {
        bin = key >>> 16;
        bins[used++] = bin;
        at += stride;
        for (let k = 0; k < stride; k++) sums[at + k] = 0;
      }
      const row = order[start + (key & 0xffff)]!;
      const times = weights[row]!;
      sums[at]! += 1;
      sums[at + 1]! += times;
      if (width === 1) sums[at + 2]! += times * y[row]!;
      else sums[at + 2 + y[row]!]! += times;
    }
    this.used = used;
  }
}
