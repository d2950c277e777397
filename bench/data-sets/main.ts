import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { planDocument } from '../../src/contracts/plan.ts';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument } from '../../src/contracts/verdict.ts';
import { fillTable } from '../table.ts';

/**
 * Runs `model-factory run --promote` with the configuration that a newcomer would write for each public data set, prints
 * what comes out and writes it into `bench/README.md`. Exit code 1 where a run fails.
 * @example npm run bench -- data-sets --data DIR
 */
const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  process.stderr.write('Name the folder with the data sets: --data DIR\n');
  process.exit(2);
}
const here = fileURLToPath(new URL('.', import.meta.url));
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const configSchema = z.looseObject({ data: z.looseObject({ source: z.string() }) });

const lines = ['| data | verdict | winner | score | rows | notices |', '|---|---|---|---|---|---|'];
process.stdout.write(`${lines.join('\n')}\n`);
for (const name of readdirSync(here).filter((file) => file.endsWith('.yml'))) {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-data-sets-'));
  const { source } = configSchema.parse(parse(readFileSync(join(here, name), 'utf8'))).data;
  copyFileSync(join(here, name), join(folder, name));
  copyFileSync(join(values.data, source), join(folder, source));
  const { status, stderr } = spawnSync(
    process.execPath,
    [cli, 'run', '--promote', '--config', name, '--out', 'out'],
    { cwd: folder, encoding: 'utf8' },
  );
  const cells = status === 0 ? rowOf(name, folder) : `| ${name} | exit code ${status}`;
  lines.push(`${cells} |`);
  process.stdout.write(`${lines.at(-1)!}\n${stderr.startsWith('trained') ? '' : stderr}`);
  if (status !== 0) process.exitCode = 1;
  rmSync(folder, { recursive: true });
}
fillTable('data-sets', lines);

function rowOf(name: string, folder: string): string {
  const read = (file: string): string => readFileSync(join(folder, 'out', file), 'utf8');
  const verdict = readDocument(verdictDocument, read('verdict.json'), 'verdict.json');
  const plan = readDocument(planDocument, read('plan.json'), 'plan.json');
  const best = verdict.standings.find(({ name: candidate }) => candidate === verdict.winner);
  const score = best?.metrics[verdict.metric] ?? null;
  const sides = `${plan.split.developmentRows} + ${plan.split.holdoutRows}`;
  const notices = plan.data.notices.map(({ code, column }) => (column === null ? code : `${code} ${column}`));
  const cells = [
    basename(name, '.yml'),
    `${verdict.conclusion} / ${verdict.reason}`,
    verdict.winner ?? '',
    `${verdict.metric} ${score === null ? '' : score.toPrecision(4)}`,
    sides,
    notices.join(', '),
  ];
  return `| ${cells.join(' | ')}`;
}
