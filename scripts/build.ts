/**
 * Builds `dist/`: one bundle that every action shares, and a stub of a few lines for each entry.
 * The output is the same on every machine; CI builds it again and compares.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? join(root, 'dist');
/** Built beside the target, which is replaced only by a whole one. */
const dist = `${target}.new`;

const run = (command: string, ...args: string[]): void => {
  execFileSync(process.execPath, [join(root, 'node_modules', command), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
};

rmSync(join(root, 'build'), { recursive: true, force: true });
rmSync(dist, { recursive: true, force: true });
run('typescript/bin/tsc', '-p', 'tsconfig.build.json');
const bundle = (file: string, out: string, ...more: string[]): void =>
  run(
    '@vercel/ncc/dist/ncc/cli.js',
    'build',
    file,
    '--out',
    out,
    '--license',
    'licenses.txt',
    '--quiet',
    ...more,
  );
bundle('build/src/bundle.js', dist);

// TensorFlow.js has a file of its own, which only a `tensorflow` candidate loads: CommonJS, because its WebAssembly
// backend looks for `__dirname`, and without blanks and long names, half the size.
const library = join(dist, 'tensorflow');
const backend = '@tensorflow/tfjs-backend-wasm';
const commonJs = `${JSON.stringify({ type: 'commonjs' })}\n`;
mkdirSync(join(root, 'build/tensorflow'));
writeFileSync(join(root, 'build/tensorflow/package.json'), commonJs);
writeFileSync(
  join(root, 'build/tensorflow/library.js'),
  `module.exports = { tf: require('@tensorflow/tfjs'), wasm: require('${backend}') };\n`,
);
bundle('build/tensorflow/library.js', library, '--minify');
writeFileSync(join(library, 'package.json'), commonJs);
const wasm = 'tfjs-backend-wasm-simd.wasm';
writeFileSync(join(library, wasm), readFileSync(join(root, 'node_modules', backend, 'dist', wasm)));

mkdirSync(dist, { recursive: true });
const here = 'new URL("./fit-worker.js", import.meta.url)';
const stub = (name: string, body: string): void => writeFileSync(join(dist, `${name}.js`), body);
stub(
  'cli',
  `#!/usr/bin/env node\nimport { runCli } from "./index.js";\nimport { fileURLToPath } from "node:url";\nprocess.exitCode = await runCli(process.argv.slice(2), fileURLToPath(${here}));\n`,
);
stub('fit-worker', 'import { serveFits } from "./index.js";\nserveFits();\n');
// The import stands here because the bundler would look for the module at build time.
stub('tensorflow', 'import { serveLayers } from "./index.js";\nawait serveLayers((file) => import(file));\n');
const actions = readdirSync(join(root, 'src', 'actions'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
for (const name of actions.map((entry) => entry.name).sort())
  stub(
    name,
    `import { runAction } from "./index.js";\nimport { fileURLToPath } from "node:url";\nawait runAction(${JSON.stringify(name)}, fileURLToPath(${here}));\n`,
  );

for (const file of readdirSync(dist, { encoding: 'utf8', recursive: true }).filter((name) =>
  name.endsWith('.js'),
)) {
  const text = readFileSync(join(dist, file), 'utf8');
  if (text.includes(root)) throw new Error(`${file} holds a path of this machine`);
  if (text.includes('MODULE: ../'))
    throw new Error(`${file} was bundled from a node_modules outside this checkout: run npm ci here`);
}

rmSync(target, { recursive: true, force: true });
renameSync(dist, target);
