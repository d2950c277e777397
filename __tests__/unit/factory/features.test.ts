import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import type { Plan } from '../../../src/contracts/plan.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { explainConfig } from '../../../src/factory/explain.ts';
import { makePlan } from '../../../src/factory/plan.ts';
import { prepare } from '../../../src/factory/prepare.ts';
import type { Prepared } from '../../../src/factory/prepared.ts';
import { runFit } from '../../../src/training/fit.ts';
import { faultOf } from '../data/csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-factory-features-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = Array.from({ length: 120 }, (_, i) => {
  const [debt, income] = [(i * 37) % 101, (i * 53) % 11];
  return `${debt},${income},2024-03-0${1 + (i % 9)},${'pqr'.charAt(i % 3)},${debt * income > 200 ? 'yes' : 'no'}`;
});
writeFileSync(join(folder, 'data.csv'), ['debt,income,day,job,y', ...rows, ''].join('\n'));
writeFileSync(
  join(folder, 'test.csv'),
  ['debt,job,day,y', '1,p,2024-03-01,yes', '2,q,2024-03-02,no', ''].join('\n'),
);

const text = (features: string, more = ''): string =>
  `version: 1\nmodel: loans\ndata: { source: data.csv, target: y, drop: [income, day] }\n${features}${more}` +
  'candidates:\n  logistic: { trainer: logistic-regression }\n' +
  '  own: { trainer: command, run: python train.py, predict: python predict.py }\n' +
  '  net: { trainer: tensorflow, params: { module: net.mjs } }\n';
const prepared = (features: string, more = ''): Promise<Prepared> =>
  prepare({
    ...{
      config: loadConfig(text(features, more), 'model-factory.yml', catalogue).config,
      folder,
      epoch: null,
    },
  });
const planOf = (of: Prepared): Plan =>
  makePlan(of, {
    ...{ configFile: 'model-factory.yml', question: 'merge', commit: null, base: null },
    ...{ policyCommit: null, champion: null, maxShards: 1 },
  });
const fingerprints = ({ candidates }: Plan): string[] => candidates.map(({ fingerprint }) => fingerprint);

const ratio = 'features:\n  per: { ratio: [debt, income] }\n  weekday: { date-part: day, part: weekday }\n';

describe('features of a configuration', () => {
  it('make dropped columns inputs of the model, but no features of their own and none of a program', async () => {
    const of = await prepared(ratio);
    expect(of.dataset.inputs.map(({ name }) => name)).toEqual(['debt', 'job']);
    expect(of.dataset.engineered?.inputs).toEqual([
      { name: 'income', type: 'number' },
      { name: 'day', type: 'date' },
    ]);
    const job = { trainer: 'logistic-regression', params: {}, seed: 1 };
    const { pipeline } = runFit(of.dataset, { ...job, train: of.development, test: new Int32Array() });
    expect(pipeline.inputs.map(({ name }) => name)).toEqual(['debt', 'job', 'income', 'day']);
    expect(pipeline.steps.map(({ input }) => input)).toEqual(['debt', 'per', 'job', 'weekday']);
  });

  it('stand in the plan, and count in the fingerprints of the candidates that learn from them', async () => {
    const none = planOf(await prepared(''));
    const some = planOf(await prepared(ratio));
    const other = planOf(await prepared(ratio.replace('ratio', 'difference')));
    expect(none.data.engineered).toEqual([]);
    expect(some.data.engineered).toEqual([
      { name: 'per', type: 'number', definition: 'debt / income' },
      { name: 'weekday', type: 'category', definition: 'weekday of day, as category' },
    ]);
    const logistic = [none, some, other].map((plan) => fingerprints(plan)[0]);
    expect(new Set(logistic).size).toBe(3);
    const own = [none, some, other].map((plan) => fingerprints(plan)[1]);
    expect(new Set(own).size).toBe(1);
    const net = [none, some, other].map((plan) => fingerprints(plan)[2]);
    expect(new Set(net).size).toBe(3);
    expect(some.split).toEqual(none.split);
  });

  it('are explained with their definitions and the columns that only they read', async () => {
    const file = join(folder, 'model-factory.yml');
    writeFileSync(file, text(ratio));
    const explained = await explainConfig(file);
    expect(explained).toContain('computed   per     = debt / income\n             weekday = weekday of day');
    expect(explained).toContain('from income (number), day (date), which the model takes for these alone');
    writeFileSync(file, text(''));
    expect(await explainConfig(file)).not.toContain('computed');
  });

  it('need their columns in a test set of its own file, dropped ones too', async () => {
    const holdout = 'holdout: { source: test.csv }\n';
    expect((await prepared('', holdout)).holdout).toHaveLength(2);
    const fault = await faultOf(prepared(ratio, holdout));
    expect(fault).toMatchObject({ code: 'DATA_COLUMN', at: { name: 'income' } });
  });
});
