import { openKernel, type KernelKind, type Workbench as KernelWorkbench } from '../../numeric/webassembly.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import { kernelBytes } from './kernel-bytes.ts';

/**
 * The hot loops of `kernels/dense.ts`, which says what each does. All arguments but factors are byte addresses in the
 * memory, sizes in bytes, or counts; addresses are multiples of 16.
 */
export interface DenseKernel {
  multiply(
    lists: number,
    listBytes: number,
    ends: number,
    count: number,
    b: number,
    bPanel: number,
    start: number,
    startPanel: number,
    startShared: number,
    c: number,
    cPanel: number,
    width: number,
  ): void;
  listRows(
    m: number,
    panel: number,
    count: number,
    width: number,
    positive: number,
    lists: number,
    listBytes: number,
    ends: number,
  ): void;
  listColumns(
    lists: number,
    listBytes: number,
    ends: number,
    count: number,
    columnLists: number,
    columnListBytes: number,
    columnEnds: number,
    width: number,
  ): void;
  addColumns(m: number, panel: number, count: number, width: number, sums: number): void;
  transpose(m: number, mPanel: number, rows: number, columns: number, t: number, tPanel: number): void;
  derive(activation: number, errors: number, outputs: number, bytes: number): void;
  multiplyCells(target: number, a: number, b: number, bytes: number): void;
  scale(target: number, source: number, bytes: number, factor: number): void;
  adam(
    weights: number,
    gradients: number,
    first: number,
    second: number,
    bytes: number,
    rate: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
  ): void;
}

/** The kernel and the memory that it works on. */
export type Workbench = KernelWorkbench<DenseKernel>;

/** Zeroed memory of that many bytes with the kernel on top. */
export function openWorkbench(bytes: number, kind: KernelKind = 'wasm'): Workbench {
  return openKernel(kernelBytes, bytes, kind, javascriptKernel);
}
