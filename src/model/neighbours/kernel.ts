import { openKernel, type KernelKind } from '../../numeric/webassembly.ts';
import type { NeighboursPredictor } from '../pipeline.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import { kernelBytes } from './kernel-bytes.ts';
import { leafRows } from './tree.ts';

/** Distances from the rows of one leaf; arguments are byte addresses in the memory, `columns` a count. */
export type LeafScan = (
  leaf: number,
  offsets: number,
  places: number,
  columns: number,
  lengths: number,
  sums: number,
) => void;

/** The hot loops of `kernels/neighbours.ts`, which says what each does. */
export interface NeighbourKernel {
  readonly addProducts: LeafScan;
  readonly addDifferences: LeafScan;
}

/** Training rows in the kernel's memory, and the row that is asked about. */
export interface LeafScanner {
  /** Sets the asked row's columns that aren't 0 and their places on the grid. */
  ask(columns: Int32Array, places: Float64Array): void;
  /** Distances from a leaf's rows, squared and less the asked row's squared length if p = 2; valid until the next call. */
  scan(leaf: number): Float64Array;
}

/** Holds a tree's `blocks`: in WebAssembly where it has SIMD and the memory, else in JavaScript. */
export function leafScanner(
  { width, p }: NeighboursPredictor,
  blocks: Float32Array,
  kind: KernelKind = 'wasm',
): LeafScanner {
  const lengths = lengthsOf(blocks, width, p);
  const lengthsAt = Math.ceil(blocks.byteLength / 8) * 8;
  const sumsAt = lengthsAt + lengths.byteLength;
  const placesAt = sumsAt + leafRows * 8;
  const offsetsAt = placesAt + width * 8;
  const { kernel, buffer } = openKernel<NeighbourKernel>(
    kernelBytes,
    offsetsAt + width * 4,
    kind,
    javascriptKernel,
  );
  new Float32Array(buffer, 0, blocks.length).set(blocks);
  new Float64Array(buffer, lengthsAt, lengths.length).set(lengths);
  const sums = new Float64Array(buffer, sumsAt, leafRows);
  const asked = new Float64Array(buffer, placesAt, width);
  const offsets = new Uint32Array(buffer, offsetsAt, width);
  const add = p === 2 ? kernel.addProducts : kernel.addDifferences;
  const factor = p === 2 ? -2 : 1;
  let count = 0;
  return {
    ask: (columns, places) => {
      count = columns.length;
      for (let k = 0; k < count; k++) {
        offsets[k] = columns[k]! * leafRows * 4;
        asked[k] = factor * places[k]!;
      }
    },
    scan: (leaf) => {
      add(leaf * width * leafRows * 4, offsetsAt, placesAt, count, lengthsAt + leaf * leafRows * 8, sumsAt);
      return sums;
    },
  };
}

/** Each training row's distance from the origin, squared if p = 2; leaf by leaf. */
function lengthsOf(blocks: Float32Array, width: number, p: 1 | 2): Float64Array {
  const lengths = new Float64Array(blocks.length / width);
  for (let start = 0; start < lengths.length; start += leafRows)
    for (let j = 0; j < width; j++)
      for (let i = 0; i < leafRows; i++) {
        const place = blocks[start * width + j * leafRows + i]!;
        lengths[start + i]! += p === 2 ? place * place : Math.abs(place);
      }
  return lengths;
}
