import type { BinnedRows } from '../boosting/bins.ts';
import type { NodeTarget } from './node-target.ts';
import type { TreeSample } from './sample.ts';

/**
 * Sums of one feature's bins over a node's rows: rows, weight and the target's sums of bin b from b × stride on.
 * Only bins that occur are filled and cleared again, so that the many small nodes of a deep tree cost little.
 */
export class FeatureHistogram {
  readonly stride: number;
  readonly sums: Float64Array;
  /** Bins with rows, ascending after `fill`; the first `used` count. */
  readonly bins: Int32Array;
  used = 0;
  private readonly target: NodeTarget;
  private readonly weights: Float64Array;
  private readonly binned: BinnedRows;

  constructor(binned: BinnedRows, target: NodeTarget, { weights }: TreeSample) {
    this.stride = target.width + 2;
    const most = Math.max(...binned.features.map(({ count }) => count)) + 1;
    this.sums = new Float64Array(most * this.stride);
    this.bins = new Int32Array(most);
    this.target = target;
    this.weights = weights;
    this.binned = binned;
  }

  /** Fills in the rows order[start … end - 1]. Call `clear` before the next one. */
  fill(feature: number, order: Int32Array, start: number, end: number): void {
    const { stride, sums, bins, weights } = this;
    const { width, y } = this.target;
    const first = feature * this.binned.rows;
    const { columns } = this.binned;
    let used = 0;
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      const bin = columns[first + row]!;
      const at = bin * stride;
      if (sums[at] === 0) bins[used++] = bin;
      const times = weights[row]!;
      sums[at]! += 1;
      sums[at + 1]! += times;
      if (width === 1) sums[at + 2]! += times * y[row]!;
      else sums[at + 2 + y[row]!]! += times;
    }
    this.used = used;
    this.sort(this.binned.features[feature]!.count + 1);
  }

  /** Few bins are sorted by insertion; where a good part of all is used, looking at each of them is quicker. */
  private sort(all: number): void {
    const { bins, sums, stride, used } = this;
    if (used <= 24) insertionSort(bins, used);
    else if (8 * used < all) bins.subarray(0, used).sort();
    else for (let bin = 0, next = 0; next < used; bin++) if (sums[bin * stride] !== 0) bins[next++] = bin;
  }

  clear(): void {
    for (let i = 0; i < this.used; i++) {
      const at = this.bins[i]! * this.stride;
      this.sums.fill(0, at, at + this.stride);
    }
    this.used = 0;
  }
}

function insertionSort(bins: Int32Array, used: number): void {
  for (let i = 1; i < used; i++) {
    const bin = bins[i]!;
    let j = i - 1;
    for (; j >= 0 && bins[j]! > bin; j--) bins[j + 1] = bins[j]!;
    bins[j + 1] = bin;
  }
}
