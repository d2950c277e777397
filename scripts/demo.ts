/**
 * The main job on real data: a phone campaign of 41,188 contacts. Day one trains a simple classifier, which becomes
 * the champion; day two brings a set of classifiers × hyper-parameters, and the best of them has to beat it.
 * @example npm run demo [-- --seed 11] [-- --workers 1]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'examples', 'next-best-action');
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'demo-out') },
    seed: { type: 'string' },
    workers: { type: 'string' },
  },
});
const out = values.out;
const ledger = join(out, 'history');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

function day(title: string, configName: string, folder: string): void {
  process.stderr.write(`\n— ${title} —\n`);
  const args = [
    'run',
    '--config',
    configFor(configName),
    '--out',
    join(out, folder),
    '--ledger',
    ledger,
    '--promote',
  ];
  const workers = values.workers === undefined ? [] : ['--workers', values.workers];
  const cli = join(root, 'dist', 'cli.js');
  const { status } = spawnSync(process.execPath, [cli, ...args, ...workers], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The example's configuration, or a copy beside it with another split seed. */
function configFor(name: string): string {
  if (values.seed === undefined) return join(example, name);
  const text = readFileSync(join(example, name), 'utf8').replace(
    'source: data/',
    `source: ${join(example, 'data')}/`,
  );
  const copy = join(out, name);
  writeFileSync(copy, `${text}validation: { seed: ${values.seed} }\n`);
  return copy;
}

const started = performance.now();
day('day one: a simple classifier, nothing to compare with yet', 'start.yml', 'day-1');
day('day two: classifiers × hyper-parameters against the champion', 'model-factory.yml', 'day-2');
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stderr.write(
  `\nDone in ${seconds} s. Documents and models: ${relative(process.cwd(), out) || out}/\n`,
);
