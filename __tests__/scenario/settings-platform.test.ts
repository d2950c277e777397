import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { permissions, type Identity } from '../simulator/tokens.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab, type JobRun } from './lab.ts';
import { configuration, people, strong, weak } from './workspace.ts';

const model = { 'people.csv': people, 'model-factory.yml': configuration(strong) };
const worse = { 'model-factory.yml': configuration(weak) };
const hourAhead = (): string => String(Math.ceil(Date.now() / 1000) + 3600);

let simulator: Simulator;
/** A repository with a champion, whose pull requests are judged. */
let lab: Lab;
const others: Lab[] = [];

/** A repository that has promoted nothing yet. */
async function fresh(name: string): Promise<Lab> {
  const made = await Lab.create(simulator, name);
  others.push(made);
  return made;
}

/** A job's token with these permissions only. */
function tokenWith(name: string, granted: Identity['permissions']): string {
  simulator.tokens.set(name, {
    login: 'github-actions[bot]',
    id: 41898282,
    type: 'Bot',
    permissions: granted,
  });
  return name;
}

const published = ({ repository }: Lab) => repository.releases.map(({ tag, draft }) => [tag, draft]);
const tags = ({ repository }: Lab) => repository.git.refs('refs/tags/').map(({ ref }) => ref);

/** Code, message and fix of what the job was told. */
function expectTold(run: JobRun, code: string, message: string, fix: string): void {
  const told = run.annotations.find((line) => line.startsWith(`error ${code}: `)) ?? run.log;
  expect(told).toContain(message);
  expect(told).toContain(fix);
}

jest.setTimeout(60_000);
beforeAll(async () => {
  simulator = await startSimulator();
  lab = await Lab.create(simulator, 'platform');
  expect(conclusions(await lab.toDefaultBranch(model))).toEqual([0, 'promote', 'first-run']);
});
afterAll(async () => {
  for (const one of [lab, ...others]) await one.remove();
  await simulator.close();
});
beforeEach(() => {
  lab.git('checkout', '-q', 'main');
  simulator.faults.clear();
});

describe('broken inputs, permission or platform', () => {
  it('1: a job without actions/checkout', async () => {
    const pull = await lab.openPull('no-checkout', worse);
    const workspace = join(lab.home, 'empty');
    mkdirSync(workspace);
    const run = await lab.run({ ...pull, workspace });
    expect(run.code).toBe(1);
    expectTold(
      run,
      'CHECKOUT_MISSING',
      'the workspace of this job is not a git checkout',
      'actions/checkout',
    );
  });

  it('2: a shallow checkout without the base commit', async () => {
    const pull = await lab.openPull('shallow', worse);
    lab.git('branch', '-f', 'merge-of-shallow', 'HEAD');
    const workspace = join(lab.home, 'shallow');
    execFileSync('git', [
      ...['clone', '-q', '--depth', '1', '--branch', 'merge-of-shallow', `file://${lab.folder}`, workspace],
    ]);
    const run = await lab.run({ ...pull, workspace });
    expect(run.code).toBe(1);
    const base = pull.payload.pull_request.base.sha;
    expectTold(run, 'BASE_MISSING', `${base} (it is shallow)`, 'with: { fetch-depth: 0 }');
  });

  it('3: a factory job that may only read', async () => {
    const reader = await fresh('reader');
    const run = await reader.toDefaultBranch(model, { token: 'ghs_fork' });
    expect(conclusions(run)).toEqual([1, 'promote', 'first-run']);
    expectTold(
      run,
      'RELEASE_FORBIDDEN',
      "the model passed but can't be released",
      'permissions: { contents: write }',
    );
    expect(run.summary).toContain('First model');
    expect([published(reader), tags(reader)]).toEqual([[], []]);

    const inputs = { 'from-run': String(reader.lastRunId) };
    const later = await reader.run({ ...reader.pushed(), action: 'publish', inputs });
    expect([later.code, later.outputs.version]).toEqual([0, 'v1.0.0']);
    // What the run could not write, its epoch for one, is in the history now.
    const next = await reader.toDefaultBranch({ 'README.md': 'x' });
    expect(conclusions(next)).toEqual([0, 'keep', 'unchanged']);
  });

  it('4: a history branch that a ruleset protects', async () => {
    const ruled = await fresh('ruled');
    ruled.repository.protect({ pattern: 'refs/heads/*' });
    ruled.pushing = false;
    const run = await ruled.toDefaultBranch(model);
    expect(conclusions(run)).toEqual([1, 'promote', 'first-run']);
    expectTold(
      run,
      'LEDGER_PROTECTED',
      'model-factory-ledger refuses the write',
      'Settings > Rules > Rulesets',
    );
    expect(run.summary).toContain('First model');
    expect([published(ruled), tags(ruled)]).toEqual([[], []]);
  });

  it('5: an Enterprise Server, which has no artifacts for a matrix', async () => {
    const pull = await lab.openPull('server', worse);
    const environment = { GITHUB_SERVER_URL: 'https://github.example.test' };
    const plan = await lab.run({ ...pull, action: 'plan', environment });
    expect(plan.code).toBe(1);
    expectTold(plan, 'GHES_NO_ARTIFACTS', 'artifact', 'root action');
    const whole = await lab.run({ ...pull, environment });
    expect(conclusions(whole)).toEqual([1, 'block', 'worse']);
    expect(whole.summary).toContain(`https://github.example.test/${lab.repository.fullName}/`);
    expect(whole.log).toContain('no artifact service');
  });
});

