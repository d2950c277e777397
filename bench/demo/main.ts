import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument } from '../../src/contracts/verdict.ts';

/**
 * Does the demo's second day depend on the luck of the split? Runs both days for many split seeds and counts how often
 * a boosted model replaces the simple classifier. Needs `npm run build`.
 * @example npm run bench -- demo --seeds 20 --json demo.json
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    workers: { type: 'string' },
    json: { type: 'string' },
  },
});

interface Row {
  readonly seed: number;
  readonly conclusion: string;
  readonly reason: string;
  readonly winner: string | null;
  readonly trainer: string | null;
  /** Gain on the test set in the deciding metric, and the lower bound that was held against zero. */
  readonly gain: number | null;
  readonly lower: number | null;
  readonly seconds: number;
}

const demo = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url));

function runDemo(seed: number): Row {
  const out = mkdtempSync(join(tmpdir(), 'model-factory-demo-'));
  const started = performance.now();
  try {
    const workers = values.workers === undefined ? [] : ['--workers', values.workers];
    const args = [demo, '--seed', String(seed), '--out', out, ...workers];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
    if (status !== 0) throw new Error(`seed ${seed} ended with ${status}:\n${stderr}`);
    const file = join(out, 'day-2', 'verdict.json');
    const verdict = readDocument(verdictDocument, readFileSync(file, 'utf8'), file);
    return {
      seed,
      conclusion: verdict.conclusion,
      reason: verdict.reason,
      winner: verdict.winner,
      trainer: verdict.standings.find(({ name }) => name === verdict.winner)?.trainer ?? null,
      gain: verdict.decisive?.estimate ?? null,
      lower: verdict.decisive?.lower ?? null,
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const rows: Row[] = [];
process.stdout.write(
  '| seed | second day | winner | gain in log loss | lower bound | seconds |\n|---|---|---|---|---|---|\n',
);
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const row = runDemo(seed);
  rows.push(row);
  const { conclusion, reason, winner, gain, lower, seconds } = row;
  process.stdout.write(
    `| ${seed} | ${conclusion} (${reason}) | ${winner} | ${gain?.toFixed(5)} | ${lower?.toFixed(5)} | ${seconds} |\n`,
  );
}
const promoted = rows.filter(
  ({ conclusion, trainer }) => conclusion === 'promote' && trainer === 'gradient-boosting',
).length;
process.stdout.write(`\nBoosting promoted in ${promoted} of ${rows.length} splits.\n`);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ promoted, of: rows.length, rows }, null, 2)}\n`);
