import { openKernel, type KernelKind, type Workbench } from '../../numeric/webassembly.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import { kernelBytes } from './kernel-bytes.ts';

/**
 * The hot loops of `kernels/linear.ts`, which says what each does. All arguments are byte addresses in the memory, sizes in
 * bytes or counts.
 */
export interface LinearKernel {
  timesDense(x: number, width: number, rows: number, weights: number, out: number): void;
  addDense(x: number, width: number, rows: number, factors: number, sums: number): void;
  squareDense(x: number, width: number, rows: number, factors: number, sums: number): void;
  gramDense(x: number, width: number, rows: number, factors: number, out: number): void;
  listEntries(
    x: number,
    width: number,
    rows: number,
    intercept: number,
    starts: number,
    entries: number,
  ): void;
  timesEntries(starts: number, rows: number, weights: number, out: number): void;
  addEntries(starts: number, rows: number, factors: number, sums: number): void;
  squareEntries(starts: number, rows: number, factors: number, sums: number): void;
  gramEntries(starts: number, width: number, rows: number, factors: number, out: number): void;
  binomial(scores: number, y: number, costs: number, curvatures: number, rows: number): number;
  softmax(
    scores: number,
    slopes: number,
    stride: number,
    classes: number,
    y: number,
    costs: number,
    rows: number,
  ): number;
}

/** The kernel and the memory that it works on. */
export type LinearWorkbench = Workbench<LinearKernel>;

/** Zeroed memory of that many bytes with the kernel on top. */
export function openLinearWorkbench(bytes: number, kind: KernelKind = 'wasm'): LinearWorkbench {
  return openKernel(kernelBytes, bytes, kind, javascriptKernel);
}
