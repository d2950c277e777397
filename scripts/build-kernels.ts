/**
 * Compiles `kernels/*.ts` (AssemblyScript) to WebAssembly and writes the bytes into modules of `src/`, so that nothing
 * has to be loaded at run time. The output is the same on every machine; `--check` compares instead of writing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** Each kernel and the module that holds its bytes. */
const kernels = [
  { source: 'kernels/dense.ts', module: 'src/training/net/kernel-bytes.ts' },
  { source: 'kernels/linear.ts', module: 'src/training/linear/kernel-bytes.ts' },
  { source: 'kernels/neighbours.ts', module: 'src/model/neighbours/kernel-bytes.ts' },
  { source: 'kernels/trees.ts', module: 'src/training/boosting/kernel-bytes.ts' },
];

/** Characters of base64 in a line of the module. */
const LINE = 100;

function compile(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  const file = join(folder, 'kernel.wasm');
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
  const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  execFileSync(process.execPath, [compiler, source, '--outFile', file, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

function moduleOf(source: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [
    `/** \`${source}\` as WebAssembly, base64. Written by \`npm run kernels\`. */`,
    'export const kernelBytes = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

for (const { source, module } of kernels) {
  const bytes = compile(source);
  const text = moduleOf(source, bytes);
  const file = join(root, module);
  if (!check) {
    writeFileSync(file, text);
    console.log(`${module}: ${bytes.length} bytes of WebAssembly`);
  } else if (readFileSync(file, 'utf8') === text) console.log(`${module} equals a fresh build`);
  else {
    console.error(`${module} is not what ${source} compiles to: run npm run kernels`);
    process.exitCode = 1;
  }
}
