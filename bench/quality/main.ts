import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load.ts';
import { catalogue } from '../../src/factory/catalogue.ts';
import { environmentOf } from '../../src/factory/environment.ts';
import { makePlan } from '../../src/factory/plan.ts';
import { prepare } from '../../src/factory/prepare.ts';
import { trainCandidates } from '../../src/factory/train.ts';
import { mean } from '../../src/numeric/sum.ts';
import type { Result } from '../../src/contracts/result.ts';
import { fillTable } from '../table.ts';
import { withCalendar } from './calendar.ts';
import { compareScores, type Score } from './score.ts';
import { dataSets, metricsOf, readReference, type DataSet, type Family } from './sets.ts';

const reference = readReference();

/**
 * Do the built-in trainers predict as well as scikit-learn's? Cross-validates both on the same folds of public data sets,
 * prints the scores side by side and writes them into `bench/README.md`. Exit code 1 where one is behind.
 * @example npm run bench -- quality --data DIR --json quality.json
 * @example npm run bench -- quality --data DIR --families bayes,neighbours   # these alone; the page stays
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    workers: { type: 'string', default: '1' },
    only: { type: 'string' },
    families: { type: 'string' },
    json: { type: 'string' },
  },
});
if (values.data === undefined) {
  process.stderr.write('Name the folder with the data sets and `folds/`: --data DIR\n');
  process.exit(2);
}
const folder = resolve(values.data);

interface Row {
  readonly data: string;
  readonly model: string;
  readonly scores: readonly Score[];
}

/** Seeds that the scores of a family are means over, as in `scikit.py`; 1 where there is no chance in it, or little. */
function seedsOf(family: Family, rows: number): number {
  return family === 'net' || (family === 'forest' && rows < 10_000) ? 3 : 1;
}

/** Whether scikit-learn has the family for this task, and the caller wants it. */
function asked({ name }: DataSet, family: Family): boolean {
  const wanted = values.families === undefined || values.families.split(',').includes(family);
  return wanted && reference.scores[name]?.[family] !== undefined;
}

function configOf(set: DataSet, source: string): string {
  const linear =
    set.task === 'regression'
      ? { trainer: 'linear-regression' }
      : { trainer: 'logistic-regression', params: { max_iter: 2000 } };
  const boosting = { trainer: 'gradient-boosting' };
  const net = {
    trainer: 'neural-network',
    params: { hidden_layer_sizes: [64, 64], early_stopping: true },
  };
  const families: Record<Family, unknown> = {
    dummy: { trainer: 'dummy' },
    ...{ linear, boosting, net },
    forest: { trainer: 'random-forest' },
    bayes: { trainer: 'naive-bayes' },
    neighbours: { trainer: 'k-nearest-neighbours', params: { publish_training_rows: true } },
  };
  // A candidate's seed comes from its name.
  const { folds = set.file } = set;
  const rows =
    readFileSync(join(folder, 'folds', folds), 'utf8')
      .trimEnd()
      .split('\n').length - 1;
  const candidates = Object.entries(families)
    .filter(([family]) => asked(set, family as Family))
    .flatMap(([family, recipe]) =>
      Array.from({ length: seedsOf(family as Family, rows) }, (_, seed): [string, unknown] => [
        `${family}-${seed}`,
        recipe,
      ]),
    );
  const { task, target, positive, drop } = set;
  // JSON is YAML; undefined keys are left out.
  return JSON.stringify({
    version: 1,
    model: 'quality',
    task,
    data: { source, target, positive, drop },
    holdout: 'none',
    validation: { 'fold-file': join(folder, 'folds', folds) },
    metrics: metricsOf(set),
    candidates: Object.fromEntries(candidates),
  });
}

async function measure(set: DataSet, scratch: string): Promise<Row[]> {
  const file = join(folder, set.file);
  const source = set.calendar === undefined ? file : join(scratch, set.file);
  if (set.calendar !== undefined) withCalendar(file, source, set.calendar);
  const { config } = loadConfig(configOf(set, source), `${set.name}.yml`, catalogue);
  const prepared = await prepare({ config, folder, epoch: null });
  const plan = makePlan(prepared, {
    ...{
      question: 'merge',
      configFile: 'model-factory.yml',
      commit: null,
      base: null,
      policyCommit: null,
      champion: null,
      maxShards: 1,
      latestRun: null,
      skip: null,
    },
  });
  const trained = await trainCandidates(prepared, plan.candidates, {
    workers: {
      threads: Number(values.workers),
      entry: fileURLToPath(new URL('../../src/fit-worker.ts', import.meta.url)),
    },
    progress: { update: () => undefined, finished: () => undefined, end: () => undefined },
    environment: environmentOf(process),
    runUrl: null,
    now: () => new Date(),
  });
  const theirs = reference.scores[set.name]!;
  const results = Map.groupBy(trained, ({ result }) => result.candidate.split('-')[0] as Family);
  return [...results].map(([family, members]) => {
    const scores = metricsOf(set).map((metric, i) => {
      const theirFolds = theirs[family]!.map((fold) => fold[i]!);
      const seeds = members.map(({ result }) => foldsOf(set, result, metric));
      const ourFolds = theirFolds.map((_, fold) => mean(seeds.map((folds) => folds[fold]!)));
      return compareScores(metric, ourFolds, theirFolds, prepared.dataset.y.length);
    });
    return { data: set.name, model: members[0]!.result.trainer, scores };
  });
}

function foldsOf(set: DataSet, { candidate, failure, metrics }: Result, metric: string): number[] {
  if (failure) throw new Error(`${set.name}, ${candidate}: ${failure.message}`);
  return metrics[metric]!.folds.map((value) => {
    if (value === null) throw new Error(`${set.name}, ${metric} is undefined in a fold`);
    return value;
  });
}

const isBehind = ({ behind, allowed }: Score): boolean => behind > allowed;
const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4));
const cell = (score: Score): string =>
  `${score.metric} ${shown(score.ours)} / ${shown(score.reference)}${isBehind(score) ? ' **behind**' : ''}`;

const lines = ['| data | trainer | score: ours / scikit-learn | | |', '|---|---|---|---|---|'];
process.stdout.write(`${lines.join('\n')}\n`);
const rows: Row[] = [];
const scratch = mkdtempSync(join(tmpdir(), 'model-factory-quality-'));
try {
  for (const set of dataSets) {
    if (values.only !== undefined && set.name !== values.only) continue;
    for (const row of await measure(set, scratch)) {
      rows.push(row);
      const scores = row.scores.map(cell).join(' | ');
      lines.push(`| ${row.data} | ${row.model} | ${scores} |`);
      process.stdout.write(`${lines.at(-1)!}\n`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
const behind = rows.filter(({ scores }) => scores.some(isBehind));
const total = `${rows.length - behind.length} of ${rows.length} are level with or ahead of scikit-learn ${reference.version}.`;
process.stdout.write(`\n${total}\n`);
if (values.only === undefined && values.families === undefined) fillTable('quality', [...lines, '', total]);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
if (behind.length > 0) process.exitCode = 1;
