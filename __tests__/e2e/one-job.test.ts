import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { canRunAct } from './act.ts';
import type { ActRun } from './act-log.ts';
import { Campaign, configuration } from './campaign.ts';
import { dispatchEvent } from './events.ts';

const execute = promisify(execFile);
const gto = fileURLToPath(new URL('../../.tools/bin/gto', import.meta.url));
const config = 'model-factory.yml';

/** The quick start: one job for pull requests, one for the default branch. */
const workflow = `
name: model-factory
on:
  pull_request:
  push: { branches: [main] }
  workflow_dispatch:
    inputs:
      candidate: { description: candidate, required: false }
      reason: { description: reason, required: false }
permissions: {}
jobs:
  check:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: { fetch-depth: 0 }
      - uses: OWNER/model-factory@v1
        id: model
  factory:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: { fetch-depth: 0 }
      - uses: OWNER/model-factory@v1
        id: model
        with:
          candidate: \${{ inputs.candidate }}
          reason: \${{ inputs.reason }}
`;

/** Publishes what an earlier run judged. */
const publication = `
name: publish
on:
  workflow_dispatch:
    inputs:
      run: { description: run, required: true }
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: { fetch-depth: 0 }
      - uses: OWNER/model-factory/publish@v1
        id: published
        with: { from-run: "\${{ inputs.run }}" }
`;

let simulator: Simulator;
let campaign: Campaign;

function expectRun(run: ActRun, exitCode: number): void {
  expect([run.exitCode, run.exitCode === exitCode ? '' : run.log.slice(-60).join('\n')]).toEqual([
    exitCode,
    '',
  ]);
}

const tags = () => campaign.repository.git.run(['tag', '--list']).toString().split('\n').filter(Boolean);

jest.setTimeout(240_000);
(canRunAct() ? describe : describe.skip)('the life of a model, in one job', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    campaign = await Campaign.create(simulator, 'one-job');
  });
  afterAll(async () => {
    await campaign.project.remove();
    await simulator.close();
  });

  it('keeps the model when it may not release', async () => {
    await campaign.project.git('checkout', '-q', 'main');
    const before = await campaign.project.git('rev-parse', 'HEAD');
    await campaign.project.commit('Add the tool', {
      [config]: configuration(0.00001),
      '.github/workflows/model-factory.yml': workflow,
    });
    await campaign.project.push('main');
    const run = await campaign.startPush(before, { token: 'ghs_fork' });
    // What the error says is held in scenario/settings-platform: act can lose the last lines of a step that fails.
    expectRun(run, 1);
    expect(campaign.repository.releases).toEqual([]);
    expect(simulator.results.artifacts.map(({ name }) => name).join()).toContain('mf-campaign-report');
  });

  it('releases the first model once the permission is there', async () => {
    const run = await campaign.commitToMain('Again', { 'README.md': 'x\n' });
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({
      conclusion: 'promote',
      reason: 'first-run',
      version: 'v1.0.0',
    });
  });

  it('converges when the same run is started again', async () => {
    const head = await campaign.project.git('rev-parse', 'HEAD');
    const run = await campaign.startPush(head, {});
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({ conclusion: 'keep', reason: 'unchanged' });
    expect(tags()).toEqual(['campaign@v1.0.0']);
  });

  it("writes the report into the summary when a fork's token may not comment", async () => {
    const run = await campaign.pullRequest(1, 'fork', { [config]: configuration(1) }, { token: 'ghs_fork' });
    expectRun(run, 0);
    expect(run.summaries.map(({ markdown }) => markdown).join()).toContain('likely better');
    expect(campaign.repository.comments).toEqual([]);
    expect(run.annotations.map(({ message }) => message).join()).toContain('pull-requests: write');
  });

  it('lets a person promote a candidate, and says so', async () => {
    const payload = dispatchEvent(campaign.repository, 'main', {
      candidate: 'guess',
      reason: 'rollback drill',
    });
    await campaign.project.git('checkout', '-q', 'main');
    const run = await campaign.start('workflow_dispatch', payload, { workflow: 'model-factory.yml' });
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({ reason: 'promoted-by-person', version: 'v1.1.0' });
  });

  it('publishes later what an earlier run judged, without training again', async () => {
    const judged = await campaign.commitToMain('Judge only', {
      [config]: configuration(0.00001, ['duration'], 'publish: { on: never }'),
      '.github/workflows/publish.yml': publication,
    });
    expectRun(judged, 0);
    expect(judged.outputs.factory).toMatchObject({ conclusion: 'promote', version: '' });
    const payload = dispatchEvent(campaign.repository, 'main', { run: String(campaign.lastRunId) });
    const published = await campaign.start('workflow_dispatch', payload, { workflow: 'publish.yml' });
    expectRun(published, 0);
    expect(published.outputs.publish).toMatchObject({ version: 'v1.2.0' });
    expect(published.log.join('\n')).not.toContain('trained ');
  });

  it('ends with one champion when two merges race', async () => {
    await campaign.project.git('checkout', '-q', 'main');
    const before = await campaign.project.git('rev-parse', 'HEAD');
    await campaign.project.commit('Better', { [config]: configuration(1) });
    await campaign.project.push('main');
    const runs = await Promise.all([campaign.startPush(before, {}), campaign.startPush(before, {})]);
    for (const run of runs) expectRun(run, 0);
    const published = runs.map(({ outputs }) => outputs.factory?.version).filter(Boolean);
    expect([...new Set(published)]).toEqual(['v1.3.0']);
    expect(tags().sort()).toEqual([
      'campaign@v1.0.0',
      'campaign@v1.1.0',
      'campaign@v1.2.0',
      'campaign@v1.3.0',
    ]);
  });

  it('tags versions in the grammar that gto reads', async () => {
    if (!existsSync(gto)) throw new Error('scripts/install-tools.sh installs gto');
    await campaign.project.git('fetch', '-q', '--tags', campaign.repository.git.directory);
    const { stdout } = await execute(gto, ['show', 'campaign', '--json', '--repo', campaign.project.folder]);
    expect(JSON.parse(stdout)).toHaveLength(4);
  });

  it('never leaves what GitHub documents', () => {
    expect(simulator.violations).toEqual([]);
  });
});
