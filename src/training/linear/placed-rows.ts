import type { KernelKind } from '../../numeric/webassembly.ts';
import { openLinearWorkbench, type LinearKernel } from './kernel.ts';

/** Rows as they come: float32, row after row, and whether a constant stands behind them. */
export interface GivenRows {
  readonly x: Float32Array;
  readonly rows: number;
  readonly features: number;
  readonly intercept: boolean;
}

/** Rows whose share of numbers that aren't 0 is above this are kept whole. */
const denseShare = 0.4;
/** Bytes that a processor keeps close while it goes over a block of rows several times. */
const blockBytes = 16_384;
/** Bytes that are copied at once to be listed. */
const copyBytes = 65_536;

/** Bytes to put a thing at a multiple of 16. */
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** The share of numbers that aren't 0, judged by up to 1,000 rows from all over. */
export function filledShare({ x, rows, features }: GivenRows): number {
  const looked = Math.min(rows, 1000);
  let filled = 0;
  for (let i = 0; i < looked; i++) {
    const from = Math.floor((i * rows) / looked) * features;
    for (let cell = from; cell < from + features; cell++) if (x[cell] !== 0) filled++;
  }
  return looked * features === 0 ? 0 : filled / (looked * features);
}

/**
 * Rows in a kernel's memory, with room for `extra` bytes from `at` on. Weights, and sums by column, are f64 for each
 * feature and the intercept's at `interceptAt`, in `columnBytes`.
 */
export class PlacedRows {
  readonly rows: number;
  /** Rows that should go together through several of the kernel's loops; even. */
  readonly blockRows: number;
  readonly columnBytes: number;
  /** Numbers before the intercept's. */
  readonly interceptAt: number;
  readonly kernel: LinearKernel;
  readonly buffer: ArrayBuffer;
  /** Where the extra bytes begin. */
  readonly at: number;
  private readonly features: number;
  private readonly intercept: boolean;
  private readonly dense: boolean;
  private readonly cellsAt: number;

  constructor(given: GivenRows, extra: number, kind?: KernelKind) {
    const { x, rows, features, intercept } = given;
    this.rows = rows;
    this.features = features;
    this.intercept = intercept;
    this.dense = filledShare(given) >= denseShare;
    this.interceptAt = this.dense ? (features + 1) & ~1 : features;
    this.columnBytes = aligned(8 * (this.interceptAt + 1));
    const filled = this.dense ? x.length : countFilled(x) + (intercept ? rows : 0);
    this.blockRows = Math.max(16, Math.floor(blockBytes / 4 / (filled / rows + 1)) & ~1);
    const startsBytes = this.dense ? 0 : aligned(4 * (rows + 1));
    const listBytes = this.dense ? 4 * filled : 8 * (filled + 1);
    const listAt = startsBytes + (this.dense ? 0 : copyBytes + 4 * features);
    this.cellsAt = this.dense ? listAt : 0;
    this.at = aligned(listAt + listBytes);
    const { kernel, buffer } = openLinearWorkbench(this.at + extra, kind);
    this.kernel = kernel;
    this.buffer = buffer;
    if (this.dense) new Float32Array(buffer, listAt, x.length).set(x);
    else this.list(given, startsBytes, aligned(listAt));
  }

  /** Scores of some rows. */
  times(first: number, count: number, weights: number, out: number): void {
    const from = this.from(first);
    if (this.dense) this.kernel.timesDense(from, this.features, count, weights, out);
    else this.kernel.timesEntries(from, count, weights, out);
  }

  /** Adds rows times factors, the first at `factors`. */
  add(first: number, count: number, factors: number, sums: number): void {
    const from = this.from(first);
    if (this.dense) this.kernel.addDense(from, this.features, count, factors, sums);
    else this.kernel.addEntries(from, count, factors, sums);
  }

  /** Adds squares of rows' numbers times factors. */
  addSquares(first: number, count: number, factors: number, sums: number): void {
    const from = this.from(first);
    if (this.dense) this.kernel.squareDense(from, this.features, count, factors, sums);
    else this.kernel.squareEntries(from, count, factors, sums);
  }

  /** Bytes for the products of columns. */
  get gramBytes(): number {
    return this.interceptAt * (this.interceptAt + 1) * 8 + this.columnBytes;
  }

  /** Adds products of the rows' columns times factors, the lower triangle alone; `gramAt` says where each stands. */
  addGram(first: number, count: number, factors: number, out: number): void {
    const from = this.from(first);
    if (!this.dense) {
      this.kernel.gramEntries(from, this.interceptAt + 1, count, factors, out);
      return;
    }
    this.kernel.gramDense(from, this.features, count, factors, out);
    this.kernel.addDense(from, this.features, count, factors, out + 8 * this.gramAt(this.interceptAt, 0));
  }

  /** Place of columns i and j <= i among the products. */
  gramAt(i: number, j: number): number {
    return i * (this.dense ? this.interceptAt : this.interceptAt + 1) + j;
  }

  private from(first: number): number {
    return this.dense ? this.cellsAt + 4 * first * this.features : 4 * first;
  }

  /** Lists the numbers that aren't 0, some rows after the others. */
  private list({ x, rows, features }: GivenRows, copyAt: number, listAt: number): void {
    const { kernel, buffer } = this;
    const starts = new Uint32Array(buffer, 0, rows + 1);
    starts[0] = listAt;
    const together = Math.max(1, Math.floor(copyBytes / 4 / features));
    for (let first = 0; first < rows; first += together) {
      const count = Math.min(together, rows - first);
      const cells = x.subarray(first * features, (first + count) * features);
      new Float32Array(buffer, copyAt, cells.length).set(cells);
      kernel.listEntries(copyAt, features, count, this.intercept ? 1 : 0, 4 * (first + 1), starts[first]!);
    }
  }
}

function countFilled(x: Float32Array): number {
  let filled = 0;
  for (let cell = 0; cell < x.length; cell++) if (x[cell] !== 0) filled++;
  return filled;
}
