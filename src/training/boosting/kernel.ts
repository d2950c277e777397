import { cellsOf, type BinnedRows } from './bins.ts';

/**
 * The hot loops of tree growing and the memory they work on. A histogram holds a pair for each bin: the sum of the
 * gradients and of the packed hessians (see `packing.ts`) of a node's rows. A node is a stretch of `order`.
 */
export interface Kernel {
  /** The training rows; `partition` reorders them in place. */
  readonly order: Int32Array;
  /** (gradient, packed hessian) of row r at 2 r and 2 r + 1. */
  readonly pairs: Float64Array;
  /** The histogram in a slot, 2 × total bins. Slots are numbered from 0 and come into being at first use. */
  histogram(slot: number): Float64Array;
  /** Fills the slot with the histogram of the rows order[start … end - 1]. */
  build(slot: number, start: number, end: number): void;
  /** Takes the second slot's histogram from the first one's: what is left of a parent is the other child. */
  subtract(slot: number, other: number): void;
  /**
   * Moves the rows whose bin of the feature goes left before the others, keeping their order on both sides.
   * @param goesLeft 1 for each bin of the feature that goes left; its bin for missing values comes last
   * @returns where the right side starts
   */
  partition(start: number, end: number, feature: number, goesLeft: Uint8Array): number;
}

/** The kernel in plain JavaScript. */
export function createKernel(bins: BinnedRows, trained: number): Kernel {
  const { rows, width, totalBins, columns } = bins;
  const cells = cellsOf(bins);
  const order = new Int32Array(trained);
  const pairs = new Float64Array(2 * rows);
  const spare = new Int32Array(trained);
  const histograms: Float64Array[] = [];
  const histogram = (slot: number): Float64Array => (histograms[slot] ??= new Float64Array(2 * totalBins));
  const paired = width - (width % 2);
  return {
    order,
    pairs,
    histogram,
    build(slot, start, end) {
      const sums = histogram(slot).fill(0);
      for (let k = start; k < end; k++) {
        const row = order[k]!;
        const gradient = pairs[2 * row]!;
        const hessian = pairs[2 * row + 1]!;
        let cell = row * width;
        // Two cells at a time: their additions don't wait for each other.
        for (const last = cell + paired; cell < last; cell += 2) {
          const a = cells[cell]! << 1;
          const b = cells[cell + 1]! << 1;
          sums[a]! += gradient;
          sums[a + 1]! += hessian;
          sums[b]! += gradient;
          sums[b + 1]! += hessian;
        }
        if (paired < width) {
          const a = cells[cell]! << 1;
          sums[a]! += gradient;
          sums[a + 1]! += hessian;
        }
      }
    },
    subtract(slot, other) {
      const sums = histogram(slot);
      const minus = histogram(other);
      for (let i = 0; i < sums.length; i++) sums[i]! -= minus[i]!;
    },
    partition(start, end, feature, goesLeft) {
      const column = columns.subarray(feature * rows, (feature + 1) * rows);
      let left = start;
      let right = 0;
      for (let k = start; k < end; k++) {
        const row = order[k]!;
        const goes = goesLeft[column[row]!]!;
        // Both are written and one is kept, which is faster than to branch on it.
        order[left] = row;
        spare[right] = row;
        left += goes;
        right += 1 - goes;
      }
      order.set(spare.subarray(0, right), left);
      return left;
    },
  };
}