describe('permissions, one by one', () => {
  it('without pull-requests: write the report stands in the summary', async () => {
    const pull = await lab.openPull('no-comment', worse);
    const token = tokenWith('ghs_no_comment', {
      contents: 'read',
      metadata: 'read',
      'pull-requests': 'read',
    });
    const run = await lab.run({ ...pull, token });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.annotations.join()).toContain('permissions: { pull-requests: write }');
    expect(run.summary).toContain('Worse than the baseline');
  });

  it('without contents: read nothing is judged as if there were no champion', async () => {
    const pull = await lab.openPull('no-contents', worse);
    const token = tokenWith('ghs_no_contents', { metadata: 'read', 'pull-requests': 'write' });
    const run = await lab.run({ ...pull, token });
    expect([run.code, run.outputs.conclusion]).toEqual([1, undefined]);
    expectTold(run, 'PERMISSION_MISSING', 'could not read heads/model-factory-ledger', 'contents: read');
  });

  it('publishing from an earlier run needs actions: read', async () => {
    const { actions: _, ...granted } = permissions('write');
    const run = await lab.run({
      ...lab.pushed(),
      action: 'publish',
      token: tokenWith('ghs_no_actions', granted),
      inputs: { 'from-run': '501' },
    });
    expect(run.code).toBe(1);
    expectTold(run, 'PERMISSION_MISSING', 'could not read run 501', 'permissions: { actions: read }');
  });

  it.each([
    ["a fork's pull request", { fork: true }, 'pull_request for stolen-true of stranger/lab'],
    ['a pull request', { fork: false }, 'pull_request for stolen-false of octo/'],
  ])('publishes nothing of %s, whatever its artifacts say', async (_, from, said) => {
    const pull = await lab.openPull(`stolen-${from.fork}`, worse, from);
    await lab.run(pull);
    const inputs = { 'from-run': String(lab.lastRunId) };
    const before = published(lab);
    const run = await lab.run({ ...lab.pushed(), action: 'publish', inputs });
    expectTold(run, 'ARGUMENT_INVALID', said, 'Name a run of the default branch');
    expect([run.code, published(lab)]).toEqual([1, before]);
  });

  it('a token that has run out is named', async () => {
    const pull = await lab.openPull('expired', worse);
    const run = await lab.run({ ...pull, token: 'ghs_expired' });
    expectTold(run, 'PERMISSION_MISSING', 'does not accept the token (401)', 'github-token');
  });
});

describe('a protected version tag', () => {
  it('stops the publication before anything of it can be seen', async () => {
    const tagged = await fresh('tagged');
    tagged.repository.protect({ pattern: 'refs/tags/*' });
    const run = await tagged.toDefaultBranch(model);
    expect(conclusions(run)).toEqual([1, 'promote', 'first-run']);
    expectTold(
      run,
      'TAG_PROTECTED',
      'the tag income@v1.0.0 could not be created',
      'Settings > Rules > Rulesets',
    );
    expect(published(tagged).filter(([, draft]) => draft === false)).toEqual([]);
    tagged.repository.protections.length = 0;
    const again = await tagged.run({ ...tagged.pushed(), runId: tagged.lastRunId, attempt: 2 });
    expect(again.outputs).toMatchObject({ conclusion: 'promote', version: 'v1.0.0' });
    expect(published(tagged)).toEqual([['income@v1.0.0', false]]);
  });
});

describe('a GitHub that has trouble', () => {
  it('is waited for when it asks for a pause', async () => {
    const pull = await lab.openPull('pause', worse);
    simulator.fault({
      op: 'git/get-ref',
      status: 429,
      headers: { 'retry-after': '1' },
      body: { message: 'slow down' },
    });
    const run = await lab.run(pull);
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.log).toContain('GitHub asks for a pause of 1 s (slow down)');
  });

  it('is not waited for by the hour', async () => {
    const pull = await lab.openPull('limit', worse);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': hourAhead() };
    simulator.fault({
      op: 'git/get-ref',
      status: 403,
      headers,
      body: { message: 'API rate limit exceeded' },
    });
    const run = await lab.run(pull);
    expect([run.code, run.outputs.conclusion]).toEqual([1, undefined]);
    expectTold(
      run,
      'RATE_LIMITED',
      'GitHub takes no more requests until',
      'Run the job again after that time',
    );
  });

  it('in the midst of publishing is mended by running the job again', async () => {
    const broken = await fresh('broken');
    simulator.fault({ op: 'repos/upload-release-asset', status: 502, body: '<html>' });
    const headers = { 'retry-after': '3600' };
    const body = { message: 'You have exceeded a secondary rate limit' };
    simulator.fault({ op: 'repos/update-release', status: 403, headers, body });
    const first = await broken.toDefaultBranch(model);
    expect(first.code).toBe(1);
    expectTold(first, 'RATE_LIMITED', 'You have exceeded a secondary rate limit', 'Run the job again');
    expect(published(broken)).toEqual([['income@v1.0.0', true]]);
    const again = await broken.run({ ...broken.pushed(), runId: broken.lastRunId, attempt: 2 });
    expect(again.outputs).toMatchObject({ conclusion: 'promote', version: 'v1.0.0' });
    expect(published(broken)).toEqual([['income@v1.0.0', false]]);
    expect(tags(broken)).toEqual(['refs/tags/income@v1.0.0']);
  });
});

it('nothing left what GitHub documents', () => expect(simulator.violations).toEqual([]));
