import type { BinnedRows } from './bins.ts';
import { javaScriptKernel } from './javascript-kernel.ts';
import type { NodeSearch, Threshold } from './threshold.ts';
import { webAssemblyKernel } from './webassembly-kernel.ts';

/**
 * The hot loops of tree growing and the memory they work on. A histogram holds a pair for each bin: the sum of the
 * gradients and of the packed hessians (see `packing.ts`) of a node's rows. A node is a stretch of `order`.
 * Arrays are to be read from the kernel again after `build`, which may move its memory.
 */
export interface Kernel {
  /** The training rows; `partition` reorders them in place. */
  readonly order: Int32Array;
  /** (gradient, packed hessian) of row r at 2 r and 2 r + 1. */
  readonly pairs: Float64Array;
  /** To be filled in before `partition`: 1 for each bin that goes left; the bin for missing values comes last. */
  readonly goesLeft: Uint8Array;
  /** The histogram in a slot, 2 × total bins. Slots are numbered from 0 and come into being at first use. */
  histogram(slot: number): Float64Array;
  /** Fills the slot with the histogram of the rows order[start … end - 1]. */
  build(slot: number, start: number, end: number): void;
  /** Takes the second slot's histogram from the first one's: what is left of a parent is the other child. */
  subtract(slot: number, other: number): void;
  /** Sums of the pairs of order[start … end - 1]: gradient, packed hessian. */
  total(start: number, end: number): readonly [number, number];
  /** The best threshold of the slot's node by the given numeric features; the first among equals. */
  threshold(slot: number, features: Int32Array, search: NodeSearch): Threshold | undefined;
  /**
   * Moves the rows whose bin of the feature goes left, by `goesLeft`, before the others, keeping their order on both
   * sides. Returns where the right side starts.
   */
  partition(start: number, end: number, feature: number): number;
}

/** The fastest kernel that this engine has; all give the same bits. */
export function createKernel(bins: BinnedRows, trained: number): Kernel {
  return webAssemblyKernel(bins, trained) ?? javaScriptKernel(bins, trained);
}
