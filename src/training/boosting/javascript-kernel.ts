import { cellsOf, type BinnedRows } from './bins.ts';
import type { Kernel } from './kernel.ts';
import { bestThreshold } from './threshold.ts';

/** The kernel in plain JavaScript, for where WebAssembly is switched off or its memory is too small. */
export function javaScriptKernel(bins: BinnedRows, trained: number): Kernel {
  const { rows, width, totalBins, columns } = bins;
  const cells = cellsOf(bins);
  const order = new Int32Array(trained);
  const pairs = new Float64Array(2 * rows);
  const spare = new Int32Array(trained);
  const goesLeft = new Uint8Array(Math.max(...bins.features.map(({ count }) => count)) + 1);
  const histograms: Float64Array[] = [];
  const histogram = (slot: number): Float64Array => (histograms[slot] ??= new Float64Array(2 * totalBins));
  const paired = width - (width % 2);
  return {
    order,
    pairs,
    goesLeft,
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
    total(start, end) {
      let gradient = 0;
      let packed = 0;
      for (let k = start; k < end; k++) {
        gradient += pairs[2 * order[k]!]!;
        packed += pairs[2 * order[k]! + 1]!;
      }
      return [gradient, packed];
    },
    threshold: (slot, features, search) => bestThreshold(histogram(slot), bins, features, search),
    partition(start, end, feature) {
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
