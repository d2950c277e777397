import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import type { Plan, PlannedCandidate } from '../../../src/contracts/plan.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { makePlan } from '../../../src/factory/plan.ts';
import { prepare } from '../../../src/factory/prepare.ts';
import type { Prepared } from '../../../src/factory/prepared.ts';
import { trainCandidates } from '../../../src/factory/train.ts';

const worker = fileURLToPath(new URL('../../../src/fit-worker.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'model-factory-independence-'));
afterAll(() => rmSync(folder, { recursive: true }));

const adult = readFileSync(new URL('../../fixtures/data/adult-3000.csv', import.meta.url), 'utf8');
const [header = '', ...people] = adult.trimEnd().split('\n').slice(0, 701);
const day = (row: number): string => new Date(Date.UTC(2024, 0, 1 + (row % 350))).toISOString().slice(0, 10);
const rows = people.map((line, row) => `${line},household ${row % 230},${day(row)}`);
writeFileSync(join(folder, 'people.csv'), [`${header},household,day`, ...rows, ''].join('\n'));
writeFileSync(join(folder, 'folds.csv'), ['fold', ...people.map((_, row) => 1 + (row % 3)), ''].join('\n'));

const features = `features:
  per-hour: { ratio: [capital-gain, hours-per-week] }
  job-rate: { target-mean: occupation }
`;
const alone = {
  logistic: '{ trainer: logistic-regression }',
  boosting: '{ trainer: gradient-boosting, params: { max_iter: 15 } }',
  tree: '{ trainer: decision-tree, params: { max_depth: 4 } }',
};
const composed = {
  stacked: '{ trainer: ensemble, of: [logistic, tree], params: { method: stacking, cv: 3 } }',
  mean: '{ trainer: ensemble, of: [tree, boosting] }',
  sure: '{ trainer: calibrated, of: tree, params: { cv: 3 } }',
};

interface Trained {
  readonly plan: Plan;
  readonly prepared: Prepared;
  /** Of each candidate: its entry in the plan but for the job that it shares, its scores and the bytes it left. */
  readonly told: ReadonlyMap<string, object>;
}

async function train(
  candidates: Readonly<Record<string, string>>,
  { data = '', more = '', threads = 1 } = {},
): Promise<Trained> {
  const text =
    `version: 1\nmodel: income\n${more}` +
    `data: { source: people.csv, target: income, positive: ">50K", drop: [household, day]${data} }\n` +
    `${features}candidates:\n${Object.entries(candidates)
      .map(([name, how]) => `  ${name}: ${how}\n`)
      .join('')}`;
  const { config } = loadConfig(text, 'model-factory.yml', catalogue);
  const prepared = await prepare({ config, folder, epoch: null });
  const plan = makePlan(prepared, {
    ...{ configFile: 'model-factory.yml', question: 'merge', commit: null, base: null, policyCommit: null },
    ...{ champion: null, maxShards: 256, latestRun: null, skip: null },
  });
  const trained = await trainCandidates(prepared, plan.candidates, {
    workers: { threads, entry: worker },
    progress: { update: () => undefined, finished: () => undefined, end: () => undefined },
    environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
    runUrl: null,
    now: () => new Date(0),
  });
  const told = trained.map(({ result }): [string, object] => {
    const { shard: _shard, ...planned } = plan.candidates.find(({ name }) => name === result.candidate)!;
    const { status, metrics, modelSha256, predictionsSha256, warnings } = result;
    return [result.candidate, { planned, status, metrics, modelSha256, predictionsSha256, warnings }];
  });
  return { plan, prepared, told: new Map(told) };
}

const isTrained = (candidate: object | undefined) =>
  expect(candidate).toMatchObject({
    ...{ status: 'ok', modelSha256: expect.any(String), predictionsSha256: expect.any(String) },
  });

describe('what a candidate becomes', () => {
  it('does not depend on which others there are, nor on their order, built on others or not', async () => {
    const all = await train({ ...alone, ...composed });
    expect([...all.told.keys()]).toEqual(['logistic', 'boosting', 'tree', 'stacked', 'mean', 'sure']);
    for (const candidate of all.told.values()) isTrained(candidate);
    const reversed = Object.fromEntries(Object.entries({ ...alone, ...composed }).reverse());
    const added = {
      ...{ guess: '{ trainer: dummy }', more: '{ trainer: naive-bayes }' },
      ...reversed,
      ...{ wide: '{ trainer: logistic-regression, grid: { C: [0.1, 10] } }' },
    };
    const { logistic, tree } = alone;
    const others = [
      await train(reversed),
      await train(added, { threads: 2 }),
      await train({ tree, stacked: composed.stacked, logistic }),
      await train({ tree, sure: composed.sure }),
    ];
    for (const { told } of others)
      for (const [name, own] of told)
        if (all.told.has(name)) expect([name, own]).toEqual([name, all.told.get(name)]);
    expect(others.map(({ told }) => told.size)).toEqual([6, 10, 3, 2]);
  }, 240_000);

  it('follows from its own name: another name is another seed', async () => {
    const planned = ({ plan }: Trained): PlannedCandidate[] => plan.candidates;
    const [one] = planned(await train({ one: alone.tree }));
    const [two] = planned(await train({ two: alone.tree }));
    expect(one!.seed).not.toBe(two!.seed);
    expect(one!.fingerprint).not.toBe(two!.fingerprint);
  }, 120_000);
});

describe('candidates built on others', () => {
  const some = { tree: alone.tree, logistic: alone.logistic, ...composed, boosting: alone.boosting };

  it.each([
    ['groups', { data: ', group: household' }, 5],
    ['time', { data: ', time: day' }, 5],
    ['a file of folds', { more: 'validation: { fold-file: folds.csv }\n' }, 3],
  ])(
    'train with %s, alike with more threads',
    async (_, split, folds) => {
      const once = await train(some, split);
      for (const name of Object.keys(composed)) {
        isTrained(once.told.get(name));
        const scores = once.told.get(name) as { metrics: { log_loss: { folds: (number | null)[] } } };
        expect(scores.metrics.log_loss.folds).toHaveLength(folds);
        expect(scores.metrics.log_loss.folds.every((score) => score !== null && score < 0.6)).toBe(true);
      }
      expect((await train(some, { ...split, threads: 2 })).told).toEqual(once.told);
    },
    240_000,
  );
});
