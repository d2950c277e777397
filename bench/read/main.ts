/**
 * Reading: CPU time and peak memory of a large CSV file (20 columns: 12 numbers, 5 categories, 2 dates, the target),
 * beside pandas. `npm run bench -- read [--rows 2000000] [--python python3] [--json FILE]`
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { largeTable } from '../large-table.ts';
import { fillTable } from '../table.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
});
const rows = Number(values.rows);
const folder = mkdtempSync(join(tmpdir(), 'model-factory-read-'));
const file = join(folder, 'data.csv');

/** What a child prints about itself as JSON. */
function measured(
  program: string,
  args: readonly string[],
): { cpuMs: number; peakBytes: number; typedBytes?: number } | null {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout) as ReturnType<typeof measured>;
  process.stderr.write(stderr.split('\n').slice(-3).join('\n'));
  return null;
}

try {
  await pipeline(Readable.from(largeTable(rows)), createWriteStream(file));
  const child = fileURLToPath(new URL('child.ts', import.meta.url));
  const own = measured(process.execPath, ['--no-maglev', child, file, 'read']);
  const prepared = measured(process.execPath, ['--no-maglev', child, file, 'prepare']);
  const pandas = measured(values.python, [
    '-c',
    'import sys,json,resource,pandas as p\n' +
      't=lambda:(lambda u:1000*(u.ru_utime+u.ru_stime))(resource.getrusage(resource.RUSAGE_SELF))\n' +
      's=t();b=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n' +
      'p.read_csv(sys.argv[1]);print(json.dumps({"cpuMs":t()-s,"peakBytes":1024*(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss-b)}))',
    file,
  ]);
  const typedBytes = own?.typedBytes ?? 0;
  const rowOf = (name: string, found: ReturnType<typeof measured>): string =>
    found === null
      ? `| ${name} | failed | | |`
      : `| ${name} | ${(found.cpuMs / 1000).toFixed(1)} | ${(found.peakBytes / 1e6).toFixed(0)} | ` +
        `${(found.peakBytes / typedBytes).toFixed(2)} |`;
  const lines = [
    '| what | CPU s | peak MB | to the typed columns |',
    '|---|---|---|---|',
    ...[rowOf('read', own), rowOf('prepare', prepared), rowOf('pandas.read_csv', pandas)],
    '',
    `${rows} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB of CSV, typed columns of ${(typedBytes / 1e6).toFixed(0)} MB; ` +
      `one run each; the load of the machine was ${loadavg()[0]!.toFixed(1)}.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ rows, read: own, prepare: prepared, pandas }, null, 2)}\n`,
    );
  fillTable('read', lines);
} finally {
  rmSync(folder, { recursive: true });
}
