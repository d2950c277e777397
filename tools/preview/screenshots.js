/**
 * node screenshots.js: the pictures of the README, docs/images/*.png, in light and dark: a promotion, a change that may
 * merge and one that may not, as the committed bundle reports them on the phone campaign of `examples/`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { renderAll } from './render.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples', 'next-best-action');
const scratch = mkdtempSync(join(tmpdir(), 'screenshots-'));
const repository = join(scratch, 'repository');

const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=demo', '-c', 'user.email=demo@example.org', ...args], {
    cwd: repository,
  });

function commit(message, configuration) {
  writeFileSync(join(repository, 'model-factory.yml'), configuration);
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

/** The report of one run on what is checked out. */
function report(...options) {
  const out = join(scratch, 'out');
  rmSync(out, { recursive: true, force: true });
  const args = [join(root, 'dist', 'cli.js'), 'run', '--ledger', '../history', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, [...args, ...options], { cwd: repository });
  if (status !== 0 && status !== 1) throw new Error(stderr.toString());
  return readFileSync(join(out, 'report.md'), 'utf8');
}

try {
  mkdirSync(repository);
  cpSync(join(example, 'data'), join(repository, 'data'), { recursive: true });
  const start = readFileSync(join(example, 'start.yml'), 'utf8');
  const full = readFileSync(join(example, 'model-factory.yml'), 'utf8');
  const without = (...columns) => full.replace('drop: [duration]', `drop: [duration, ${columns.join(', ')}]`);
  git('init', '--quiet', '--initial-branch', 'main');
  commit('A first classifier', start);
  report('--promote');
  commit('Classifiers x hyper-parameters', full);
  const reports = { promote: report('--promote') };
  git('switch', '--quiet', '--create', 'tidy');
  commit('Drop the day of the week', without('day_of_week'));
  reports.keep = report('--base', 'main');
  git('switch', '--quiet', '--create', 'lean', 'main');
  commit('Drop what happened before', without('poutcome', 'pdays', 'previous', 'euribor3m', 'nr.employed'));
  reports.block = report('--base', 'main');

  const folder = join(root, 'docs', 'images');
  mkdirSync(folder, { recursive: true });
  const schemes = ['light', 'dark'];
  await renderAll(
    Object.entries(reports).flatMap(([name, markdown]) =>
      schemes.map((scheme) => ({ markdown, scheme, file: join(folder, `${name}-${scheme}.png`) })),
    ),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
