export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the engine's API that is used; Node's types leave it out. Missing with `--jitless`. */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array) => boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Memory: new (size: { initial: number }) => WasmMemory;
      readonly Instance: new (
        module: object,
        imports: { env: { memory: WasmMemory } },
      ) => { readonly exports: unknown };
    }
  | undefined;

/** Bytes by which a memory grows. */
export const pageBytes = 65_536;
const mostPages = 65_536;
const compiled = new Map<string, object>();

/**
 * A kernel of `kernels/*.ts` with zeroed memory of at least `bytes`; undefined where the engine has no WebAssembly with
 * SIMD or refuses the memory, e.g. under a limit of address space. `exports` is what the kernel's source exports.
 * @param program the kernel in base64, as `npm run kernels` writes it
 */
export function openWasm(
  program: string,
  bytes: number,
): { readonly memory: WasmMemory; readonly exports: unknown } | undefined {
  const initial = Math.ceil(bytes / pageBytes);
  if (typeof WebAssembly === 'undefined' || initial > mostPages) return undefined;
  const module = compiled.get(program) ?? compile(program);
  if (!module) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { memory, exports };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function compile(program: string): object | undefined {
  const bytes = Uint8Array.from(atob(program), (character) => character.charCodeAt(0));
  if (!WebAssembly?.validate(bytes)) return undefined;
  const module = new WebAssembly.Module(bytes);
  compiled.set(program, module);
  return module;
}

/** Which of a kernel's two forms; they give the same bytes. */
export type KernelKind = 'wasm' | 'javascript';

/** A kernel and the memory that it works on. */
export interface Workbench<Kernel> {
  readonly kernel: Kernel;
  readonly buffer: ArrayBuffer;
}

/**
 * Zeroed memory of that size with a kernel on top: WebAssembly where it has SIMD and the memory, else JavaScript.
 * @param program as for `openWasm`; its exports are a `Kernel`
 */
export function openKernel<Kernel>(
  program: string,
  bytes: number,
  kind: KernelKind,
  javascript: (buffer: ArrayBuffer) => Kernel,
): Workbench<Kernel> {
  const wasm = kind === 'wasm' ? openWasm(program, bytes) : undefined;
  if (wasm) return { kernel: wasm.exports as Kernel, buffer: wasm.memory.buffer };
  const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
  return { kernel: javascript(buffer), buffer };
}
