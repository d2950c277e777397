import type { NeighbourKernel } from './kernel.ts';
import { leafRows } from './tree.ts';

/** The loops of `kernels/neighbours.ts` where there is no WebAssembly with SIMD. */
export function javascriptKernel(buffer: ArrayBuffer): NeighbourKernel {
  const singles = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const words = new Uint32Array(buffer);
  /** Sums that begin with the lengths. */
  const begin = (lengths: number, sums: number): Float64Array => {
    doubles.copyWithin(sums / 8, lengths / 8, lengths / 8 + leafRows);
    return doubles.subarray(sums / 8, sums / 8 + leafRows);
  };
  return {
    // Four columns at a time, which saves traffic of the sums.
    addProducts: (leaf, offsets, places, columns, lengths, sums) => {
      const to = begin(lengths, sums);
      const at = (k: number): number => (leaf + words[offsets / 4 + k]!) / 4;
      const place = (k: number): number => doubles[places / 8 + k]!;
      let k = 0;
      for (; k + 3 < columns; k += 4) {
        const [a, b, c, d] = [at(k), at(k + 1), at(k + 2), at(k + 3)];
        const [p, q, r, s] = [place(k), place(k + 1), place(k + 2), place(k + 3)];
        for (let i = 0; i < leafRows; i++)
          to[i]! += p * singles[a + i]! + q * singles[b + i]! + (r * singles[c + i]! + s * singles[d + i]!);
      }
      for (; k < columns; k++) {
        const [a, p] = [at(k), place(k)];
        for (let i = 0; i < leafRows; i++) to[i]! += p * singles[a + i]!;
      }
    },
    addDifferences: (leaf, offsets, places, columns, lengths, sums) => {
      const to = begin(lengths, sums);
      for (let k = 0; k < columns; k++) {
        const first = (leaf + words[offsets / 4 + k]!) / 4;
        const place = doubles[places / 8 + k]!;
        for (let i = 0; i < leafRows; i++) {
          const point = singles[first + i]!;
          to[i]! += Math.abs(place - point) - Math.abs(point);
        }
      }
    },
  };
}
