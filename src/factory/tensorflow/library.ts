import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorflowParams } from './params.ts';

export type Tf = typeof TensorFlow;

/** TensorFlow.js as it was found, on the backend that it is to use. */
export interface Library {
  readonly tf: Tf;
  readonly backend: 'native' | 'wasm' | 'cpu';
  /** For the log: version, where from, backend. */
  readonly says: string;
  readonly warnings: readonly string[];
}

/** The native library can't be had. */
export class NativeMissing extends Error {}

const native = '@tensorflow/tfjs-node';

/**
 * TensorFlow.js for a process: `@tensorflow/tfjs-node` where it resolves from `folder`, else the one in the bundle, on
 * WebAssembly and else on plain JavaScript.
 * @throws NativeMissing where nothing but the native library will do
 */
export async function loadLibrary(wanted: TensorflowParams['backend'], folder: string): Promise<Library> {
  const warnings: string[] = [];
  if (wanted === 'auto' || wanted === 'native') {
    const found = await loadNative(folder);
    if (found.kind === 'loaded') return found.library;
    if (wanted === 'native') throw new NativeMissing(found.why);
    if (found.kind === 'broken') warnings.push(`${native} did not load and was left aside: ${found.why}`);
  }
  const { tf, wasm, wasmFolder } = loadBundled();
  // Without advice to install something else, and without checks that cost time.
  tf.enableProdMode();
  wasm.setWasmPaths(wasmFolder);
  if (wanted !== 'cpu' && (await tf.setBackend('wasm'))) return bundled(tf, 'wasm', warnings);
  return onCpu({ tf, warnings });
}

/** The same library on plain JavaScript, which has every operation. */
export async function onCpu({ tf, warnings }: Pick<Library, 'tf' | 'warnings'>): Promise<Library> {
  await tf.setBackend('cpu');
  return bundled(tf, 'cpu', warnings);
}

function bundled(tf: Tf, backend: 'wasm' | 'cpu', warnings: readonly string[]): Library {
  return {
    tf,
    backend,
    says: `TensorFlow.js ${tf.version.tfjs} of the factory, backend ${backend}`,
    warnings,
  };
}

type Native =
  | { readonly kind: 'loaded'; readonly library: Library }
  | { readonly kind: 'absent' | 'broken'; readonly why: string };

async function loadNative(folder: string): Promise<Native> {
  const require = createRequire(join(folder, 'package.json'));
  try {
    require.resolve(native);
  } catch {
    return { kind: 'absent', why: 'it does not resolve from the folder of the configuration' };
  }
  try {
    restoreUtilities();
    const tf = require(native) as Tf;
    await tf.ready();
    const says = `TensorFlow.js ${tf.version.tfjs} of ${native}, backend ${tf.getBackend()}`;
    return { kind: 'loaded', library: { tf, backend: 'native', says, warnings: [] } };
  } catch (error) {
    return { kind: 'broken', why: firstLine(error) };
  }
}

/** tfjs-node 4.22 calls functions of `node:util` that Node 23 and later don't have. */
function restoreUtilities(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

interface Bundled {
  readonly tf: Tf;
  readonly wasm: { readonly setWasmPaths: typeof setWasmPaths };
  readonly wasmFolder: string;
}

/** In `dist/` a file of its own, which nothing else loads; in a checkout the packages themselves. */
function loadBundled(): Bundled {
  const require = createRequire(import.meta.url);
  const folder = join(import.meta.dirname, 'tensorflow');
  const file = join(folder, 'index.js');
  if (existsSync(file))
    return { ...(require(file) as Omit<Bundled, 'wasmFolder'>), wasmFolder: `${folder}/` };
  const [tf, wasm] = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];
  return {
    tf: require(tf) as Tf,
    wasm: require(wasm) as Bundled['wasm'],
    wasmFolder: join(dirname(require.resolve(`${wasm}/package.json`)), 'dist/'),
  };
}

/** First line of what was thrown. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.slice(0, 500);
}
