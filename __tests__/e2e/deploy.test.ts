import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { formatChecksums } from '../../src/registry/checksums.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import type { Deployment } from '../simulator/state.ts';
import { canRunAct } from './act.ts';
import type { ActRun } from './act-log.ts';
import { Campaign, configuration } from './campaign.ts';
import { dispatchEvent, pushTagEvent, releaseEvent } from './events.ts';

const execute = promisify(execFile);
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const example = at('examples/next-best-action');
const deploy = [
  'deploy:',
  '  prod: { target: command, run: ./deploy.sh, env: [DEPLOY_TO] }',
  '  probe: { target: command, run: "sh -c env" }',
].join('\n');
const factory = `
name: model-factory
on: { push: { branches: [main] }, workflow_dispatch: { inputs: { candidate: {}, reason: {} } } }
permissions: {}
jobs:
  factory:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: { fetch-depth: 0 }
      - uses: OWNER/model-factory@v1
        with: { candidate: "\${{ inputs.candidate }}", reason: "\${{ inputs.reason }}" }
`;
/** The other triggers, and a stage whose command shows what it sees. */
const others = `
name: others
on: { push: { tags: ['*#*#*'] }, release: { types: [published] } }
permissions: {}
jobs:
  others:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
      - uses: OWNER/model-factory/deploy@v1
        with: { stage: "\${{ github.event_name == 'release' && 'probe' || '' }}" }
`;

let simulator: Simulator;
let campaign: Campaign;
let home: string;

const states = (deployment: Deployment | undefined) => deployment?.statuses.map(({ state }) => state);
const newest = () => campaign.repository.deployments.at(-1);
const titles = (run: ActRun) => run.annotations.map(({ title }) => title);
const serves = () => readlink(join(home, 'prod', 'campaign', 'current'));

/** Runs the command line in the checkout, with the simulator's repository as the remote. */
async function tag(...args: string[]): Promise<string> {
  const words = [at('dist/cli.js'), 'tag', ...args, '--push', '--remote', 'hub'];
  const { stdout } = await execute(process.execPath, words, { cwd: campaign.project.folder });
  return stdout.split(':')[0] ?? '';
}

function pushed(name: string, options: Parameters<Campaign['start']>[2] = {}): Promise<ActRun> {
  return campaign.start('push', pushTagEvent(campaign.repository, name), {
    workflow: 'deploy.yml',
    environment: { DEPLOY_TO: home },
    ...options,
  });
}

function expectRun(run: ActRun, exitCode: number): void {
  expect([run.exitCode, run.exitCode === exitCode ? '' : run.log.slice(-60).join('\n')]).toEqual([
    exitCode,
    '',
  ]);
}

/** Replaces files of a published release while `body` runs. */
async function tampered(
  name: string,
  files: Record<string, Buffer>,
  body: () => Promise<void>,
): Promise<void> {
  const assets = campaign.repository.releases.find((release) => release.tag === name)?.assets ?? [];
  const before = assets.map(({ bytes }) => bytes);
  for (const asset of assets) asset.bytes = files[asset.name] ?? asset.bytes;
  try {
    await body();
  } finally {
    for (const [i, asset] of assets.entries()) asset.bytes = before[i]!;
  }
}

