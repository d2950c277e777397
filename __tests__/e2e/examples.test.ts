import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { canRunAct } from './act.ts';
import type { ActRun } from './act-log.ts';
import { Campaign } from './campaign.ts';

const folderOf = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const config = 'model-factory.yml';

function expectRun(run: ActRun, exitCode: number): void {
  const log = run.exitCode === exitCode ? '' : run.log.slice(-60).join('\n');
  expect([run.exitCode, log]).toEqual([exitCode, '']);
}

jest.setTimeout(180_000);
(canRunAct() ? describe : describe.skip)('the example', () => {
  let simulator: Simulator;
  const repositories: Campaign[] = [];
  const open = async (name: string): Promise<Campaign> => {
    const repository = await Campaign.create(simulator, name, folderOf(name));
    repositories.push(repository);
    return repository;
  };
  const versionsOf = ({ repository }: Campaign) =>
    repository.releases
      .filter(({ draft }) => !draft)
      .map(({ tag }) => tag)
      .sort();
  const trainedIn = ({ log }: ActRun) => log.filter((line) => /^trained \S+$/.test(line));
  const firstPush = (repository: Campaign) => repository.commitToMain('Begin', {});
  const read = (name: string, path: string) => readFileSync(`${folderOf(name)}/${path}`, 'utf8');

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(async () => {
    for (const { project } of repositories) await project.remove();
    await simulator.close();
  });

  it('quick-start releases a first model and judges the pull request that its README suggests', async () => {
    const repository = await open('quick-start');
    const pushed = await firstPush(repository);
    expectRun(pushed, 0);
    expect(pushed.outputs.factory).toMatchObject({ conclusion: 'promote', version: 'v1.0.0' });
    const model = read('quick-start', config);
    const worse = model.replace('target: income', 'target: income, drop: [education-num, education]');
    const judged = await repository.pullRequest(1, 'drop', { [config]: worse });
    expectRun(judged, 1);
    expect(judged.outputs.check).toMatchObject({ conclusion: 'block', reason: 'worse' });
    expect(repository.repository.comments).toHaveLength(1);
  });

  it('taxi-fares judges rides in the order of time', async () => {
    const repository = await open('taxi-fares');
    const pushed = await firstPush(repository);
    expectRun(pushed, 0);
    expect(pushed.outputs.factory).toMatchObject({ winner: 'linear', metric: 'mae', version: 'v1.0.0' });
    const without = read('taxi-fares', config).replace('dropoff]', 'dropoff, distance]');
    const judged = await repository.pullRequest(1, 'blind', { [config]: without });
    expectRun(judged, 1);
    expect(judged.outputs.check).toMatchObject({ conclusion: 'block', reason: 'worse' });
  });

  describe('monorepo', () => {
    let monorepo: Campaign;
    const modelsOf = (run: ActRun, job: string) => JSON.parse(run.outputs[job]?.models ?? '[]') as unknown;
    const penguins = 'models/penguins/model-factory.yml';
    const comments = () => monorepo.repository.comments.map(({ body }) => body);

    it('releases three models from one job', async () => {
      monorepo = await open('monorepo');
      const run = await firstPush(monorepo);
      expectRun(run, 0);
      expect(trainedIn(run)).toHaveLength(7);
      expect(run.outputs.factory).toMatchObject({ conclusion: 'promote', reason: 'first-run' });
      expect(modelsOf(run, 'factory')).toEqual(
        ['auto-mpg', 'iris', 'penguins'].map((model) => {
          return { model, conclusion: 'promote', reason: 'first-run', version: 'v1.0.0' };
        }),
      );
      expect(versionsOf(monorepo)).toEqual(['auto-mpg@v1.0.0', 'iris@v1.0.0', 'penguins@v1.0.0']);
      expect(run.summaries.at(-1)!.markdown).toContain('🚀 Promoted (3 models)');
    });

    it('judges what a pull request changes, in one comment, and trains nothing else', async () => {
      const measured = 'year, bill_length_mm, bill_depth_mm, flipper_length_mm';
      const run = await monorepo.pullRequest(1, 'fewer', {
        [penguins]: read('monorepo', penguins).replace('drop: [year]', `drop: [${measured}]`),
      });
      expectRun(run, 1);
      expect(run.outputs.check).toMatchObject({ conclusion: 'block', reason: 'worse' });
      expect(comments()).toHaveLength(1);
      expect(comments()[0]).toContain('⛔ Do not merge (1 of 3 models) · 💤 Unchanged (2)');
      expect(comments()[0]).toContain('`auto-mpg`, `iris`');
      expect(trainedIn(run)).toEqual(['trained logistic', 'trained boosting']);
    });

    it('goes on after a model whose data is broken, and says so in the same comment', async () => {
      const run = await monorepo.pullRequest(1, 'fewer', {
        [penguins]: read('monorepo', penguins),
        'models/iris/data/iris.csv': `${read('monorepo', 'models/iris/data/iris.csv')}5.1,3.5\n`,
      });
      expectRun(run, 1);
      expect(run.outputs.check).toMatchObject({ conclusion: 'block', reason: 'DATA_SYNTAX' });
      expect(modelsOf(run, 'check')).toEqual([
        { model: 'auto-mpg', conclusion: 'keep', reason: 'unchanged', version: '' },
        { model: 'iris', conclusion: 'error', reason: 'DATA_SYNTAX', version: '' },
        { model: 'penguins', conclusion: 'keep', reason: 'unchanged', version: '' },
      ]);
      expect(comments()).toHaveLength(1);
      expect(comments()[0]).toContain('❌ Error (1 of 3 models)');
      expect(comments()[0]).toContain('iris.csv');
    });

    it('gathers a matrix of models in one comment, as the README of the comment action has it', async () => {
      const readme = readFileSync(new URL('../../comment/README.md', import.meta.url), 'utf8');
      const jobs = /^```yaml\n(jobs:\n[\s\S]*?)```$/m.exec(readme)?.[1] ?? '';
      const run = await monorepo.pullRequest(2, 'matrix', {
        '.github/workflows/model-factory.yml': `name: model-factory\non: pull_request\npermissions: {}\n${jobs}`,
        [penguins]: read('monorepo', penguins).replace('drop: [year]', 'drop: [year, sex, island]'),
      });
      const { 'check (penguins)': judged, 'check (iris)': same, comment } = run.jobs;
      expect([same, comment, run.exitCode === 0 ? 'success' : 'failure']).toEqual([
        'success',
        'success',
        judged,
      ]);
      const own = monorepo.repository.comments.filter(({ issue }) => issue === 2);
      expect(own).toHaveLength(1);
      expect(own[0]!.body).toMatch(/^### .*\(1 of 3 models\) · 💤 Unchanged \(2\)$/m);
    });

    it('trains nothing on a push that touches no model', async () => {
      const run = await monorepo.commitToMain('Notes', { 'NOTES.md': 'x\n' });
      expectRun(run, 0);
      expect(run.outputs.factory).toMatchObject({ conclusion: 'keep', reason: 'unchanged' });
      expect(trainedIn(run)).toEqual([]);
    });
  });

  it('never leaves what GitHub documents', () => {
    expect(simulator.violations).toEqual([]);
  });
});
