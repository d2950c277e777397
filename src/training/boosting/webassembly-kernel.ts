import { UserError } from '../../errors/user-error.ts';
import { openWasm, pageBytes, type WasmMemory } from '../../numeric/webassembly.ts';
import { fillCells, type BinnedRows } from './bins.ts';
import { kernelBytes } from './kernel-bytes.ts';
import type { Kernel } from './kernel.ts';
import type { NodeSearch } from './threshold.ts';

/** What `kernels/trees.ts` exports; addresses and sizes in bytes, rows and bins in numbers of them. */
interface Exports {
  build(
    cells: number,
    width: number,
    order: number,
    count: number,
    pairs: number,
    sums: number,
    bins: number,
  ): void;
  subtract(sums: number, minus: number, bins: number): void;
  total(order: number, count: number, pairs: number, out: number): void;
  threshold(sums: number, table: number, chosen: number, count: number, node: number, plain: 0 | 1): number;
  partition(column: number, order: number, count: number, goesLeft: number, spare: number): number;
}

const PAIR_BYTES = 16;

/** Numbers of a node and its rules before those of the best threshold; `kernels/trees.ts` has their order. */
const NODE_NUMBERS = 14;

/** Cells count bins from their block's first one, in 16 bits; a block's histogram should stay in a processor's cache. */
const BLOCK_BINS = 16_384;

/** Features `start` … `end` - 1, bins from `first` on; their cells stand together at `at`. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly bins: number;
  readonly at: number;
}

/** The kernel in WebAssembly with SIMD; undefined where the engine has none, or no memory of that size. */
export function webAssemblyKernel(bins: BinnedRows, trained: number): Kernel | undefined {
  const { rows, width, totalBins, columns } = bins;
  const layout = new Layout();
  const orderAt = layout.place(4 * trained);
  const spareAt = layout.place(4 * trained);
  const pairsAt = layout.place(PAIR_BYTES * rows);
  const tableAt = layout.place(256);
  const nodeAt = layout.place(8 * (NODE_NUMBERS + 5));
  const chosenAt = layout.place(4 * width);
  const featuresAt = layout.place(16 * width);
  const columnsAt = layout.place(rows * width);
  const blocks = blocksOf(bins, layout);
  const histogramsAt = layout.end;
  const slotBytes = PAIR_BYTES * totalBins;
  const loaded = openWasm(kernelBytes, histogramsAt + 2 * slotBytes);
  if (loaded === undefined || !(columns instanceof Uint8Array)) return undefined;
  const { memory } = loaded;
  const exports = loaded.exports as Exports;
  new Uint8Array(memory.buffer, columnsAt).set(columns);
  for (const { at, start, end } of blocks)
    fillCells(bins, start, end, new Uint16Array(memory.buffer, at, rows * (end - start)));

  const table = new Int32Array(memory.buffer, featuresAt, 4 * width);
  bins.features.forEach(({ first, count, hasMissing }, j) => {
    table.set([first, count, hasMissing ? 1 : 0, 0], 4 * j);
  });
  let directions: Int8Array | undefined;

  const viewsOf = () => ({
    order: new Int32Array(memory.buffer, orderAt, trained),
    pairs: new Float64Array(memory.buffer, pairsAt, 2 * rows),
    goesLeft: new Uint8Array(memory.buffer, tableAt, 256),
    node: new Float64Array(memory.buffer, nodeAt, NODE_NUMBERS + 5),
    chosen: new Int32Array(memory.buffer, chosenAt, width),
    table: new Int32Array(memory.buffer, featuresAt, 4 * width),
    /** Slots that were asked for; a new array costs more than a small histogram. */
    histograms: [] as Float64Array[],
  });
  let views = viewsOf();
  /** Address of the slot's histogram; the memory grows if need be, which makes its arrays void. */
  const slotAt = (slot: number): number => {
    const at = histogramsAt + slot * slotBytes;
    const lacking = at + slotBytes - memory.buffer.byteLength;
    if (lacking > 0) {
      growBy(memory, lacking);
      views = viewsOf();
    }
    return at;
  };
  return {
    get order() {
      return views.order;
    },
    get pairs() {
      return views.pairs;
    },
    get goesLeft() {
      return views.goesLeft;
    },
    histogram(slot) {
      const at = slotAt(slot);
      return (views.histograms[slot] ??= new Float64Array(memory.buffer, at, 2 * totalBins));
    },
    build(slot, start, end) {
      const at = slotAt(slot);
      for (const block of blocks)
        exports.build(
          block.at,
          block.end - block.start,
          orderAt + 4 * start,
          end - start,
          pairsAt,
          at + PAIR_BYTES * block.first,
          block.bins,
        );
    },
    subtract: (slot, other) => exports.subtract(slotAt(slot), slotAt(other), totalBins),
    total(start, end) {
      exports.total(orderAt + 4 * start, end - start, pairsAt, nodeAt);
      return [views.node[0]!, views.node[1]!];
    },
    threshold(slot, features, search) {
      const { rules } = search;
      const at = slotAt(slot);
      const { node, chosen } = views;
      setNumbers(node, search);
      chosen.set(features);
      if (rules.monotone !== directions) {
        directions = rules.monotone;
        for (let j = 0; j < width; j++) views.table[4 * j + 3] = directions?.[j] ?? 0;
      }
      const plain = search.plain ? 1 : 0;
      const feature = exports.threshold(at, featuresAt, chosenAt, features.length, nodeAt, plain);
      if (feature < 0) return undefined;
      const missing = node[NODE_NUMBERS + 2]!;
      return {
        feature,
        gain: node[NODE_NUMBERS]!,
        bin: node[NODE_NUMBERS + 1]!,
        missingLeft: missing === -1 ? undefined : missing === 1,
        leftGradient: node[NODE_NUMBERS + 3]!,
        leftPacked: node[NODE_NUMBERS + 4]!,
      };
    },
    partition(start, end, feature) {
      const column = columnsAt + feature * rows;
      return start + exports.partition(column, orderAt + 4 * start, end - start, tableAt, spareAt);
    },
  };
}

