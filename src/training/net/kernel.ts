import { javascriptKernel } from './javascript-kernel.ts';
import { kernelBytes } from './kernel-bytes.ts';

/** What this needs of an interface that the types of ECMAScript lack. */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array) => boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
      readonly Instance: new (
        module: object,
        imports: { env: { memory: { readonly buffer: ArrayBuffer } } },
      ) => { readonly exports: DenseKernel };
    }
  | undefined;

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

/** A kernel and the memory that it works on. */
export interface Workbench {
  readonly kernel: DenseKernel;
  readonly buffer: ArrayBuffer;
}

/** Which of the two kernels; they give the same bytes. */
export type KernelKind = 'wasm' | 'javascript';

const pageBytes = 65_536;
let compiled: object | undefined;

/** Zeroed memory of that size with the kernel on top: WebAssembly where it has SIMD and the memory, else JavaScript. */
export function openWorkbench(bytes: number, kind: KernelKind = 'wasm'): Workbench {
  const wasm = kind === 'wasm' ? openWasm(bytes) : undefined;
  if (wasm) return wasm;
  const buffer = new ArrayBuffer(bytes);
  return { kernel: javascriptKernel(buffer), buffer };
}

function openWasm(bytes: number): Workbench | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  if (compiled === undefined) {
    const program = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));
    if (!WebAssembly.validate(program)) return undefined;
    compiled = new WebAssembly.Module(program);
  }
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { kernel: exports, buffer: memory.buffer };
  } catch (error) {
    // The engine refuses the memory, e.g. under a limit of address space.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
