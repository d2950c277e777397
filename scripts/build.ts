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
run(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  'build/src/bundle.js',
  '--out',
  dist,
  '--license',
  'licenses.txt',
  '--quiet',
);

mkdirSync(dist, { recursive: true });
const here = 'new URL("./fit-worker.js", import.meta.url)';
const stub = (name: string, body: string): void => writeFileSync(join(dist, `${name}.js`), body);
stub(
  'cli',
  `#!/usr/bin/env node\nimport { runCli } from "./index.js";\nimport { fileURLToPath } from "node:url";\nprocess.exitCode = await runCli(process.argv.slice(2), fileURLToPath(${here}));\n`,
);
stub('fit-worker', 'import { serveFits } from "./index.js";\nserveFits();\n');
const actions = readdirSync(join(root, 'src', 'actions'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
for (const name of actions.map((entry) => entry.name).sort())
  stub(
    name,
    `import { runAction } from "./index.js";\nimport { fileURLToPath } from "node:url";\nawait runAction(${JSON.stringify(name)}, fileURLToPath(${here}));\n`,
  );

for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(join(dist, file), 'utf8');
  if (text.includes(root)) throw new Error(`${file} holds a path of this machine`);
  if (text.includes('MODULE: ../'))
    throw new Error(`${file} was bundled from a node_modules outside this checkout: run npm ci here`);
}

rmSync(target, { recursive: true, force: true });
renameSync(dist, target);
