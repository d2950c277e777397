/**
 * A large table from CSV to verdict: time and peak memory of the committed bundle with a linear and a boosted model, a test set
 * and two folds. Needs 140 bytes of disk and 800 of memory a row.
 * @example npm run bench -- scale --rows 10000000
 */
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { largeTable } from '../large-table.ts';
import { timed } from '../timed.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, folds: { type: 'string', default: '2' } },
});
const folder = mkdtempSync(join(tmpdir(), 'model-factory-scale-'));
try {
  const file = join(folder, 'large.csv');
  await pipeline(Readable.from(largeTable(Number(values.rows))), createWriteStream(file));
  const config = join(folder, 'model-factory.yml');
  writeFileSync(
    config,
    [
      'version: 1',
      'model: large',
      'data: { source: large.csv, target: y }',
      `validation: { folds: ${values.folds} }`,
      'candidates:',
      '  logistic: { trainer: logistic-regression }',
      '  boosting: { trainer: gradient-boosting }',
      '',
    ].join('\n'),
  );
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const out = join(folder, 'out');
  const { wallMs, cpuMs, peakBytes } = timed([
    process.execPath,
    cli,
    'run',
    '--config',
    config,
    '--out',
    out,
  ]);
  process.stdout.write(
    `${values.rows} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB of CSV: ${(wallMs / 1000).toFixed(0)} s, ` +
      `${(cpuMs / 1000).toFixed(0)} s of CPU, peak ${(peakBytes / 1e6).toFixed(0)} MB; ` +
      `the load of the machine was ${loadavg()[0]!.toFixed(1)}.\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
