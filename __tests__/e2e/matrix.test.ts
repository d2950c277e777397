import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { canRunAct } from './act.ts';
import type { ActRun } from './act-log.ts';
import { Campaign, configuration } from './campaign.ts';
import { pushEvent } from './events.ts';

const economy = ['duration', 'nr.employed', 'euribor3m', 'emp.var.rate', 'cons.price.idx', 'cons.conf.idx'];
const config = 'model-factory.yml';
let simulator: Simulator;
let campaign: Campaign;

/** Nothing but the expected outcome, or the log where it isn't. */
function expectRun(run: ActRun, exitCode: number): void {
  expect([run.exitCode, run.exitCode === exitCode ? '' : run.log.slice(-60).join('\n')]).toEqual([
    exitCode,
    '',
  ]);
}

const versions = () => campaign.repository.releases.filter(({ draft }) => !draft).map(({ tag }) => tag);
const comments = () => campaign.repository.comments.map(({ body }) => body);

jest.setTimeout(240_000);
(canRunAct() ? describe : describe.skip)('the life of a model, as a matrix of jobs', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    campaign = await Campaign.create(simulator, 'campaign');
  });
  afterAll(async () => {
    await campaign.project.remove();
    await simulator.close();
  });

  it('greets the pull request that adds the tool', async () => {
    const run = await campaign.pullRequest(1, 'add', {
      [config]: configuration(0.00001),
      '.github/workflows/model-factory.yml': await Campaign.workflow(),
    });
    expectRun(run, 0);
    expect(run.outputs.check).toMatchObject({ conclusion: 'keep', reason: 'first-run', model: 'campaign' });
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).toContain('Nothing to compare with yet');
  });

  it('publishes the first model after the merge', async () => {
    const run = await campaign.merge('add');
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({
      conclusion: 'promote',
      reason: 'first-run',
      version: 'v1.0.0',
    });
    expect(versions()).toEqual(['campaign@v1.0.0']);
    expect(campaign.repository.releases[0]!.assets.map(({ name }) => name).sort()).toEqual([
      'MODEL_CARD.md',
      'SHA256SUMS',
      'evidence.json',
      'golden.json',
      'holdout.bin',
      'model.onnx',
      'predictions.bin',
      'profile.json',
      'signature.json',
    ]);
  });

  it('writes one comment on a pull request and updates it on the second push', async () => {
    const first = await campaign.pullRequest(2, 'better', { [config]: configuration(0.1) });
    expectRun(first, 0);
    expect(first.outputs.check).toMatchObject({ conclusion: 'keep', reason: 'likely-better' });
    const second = await campaign.pullRequest(2, 'better', { [config]: configuration(1) });
    expectRun(second, 0);
    const own = campaign.repository.comments.filter(({ issue }) => issue === 2);
    expect(own).toHaveLength(1);
    expect(own[0]!.body).toContain('likely better');
  });

  it('promotes the better model after the merge', async () => {
    const run = await campaign.merge('better');
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({ conclusion: 'promote', reason: 'better', version: 'v1.1.0' });
    expect(versions()).toEqual(['campaign@v1.0.0', 'campaign@v1.1.0']);
  });

  it('keeps the champion when a worse candidate is merged', async () => {
    const run = await campaign.commitToMain('Worse', { [config]: configuration(0.00001) });
    expectRun(run, 0);
    expect(run.outputs.factory).toMatchObject({ conclusion: 'keep' });
    expect(versions()).toHaveLength(2);
  });

  it('blocks a pull request that drops strong columns, and calls its revert unchanged', async () => {
    await campaign.commitToMain('Back to the good one', { [config]: configuration(1) });
    const dropped = await campaign.pullRequest(3, 'drop', { [config]: configuration(1, economy) });
    expectRun(dropped, 1);
    expect(dropped.outputs.check).toMatchObject({ conclusion: 'block', reason: 'worse' });
    const reverted = await campaign.pullRequest(3, 'drop', { [config]: configuration(1) });
    expectRun(reverted, 0);
    expect(reverted.outputs.check).toMatchObject({ conclusion: 'keep', reason: 'unchanged' });
    expect(campaign.repository.comments.filter(({ issue }) => issue === 3)).toHaveLength(1);
  });

  it('converges when a run is started again as its second attempt', async () => {
    const head = await campaign.project.git('rev-parse', 'main');
    await campaign.project.git('checkout', '-q', 'main');
    const payload = pushEvent(campaign.repository, 'main', head, head);
    const first = await campaign.start('push', payload, { runId: 77, attempt: 1 });
    const second = await campaign.start('push', payload, { runId: 77, attempt: 2 });
    for (const run of [first, second]) expectRun(run, 0);
    expect(second.outputs.factory).toMatchObject({
      conclusion: 'keep',
      reason: first.outputs.factory!.reason,
    });
    expect(versions()).toHaveLength(2);
  });

  it('counts a candidate whose job failed as failed, and recovers when that job runs again', async () => {
    const workflow = (await Campaign.workflow()).replace(
      '      - uses: OWNER/model-factory/train@v1',
      '      - run: test "${{ github.run_attempt }}" != 1 || test "${{ matrix.shard }}" = 0\n      - uses: OWNER/model-factory/train@v1',
    );
    const two = configuration(1).replace('params: { C: 1 }', 'params: { C: 1 }, runs-on: ubuntu-latest');
    await campaign.project.git('checkout', '-q', 'main');
    const before = await campaign.project.git('rev-parse', 'HEAD');
    await campaign.project.commit('Two jobs', {
      [config]: two,
      '.github/workflows/model-factory.yml': workflow,
    });
    await campaign.project.push('main');
    const payload = pushEvent(
      campaign.repository,
      'main',
      before,
      await campaign.project.git('rev-parse', 'HEAD'),
    );
    const first = await campaign.start('push', payload, { runId: 88, attempt: 1 });
    expectRun(first, 1);
    expect(first.jobs).toMatchObject({ factory: 'failure' });
    expect(first.outputs.factory).toMatchObject({ conclusion: 'block', reason: 'failed' });
    const second = await campaign.start('push', payload, { runId: 88, attempt: 2 });
    expectRun(second, 0);
    expect(second.outputs.factory).toMatchObject({ conclusion: 'keep' });
  });

  it('never leaves what GitHub documents', () => {
    expect(simulator.violations).toEqual([]);
  });
});
