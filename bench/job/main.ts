/**
 * The whole job, CSV to verdict: seven candidates of the bank campaign on five folds, and each on all rows, beside
 * scikit-learn on the same folds. Wall time, the two in turns; then with what has to be installed before: nothing here,
 * `pip install scikit-learn pandas` into a new environment there. Needs `npm run build`.
 * @example npm run bench -- job --data DIR --python python3 --json job.json
 */
import { cpSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillTable } from '../table.ts';
import { timed, type Measured } from '../timed.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    runs: { type: 'string', default: '5' },
    installs: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
if (values.data === undefined) {
  process.stderr.write('Name the folder with the data sets: --data DIR\n');
  process.exit(2);
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Row {
  readonly what: string;
  readonly wallMsMin: number;
  readonly wallMsMedian: number;
  readonly cpuMsMin: number;
  readonly peakBytes: number;
  readonly wallMs: readonly number[];
}

function rowOf(what: string, runs: readonly Measured[]): Row {
  const wallMs = runs.map((run) => run.wallMs);
  const sorted = wallMs.toSorted((a, b) => a - b);
  return {
    what,
    wallMsMin: sorted[0]!,
    wallMsMedian: sorted[Math.floor(sorted.length / 2)]!,
    cpuMsMin: Math.min(...runs.map(({ cpuMs }) => cpuMs)),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
    wallMs,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'model-factory-job-'));
try {
  cpSync(join(values.data, 'folds'), join(folder, 'folds'), { recursive: true });
  copyFileSync(join(values.data, 'bank_marketing.csv'), join(folder, 'bank_marketing.csv'));
  copyFileSync(here('job.yml'), join(folder, 'model-factory.yml'));
  const cli = here('../../dist/cli.js');
  const config = join(folder, 'model-factory.yml');
  const own: Measured[] = [];
  const peer: Measured[] = [];
  const installs: Measured[] = [];
  const loads = [loadavg()[0]!];
  for (let run = 0; run < Number(values.runs); run++) {
    own.push(timed([process.execPath, cli, 'run', '--config', config, '--out', join(folder, 'out')]));
    rmSync(join(folder, 'out'), { recursive: true });
    peer.push(timed([values.python, here('job.py'), folder]));
    if (run < Number(values.installs))
      installs.push(timed(['bash', here('install.sh'), join(folder, 'venv')]));
    rmSync(join(folder, 'venv'), { recursive: true, force: true });
    loads.push(loadavg()[0]!);
    const said = (name: string, { wallMs, cpuMs }: Measured): string =>
      `${name} ${wallMs} ms (${cpuMs} ms of CPU)`;
    process.stdout.write(`run ${run + 1}: ${said('ours', own[run]!)}, ${said('scikit-learn', peer[run]!)}\n`);
  }
  const rows = [
    rowOf('model-factory', own),
    rowOf('scikit-learn', peer),
    rowOf('pip install scikit-learn pandas', installs),
  ] as const;
  const ratio = (of: 'wallMsMin' | 'wallMsMedian' | 'cpuMsMin', withInstall = false): number =>
    Number((rows[0][of] / (rows[1][of] + (withInstall ? rows[2][of] : 0))).toFixed(3));
  const ratios = {
    wallMin: ratio('wallMsMin'),
    wallMedian: ratio('wallMsMedian'),
    cpuMin: ratio('cpuMsMin'),
    wallMinWithInstall: ratio('wallMsMin', true),
    wallMedianWithInstall: ratio('wallMsMedian', true),
  };
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const lines = [
    '| what | wall s: least / median | CPU s | peak MB |',
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${seconds(row.wallMsMin)} / ${seconds(row.wallMsMedian)} | ${seconds(row.cpuMsMin)} | ` +
        `${Math.round(row.peakBytes / 1e6)} |`,
    ),
    '',
    `Ours to scikit-learn: ${ratios.wallMin} of the least wall time, ${ratios.wallMedian} of the median, ` +
      `${ratios.cpuMin} of the processor time; with the installation ${ratios.wallMinWithInstall} and ` +
      `${ratios.wallMedianWithInstall}.`,
    `${own.length} runs each in turns on ${availableParallelism()} processors; the load was ${load}.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ rows, ratios, load }, null, 2)}\n`);
  fillTable('job', lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
