import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDocument } from '../../src/contracts/document.ts';
import { planDocument } from '../../src/contracts/plan.ts';

/**
 * How long `plan` takes for 1,000 candidates, and how long the longest of 256 jobs is beside the best possible. Rows of
 * the bank campaign repeated until the time asks for 256 jobs would only slow the reading down, so the trees are many.
 * @example npm run bench -- plan --json plan.json
 */
const { values } = parseArgs({ options: { json: { type: 'string' } } });
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const iterations = Array.from({ length: 25 }, (_, i) => 400 * (i + 1));
const leaves = [7, 15, 31, 63];
const configuration = `version: 1
model: plan
data: { source: bank.csv, target: y, positive: "yes", drop: [duration] }
candidates:
  boosting: { trainer: gradient-boosting, grid: { max_iter: [${iterations.join(', ')}], max_leaf_nodes: [${leaves.join(', ')}], learning_rate: [0.02, 0.05, 0.1] } }
  forest: { trainer: random-forest, grid: { n_estimators: [${iterations.join(', ')}], max_leaf_nodes: [${leaves.join(', ')}], max_features: [0.3, 0.6] } }
  net: { trainer: neural-network, grid: { hidden_layer_sizes: [[64], [128], [64, 64], [256]], alpha: [0.0001, 0.001, 0.01, 0.1, 1], batch_size: [64, 128, 256, 512, 1024], learning_rate_init: [0.001, 0.01, 0.1, 0.002, 0.02] } }
`;

const folder = mkdtempSync(join(tmpdir(), 'model-factory-plan-'));
try {
  writeFileSync(join(folder, 'bank.csv'), readFileSync(here('examples/next-best-action/data/bank.csv')));
  writeFileSync(join(folder, 'model-factory.yml'), configuration);
  const args = [here('dist/cli.js'), 'plan', '--out', 'out', '--max-shards', '256'];
  const runs = Array.from({ length: 5 }, () => {
    const timed = [
      '-c',
      'TIMEFORMAT=\'%U %S\'; time "$@" >/dev/null 2>&1',
      'plan',
      process.execPath,
      ...args,
    ];
    const { status, stderr } = spawnSync('bash', timed, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`plan ended with ${status}`);
    const [user = NaN, system = NaN] = stderr.trim().split(' ').map(Number);
    return (user + system) * 1000;
  });
  const text = readFileSync(join(folder, 'out', 'plan.json'), 'utf8');
  const { candidates, shards } = readDocument(planDocument, text, 'plan.json');
  const total = shards.reduce((sum, { predictedMs }) => sum + predictedMs, 0);
  const longest = Math.max(...shards.map(({ predictedMs }) => predictedMs));
  const single = Math.max(
    ...shards.filter(({ candidates: own }) => own.length === 1).map(({ predictedMs }) => predictedMs),
  );
  const row = {
    case: `${candidates.length} candidates over ${shards.length} jobs`,
    cpuMsMin: Math.round(Math.min(...runs)),
    cpuMsMedian: Math.round(runs.toSorted((a, b) => a - b)[2]!),
    makespanToLowerBound: Number((longest / Math.max(total / shards.length, single)).toFixed(4)),
  };
  process.stdout.write(
    `| case | processor time of plan, ms (min of 5) | median | longest job / lower bound |\n|---|---|---|---|\n` +
      `| ${row.case} | ${row.cpuMsMin} | ${row.cpuMsMedian} | ${row.makespanToLowerBound} |\n`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify([row], null, 2)}\n`);
  process.exitCode = row.cpuMsMin < 2000 && row.makespanToLowerBound <= 1.15 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
