import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { TrainingSet } from '../../src/training/trainer.ts';
import { fillTable } from '../table.ts';
import { cases, trainingRows, type Case } from './cases.ts';
import { caseHeader, fitResult } from './header.ts';

/**
 * How much processor time do our trainers take beside LightGBM, XGBoost and scikit-learn? Each fit is a process of its
 * own with one thread, the engines take turns, and the least time of each counts: other work on the machine only adds.
 * @example npm run bench -- train --data DIR --json train.json
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    peers: { type: 'string' },
    json: { type: 'string' },
  },
});
if (values.data === undefined) {
  process.stderr.write('Name the folder with the data sets: --data DIR\n');
  process.exit(2);
}
const dataFolder = resolve(values.data);
const runs = Number(values.runs);
/** Parts of the names of cases, e.g. `--only wine,forest`. */
const only = values.only?.split(',');
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const peersFolder = values.peers ?? join(tmpdir(), 'model-factory-peers');
const python = join(peersFolder, 'bin', 'python');
if (!existsSync(python)) execFileSync('bash', [here('install-peers.sh'), peersFolder], { stdio: 'inherit' });

interface Row {
  readonly case: string;
  readonly engine: string;
  readonly cpuMsMin: number;
  readonly cpuMsMedian: number;
  /** Least time beside the peer's least time. */
  readonly ratioToPeer: number;
  readonly peer: string;
  /** Log loss, or RMSE, on rows that were held back. */
  readonly loss: number;
}

function writeCase(folder: string, { trainer, params }: Case, data: TrainingSet): void {
  const { task, rows, classes, features } = data;
  const levels = features.map((feature) => feature.levels);
  const sizes = { rows, trained: trainingRows(data), width: features.length, classes };
  const header = caseHeader.parse({ task, ...sizes, levels, trainer, params });
  writeFileSync(join(folder, 'case.json'), JSON.stringify(header));
  writeFileSync(join(folder, 'x'), data.x);
  writeFileSync(join(folder, 'y'), data.y);
}

async function measure(one: Case): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-train-'));
  writeCase(folder, one, await one.load(dataFolder));
  const commands = new Map<string, string[]>([
    ['model-factory', [process.execPath, '--no-maglev', here('ours.ts'), folder]],
    ...one.peers.map(
      (engine) => [engine, [python, here('peers.py'), folder, engine]] satisfies [string, string[]],
    ),
  ]);
  const found = new Map([...commands.keys()].map((engine) => [engine, { times: [] as number[], loss: NaN }]));
  for (let run = 0; run < runs; run++)
    for (const [engine, [program = '', ...args]] of commands) {
      const text = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
      const { cpuMs, loss } = fitResult.parse(JSON.parse(text));
      const own = found.get(engine)!;
      own.times.push(cpuMs);
      own.loss = loss;
    }
  rmSync(folder, { recursive: true });
  const least = (engine: string): number => Math.min(...found.get(engine)!.times);
  return [...found].map(([engine, { times, loss }]) => ({
    ...{ case: one.name, engine, peer: one.peer, loss },
    cpuMsMin: Math.round(least(engine)),
    cpuMsMedian: Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!),
    ratioToPeer: Number((least(engine) / least(one.peer)).toFixed(3)),
  }));
}

const lines = ['| case | engine | CPU ms: least / median | to peer | loss |', '|---|---|---|---|---|'];
process.stdout.write(`${lines.join('\n')}\n`);
const rows: Row[] = [];
const loadBefore = loadavg()[0]!;
for (const one of cases) {
  if (only !== undefined && !only.some((part) => one.name.includes(part))) continue;
  for (const row of await measure(one)) {
    rows.push(row);
    const times = `${row.cpuMsMin} / ${row.cpuMsMedian}`;
    lines.push(
      `| ${row.case} | ${row.engine} | ${times} | ${row.ratioToPeer.toFixed(2)} | ${row.loss.toFixed(4)} |`,
    );
    process.stdout.write(`${lines.at(-1)!}\n`);
  }
  // After each case: a run that is cut off leaves what it has.
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}
const load = [loadBefore, loadavg()[0]!].map((value) => value.toFixed(1)).join(' to ');
const note = `${runs} runs each, in turns; the load of the machine was ${load}.`;
process.stdout.write(`\n${note}\n`);
if (values.only === undefined) fillTable('train', [...lines, '', note]);