/** @throws UserError TRAINING_FAILED where the engine gives no more: trees this large need another setting anyway */
function growBy(memory: WasmMemory, bytes: number): void {
  try {
    memory.grow(Math.ceil(bytes / pageBytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError({
      code: 'TRAINING_FAILED',
      message: 'gradient-boosting: the histograms of the open leaves need more memory than there is',
      fix: 'Lower max_leaf_nodes or max_bins, or drop columns.',
      cause: error,
    });
  }
}

/** In the order of `kernels/trees.ts`, from `GRADIENT` to `CONSTANT`. */
function setNumbers(numbers: Float64Array, search: NodeSearch): void {
  const { rules } = search;
  const { packing } = rules;
  numbers[0] = search.gradient;
  numbers[1] = search.rows;
  numbers[2] = search.hessian;
  numbers[3] = search.parent;
  numbers[4] = rules.minGain;
  numbers[5] = rules.minSamplesLeaf;
  numbers[6] = rules.l1;
  numbers[7] = rules.l2;
  numbers[8] = search.lower;
  numbers[9] = search.upper;
  numbers[10] = packing.unit;
  numbers[11] = packing.inverseUnit;
  numbers[12] = packing.step;
  numbers[13] = packing.constant;
}

/** Places arrays one after the other, each where a line of the processor's cache begins. */
class Layout {
  /** Address 0 stays free. */
  end = 64;

  place(bytes: number): number {
    const at = this.end;
    this.end = 64 * Math.ceil((at + bytes) / 64);
    return at;
  }
}

function blocksOf({ features, rows, totalBins }: BinnedRows, layout: Layout): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < features.length;) {
    const { first } = features[start]!;
    let end = start + 1;
    const endBin = (feature: number): number => features[feature]?.first ?? totalBins;
    while (end < features.length && endBin(end + 1) - first <= BLOCK_BINS) end++;
    const at = layout.place(2 * rows * (end - start));
    blocks.push({ start, end, first, bins: endBin(end) - first, at });
    start = end;
  }
  return blocks;
}