jest.setTimeout(240_000);
(canRunAct() ? describe : describe.skip)('deploying on a tag', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    campaign = await Campaign.create(simulator, 'deploy');
    home = await mkdtemp(join(tmpdir(), 'served-'));
    const { project, repository } = campaign;
    await project.git('remote', 'add', 'hub', repository.git.directory);
    for (const [name, value] of [
      ['name', 'maria'],
      ['email', 'maria@example.test'],
    ] as const)
      await project.git('config', `user.${name}`, value);
    const workflow = { '.github/workflows/model-factory.yml': factory };
    expectRun(
      await campaign.commitToMain('One', {
        ...workflow,
        'model-factory.yml': configuration(0.00001, undefined, deploy),
      }),
      0,
    );
    expectRun(
      await campaign.commitToMain('Two', { 'model-factory.yml': configuration(1, undefined, deploy) }),
      0,
    );
    const inputs = { candidate: 'guess', reason: 'drill' };
    expectRun(await campaign.start('workflow_dispatch', dispatchEvent(repository, 'main', inputs)), 0);
    const script = await readFile(join(example, 'deploy.sh'), 'utf8');
    const workflowFile = await readFile(join(example, '.github/workflows/deploy.yml'), 'utf8');
    await project.commit('Deploy', {
      'deploy.sh': script,
      // act would fetch actions/checkout itself for another ref; the default branch is checked out here anyway.
      '.github/workflows/deploy.yml': workflowFile
        .replace(/ref: '[^']+', /, '')
        .replace('${{ vars.DEPLOY_TO }}', '${{ env.DEPLOY_TO }}'),
      '.github/workflows/others.yml': others,
    });
    await project.git('update-index', '--chmod=+x', 'deploy.sh');
    await project.git('commit', '-q', '-m', 'A program');
    await project.git('checkout', '-q', '--', 'deploy.sh');
    await project.git('reset', '-q', '--hard');
    await project.push('main');
    await project.git('fetch', '-q', 'hub');
    expect(repository.releases.map((release) => release.tag)).toEqual([
      'campaign@v1.0.0',
      'campaign@v1.1.0',
      'campaign@v1.2.0',
    ]);
  });
  afterAll(async () => {
    await campaign.project.remove();
    await rm(home, { recursive: true, force: true });
    await simulator.close();
  });

  it('verifies the version, runs the command and records the success', async () => {
    const run = await pushed(await tag('campaign@v1.0.0', 'prod'));
    expectRun(run, 0);
    expect(run.outputs.prod).toMatchObject({
      deployed: 'true',
      model: 'campaign',
      version: 'v1.0.0',
      'previous-version': '',
      stage: 'prod',
    });
    expect(campaign.repository.deployments).toHaveLength(1);
    expect(newest()?.fields).toMatchObject({
      environment: 'prod',
      ref: 'campaign#prod#1',
      payload: { model: 'campaign', version: 'v1.0.0' },
    });
    expect(states(newest())).toEqual(['in_progress', 'success']);
    expect(await serves()).toBe('v1.0.0');
    expect(run.summaries.map(({ markdown }) => markdown).join()).toContain('campaign v1.0.0 is live on prod');
  });

  it("uses the deployment of the job's environment and makes no second one", async () => {
    const name = await tag('campaign@v1.1.0', 'prod');
    const sha = await campaign.project.git('rev-parse', 'HEAD');
    const runId = ++campaign.lastRunId;
    const own = campaign.repository.startJobDeployment({ environment: 'prod', sha, runId });
    const run = await pushed(name, { runId });
    expectRun(run, 0);
    expect(run.outputs.prod).toMatchObject({ deployed: 'true', 'previous-version': 'v1.0.0' });
    expect(campaign.repository.deployments.map(states)).toEqual([
      ['in_progress', 'success', 'inactive'],
      ['in_progress', 'in_progress', 'success'],
    ]);
    expect(newest()).toBe(own);
  });

  it('leaves the version before live where the command fails', async () => {
    const name = await tag('campaign@v1.2.0', 'prod');
    const run = await pushed(name, { environment: { DEPLOY_TO: '/dev/null' } });
    expectRun(run, 1);
    expect(titles(run)).toContain('DEPLOY_FAILED');
    expect(run.outputs.prod).toMatchObject({ deployed: 'false', 'previous-version': 'v1.1.0' });
    expect(states(newest())).toEqual(['in_progress', 'failure']);
    expect(run.summaries.map(({ markdown }) => markdown).join()).toContain('v1.1.0 stays the live version');
    expect(await serves()).toBe('v1.1.0');
  });

  it('deploys on dispatch a version that stands beside another on an empty commit', async () => {
    const inputs = { tag: 'campaign@v1.2.0' };
    const run = await campaign.start(
      'workflow_dispatch',
      dispatchEvent(campaign.repository, 'main', inputs),
      {
        workflow: 'deploy.yml',
        inputs,
        environment: { DEPLOY_TO: home },
      },
    );
    expectRun(run, 0);
    expect(run.outputs.prod).toMatchObject({
      deployed: 'true',
      version: 'v1.2.0',
      'previous-version': 'v1.1.0',
    });
  });

  it('rolls back with one more tag', async () => {
    const run = await pushed(await tag('--rollback', 'campaign', 'prod'));
    expectRun(run, 0);
    expect(run.outputs.prod).toMatchObject({ version: 'v1.1.0', 'previous-version': 'v1.2.0' });
    expect(await serves()).toBe('v1.1.0');
  });

  it('lets the newer of two tags win, whichever run comes first', async () => {
    const [older, newer] = [await tag('campaign@v1.0.0', 'prod'), await tag('campaign@v1.2.0', 'prod')];
    const count = campaign.repository.deployments.length;
    const late = await pushed(older);
    expectRun(late, 0);
    expect(late.outputs.prod).toMatchObject({ deployed: 'false', version: 'v1.0.0' });
    expect(late.annotations.map(({ message }) => message).join()).toContain(newer);
    expect(campaign.repository.deployments).toHaveLength(count);
    const run = await pushed(newer);
    expectRun(run, 0);
    expect(run.outputs.prod).toMatchObject({
      deployed: 'true',
      version: 'v1.2.0',
      'previous-version': 'v1.1.0',
    });
  });

  it('deploys nothing without permission to record it, and names the line to add', async () => {
    const run = await pushed(await tag('campaign@v1.0.0', 'prod'), { token: 'ghs_fork' });
    expectRun(run, 1);
    expect(titles(run)).toContain('PERMISSION_MISSING');
    expect(run.log.join('\n')).toContain('deployments: write');
    expect(await serves()).toBe('v1.2.0');
  });

  it('refuses a file that was replaced', async () => {
    const name = await tag('campaign@v1.1.0', 'prod');
    const count = campaign.repository.deployments.length;
    await tampered('campaign@v1.1.0', { 'model.onnx': Buffer.from('something else') }, async () => {
      const run = await pushed(name);
      expectRun(run, 1);
      expect(titles(run)).toContain('DIGEST_MISMATCH');
    });
    expect(campaign.repository.deployments).toHaveLength(count);
  });

  it('refuses a model that answers a golden row differently', async () => {
    const assets = campaign.repository.releases.find((release) => release.tag === 'campaign@v1.1.0')!.assets;
    const files = new Map(assets.map((asset) => [asset.name, asset.bytes]));
    files.delete('SHA256SUMS');
    const golden = JSON.parse(files.get('golden.json')!.toString()) as { outputs: number[][] };
    golden.outputs[4]![0]! += 1e-9;
    files.set('golden.json', Buffer.from(JSON.stringify(golden)));
    const sums = Buffer.from(formatChecksums(files));
    const name = await tag('campaign@v1.1.0', 'prod');
    await tampered(
      'campaign@v1.1.0',
      { 'golden.json': files.get('golden.json')!, SHA256SUMS: sums },
      async () => {
        const run = await pushed(name);
        expectRun(run, 1);
        expect(titles(run)).toContain('GOLDEN_MISMATCH');
        expect(run.log.join('\n')).toContain('row 5');
      },
    );
  });

  it('refuses a version whose commit was never merged', async () => {
    const { git } = campaign.repository;
    const tree = git.text(['rev-parse', 'main~1^{tree}']).trim();
    const foreign = git.text(['commit-tree', tree, '-p', 'main', '-m', 'Not merged']).trim();
    for (const name of ['campaign@v9.0.0', 'campaign#prod#90']) git.run(['tag', name, foreign]);
    const run = await pushed('campaign#prod#90');
    git.run(['tag', '--delete', 'campaign@v9.0.0', 'campaign#prod#90']);
    expectRun(run, 1);
    expect(titles(run)).toContain('COMMIT_FOREIGN');
  });

  it('refuses a version that the history does not know', async () => {
    const { git } = campaign.repository;
    for (const name of ['campaign@v8.0.0', 'campaign#prod#91']) git.run(['tag', name, 'main']);
    const run = await pushed('campaign#prod#91');
    git.run(['tag', '--delete', 'campaign@v8.0.0', 'campaign#prod#91']);
    expectRun(run, 1);
    expect(run.annotations.map(({ message }) => message).join()).toContain(
      'knows no promotion of campaign@v8.0.0',
    );
  });

  it('deploys nothing for a tag on a commit without a version, and names the nearest', async () => {
    const { git } = campaign.repository;
    git.run(['tag', 'campaign#prod#92', 'main']);
    const run = await pushed('campaign#prod#92');
    git.run(['tag', '--delete', 'campaign#prod#92']);
    expectRun(run, 1);
    expect(titles(run)).toContain('TAG_INVALID');
    expect(run.log.join('\n')).toContain('The nearest version is campaign@v1.1.0');
  });

  it('shows the command no token and no input, and takes a release as well', async () => {
    const payload = releaseEvent(campaign.repository, 'published', 'campaign@v1.1.0');
    const run = await campaign.start('release', payload, { workflow: 'others.yml' });
    expectRun(run, 0);
    expect(run.outputs.others).toMatchObject({ deployed: 'true', stage: 'probe', version: 'v1.1.0' });
    const log = run.log.join('\n');
    expect(log).toContain('MODEL_VERSION=v1.1.0');
    expect(log).toContain('STAGE=probe');
    expect(log).not.toMatch(/ghs_write|^(.*\s)?(GITHUB_|ACTIONS_|INPUT_|RUNNER_)\w*=/m);
  });

  it('is read by gto', async () => {
    const gto = at('.tools/bin/gto');
    if (!existsSync(gto)) throw new Error('scripts/install-tools.sh installs gto');
    await campaign.project.git('fetch', '-q', '--tags', 'hub');
    const { stdout } = await execute(gto, ['show', '--json', '--repo', campaign.project.folder]);
    expect(JSON.parse(stdout)).toMatchObject({ campaign: { stage: { prod: 'v1.1.0' } } });
  });

  it('never leaves what GitHub documents', () => {
    expect(simulator.violations).toEqual([]);
  });
});
