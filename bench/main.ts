import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs one benchmark: `npm run bench -- gate|quality|train|data-sets|read|plan|job|scale|demo [options]`; see `bench/README.md`. */
const benchmarks = ['gate', 'quality', 'train', 'data-sets', 'read', 'plan', 'job', 'scale', 'demo'];
const [name = '', ...rest] = process.argv.slice(2);
if (!benchmarks.includes(name)) {
  process.stderr.write(`Name a benchmark: ${benchmarks.join(', ')}.\n`);
  process.exit(2);
}
// As the program runs: docs/adr/0008-no-maglev.md.
const file = fileURLToPath(new URL(`${name}/main.ts`, import.meta.url));
process.exitCode =
  spawnSync(process.execPath, ['--no-maglev', file, ...rest], { stdio: 'inherit' }).status ?? 1;
