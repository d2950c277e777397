import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load.ts';
import { catalogue } from '../../src/factory/catalogue.ts';
import { environmentOf } from '../../src/factory/environment.ts';
import { makePlan } from '../../src/factory/plan.ts';
import { prepare } from '../../src/factory/prepare.ts';
import { trainCandidates } from '../../src/factory/train.ts';
import { findMetric } from '../../src/gate/metrics/metrics.ts';
import { dataSets, type DataSet } from './reference.ts';

/**
 * Do the built-in trainers predict as well as scikit-learn's? Cross-validates both on the same folds of public data sets
 * and prints the scores side by side. Exit code 1 where one is behind by more than 0.005, for errors in the target's unit
 * by more than 0.5% of the reference.
 * @example npm run bench -- quality --data DIR --json quality.json
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    workers: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
if (values.data === undefined) {
  process.stderr.write('Name the folder with the data sets and `folds/`: --data DIR\n');
  process.exit(2);
}
const folder = values.data;

interface Score {
  readonly metric: string;
  readonly ours: number;
  readonly reference: number;
  /** Positive = ours is worse. */
  readonly behind: number;
  readonly allowed: number;
}

interface Row {
  readonly data: string;
  readonly model: string;
  readonly scores: readonly Score[];
  readonly seconds: number;
}

const metricsOf = ({ task }: DataSet): string[] =>
  task === 'regression' ? ['r2', 'rmse', 'mae'] : ['accuracy', 'roc_auc', 'log_loss'];

function configOf(set: DataSet): string {
  const linear = set.task === 'regression' ? 'linear-regression' : 'logistic-regression';
  // JSON is YAML; undefined keys are left out.
  return JSON.stringify({
    version: 1,
    model: 'quality',
    task: set.task,
    data: {
      ...{ source: set.file, target: set.target, positive: set.positive, drop: set.drop },
      ...{ missing: set.missing, types: set.types },
    },
    holdout: 'none',
    validation: { 'fold-file': `folds/${set.folds}` },
    metrics: metricsOf(set),
    candidates: {
      boosting: { trainer: 'gradient-boosting' },
      linear: { trainer: linear, params: set.task === 'regression' ? {} : { max_iter: 2000 } },
    },
  });
}

async function measure(set: DataSet): Promise<Row[]> {
  const { config } = loadConfig(configOf(set), `${set.name}.yml`, catalogue);
  const prepared = await prepare({ config, folder, epoch: null });
  const plan = makePlan(prepared, {
    ...{ question: 'merge', commit: null, base: null, policyCommit: null, champion: null, maxShards: 1 },
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
  return trained.map(({ result }) => {
    if (result.failure) throw new Error(`${set.name}, ${result.candidate}: ${result.failure.message}`);
    const reference = result.candidate === 'boosting' ? set.boosting : set.linear;
    return {
      data: set.name,
      model: result.trainer,
      scores: metricsOf(set).map((metric, i) => scoreOf(metric, result.metrics[metric]!, reference[i]!)),
      seconds: result.trainMs / (prepared.folds.length + 1) / 1000,
    };
  });
}

function scoreOf(metric: string, { mean: ours }: { readonly mean: number | null }, reference: number): Score {
  if (ours === null) throw new Error(`${metric} is undefined in a fold`);
  const allowed = metric === 'rmse' || metric === 'mae' ? 0.005 * reference : 0.005;
  const behind = findMetric(metric).better === 'higher' ? reference - ours : ours - reference;
  return { metric, ours, reference, behind, allowed };
}

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4));
const cell = ({ metric, ours, reference, behind, allowed }: Score): string =>
  `${metric} ${shown(ours)} / ${shown(reference)}${behind > allowed ? ' **behind**' : ''}`;

const rows: Row[] = [];
process.stdout.write(
  '| data | trainer | score: ours / scikit-learn | | | seconds a fit |\n|---|---|---|---|---|---|\n',
);
for (const set of dataSets) {
  if (values.only !== undefined && set.name !== values.only) continue;
  for (const row of await measure(set)) {
    rows.push(row);
    const scores = row.scores.map(cell).join(' | ');
    process.stdout.write(`| ${row.data} | ${row.model} | ${scores} | ${row.seconds.toFixed(2)} |\n`);
  }
}
const behind = rows.filter(({ scores }) => scores.some((score) => score.behind > score.allowed));
process.stdout.write(
  `\n${rows.length - behind.length} of ${rows.length} are level with or ahead of scikit-learn.\n`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
if (behind.length > 0) process.exitCode = 1;
