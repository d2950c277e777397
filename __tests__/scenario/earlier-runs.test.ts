import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dispatchEvent, pullRequestEvent } from '../e2e/events.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { permissions } from '../simulator/tokens.ts';
import { conclusions, Lab, type JobRun, type JobStart } from './lab.ts';
import { configuration, people, weak } from './workspace.ts';

const linear = (c: number): string => `linear: { trainer: logistic-regression, params: { C: ${c} } }`;
const boosting = (rounds: number): string =>
  `boosting: { trainer: gradient-boosting, params: { max_iter: ${rounds} } }`;
const models = (...candidates: readonly string[]) => ({
  'model-factory.yml': configuration(candidates.join('\n')),
});
const known = { GITHUB_WORKFLOW_REF: 'octo/lab/.github/workflows/model-factory.yml@refs/heads/main' };

let simulator: Simulator;
const labs: Lab[] = [];

jest.setTimeout(120_000);
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  for (const lab of labs) await lab.remove();
  await simulator.close();
});

/** A repository whose champion is a weak model. */
async function withChampion(name: string): Promise<Lab> {
  const lab = await Lab.create(simulator, name);
  labs.push(lab);
  const first = await lab.toDefaultBranch({ 'people.csv': people, ...models(weak) });
  expect(first.outputs.version).toBe('v1.0.0');
  return lab;
}

const run = (lab: Lab, start: JobStart): Promise<JobRun> =>
  lab.run({ ...start, environment: { ...known, ...start.environment } });

/** Another commit on the branch of a pull request, merged with its base as GitHub does. */
async function again(
  lab: Lab,
  branch: string,
  number: number,
  files: Readonly<Record<string, string>>,
): Promise<JobStart> {
  lab.git('checkout', '-q', branch);
  const sha = await lab.commit('Again', files);
  lab.push(branch);
  lab.git('checkout', '-q', '--detach', 'main');
  lab.git('merge', '-q', '--no-ff', '-m', 'Merge', branch);
  const head = { ref: branch, sha, repository: lab.repository.fullName };
  const base = { ref: 'main', sha: lab.git('rev-parse', 'main') };
  return { event: 'pull_request', payload: pullRequestEvent(lab.repository, { number, head, base }) };
}

/** The push that a squash merge of the branch makes. */
async function merged(lab: Lab, branch: string): Promise<JobStart> {
  lab.git('checkout', '-q', 'main');
  lab.git('merge', '-q', '--squash', branch);
  await lab.commit('Merge it');
  lab.push('main');
  return lab.pushed();
}

const taken = ({ log }: JobRun): string | undefined => /\d unchanged, taken.*$/m.exec(log)?.[0];

describe('results of earlier runs of the workflow', () => {
  it('serve the next push and the run after the merge, which releases what was tested', async () => {
    const lab = await withChampion('merge');
    const pull = await lab.openPull('better', models(linear(1), boosting(20)));
    const first = await run(lab, pull);
    expect([conclusions(first), taken(first)]).toEqual([[0, 'keep', 'likely-better'], undefined]);
    const firstRun = lab.lastRunId;

    const second = await run(lab, await again(lab, 'better', pull.number, models(linear(1), boosting(21))));
    expect(taken(second)).toBe(`2 unchanged, taken from run ${firstRun}`);
    expect(second.log).toContain('1 candidate in 1 job');
    expect(second.summary).toContain(`; 2 unchanged, taken from run ${firstRun}`);
    const secondRun = lab.lastRunId;

    const after = await run(lab, await merged(lab, 'better'));
    expect(taken(after)).toBe(`3 unchanged, taken from run ${secondRun}`);
    expect(after.log).toContain('nothing is to be trained');
    expect(conclusions(after)).toEqual([0, 'promote', 'better']);
    expect(after.outputs.version).toMatch(/^v1\.\d\.0$/);
    expect(simulator.violations).toEqual([]);
  });

  it('are those of training: the same release comes of both', async () => {
    const [cached, fresh] = [await withChampion('cached'), await withChampion('fresh')];
    const released: Buffer[] = [];
    for (const [lab, cache] of [
      [cached, 'true'],
      [fresh, 'false'],
    ] as const) {
      await run(lab, await lab.openPull('better', models(linear(1))));
      const after = await run(lab, { ...(await merged(lab, 'better')), inputs: { cache } });
      expect(conclusions(after)).toEqual([0, 'promote', 'better']);
      expect(taken(after) !== undefined).toBe(cache === 'true');
      const release = lab.repository.releases.find(({ tag }) => tag === 'income@v1.1.0');
      const model = release?.assets.find(({ name }) => name === 'model.onnx');
      if (model) released.push(model.bytes);
    }
    expect(released).toHaveLength(2);
    expect(released[0]?.equals(released[1]!)).toBe(true);
  });

  it("of a fork's pull request are not believed", async () => {
    const lab = await withChampion('forked');
    const pull = await lab.openPull('theirs', models(linear(1)), { fork: true });
    await run(lab, { ...pull, token: 'ghs_fork' });
    const after = await run(lab, await merged(lab, 'theirs'));
    expect([taken(after), conclusions(after)]).toEqual([undefined, [0, 'promote', 'better']]);
  });

  it('of a commit whose workflow or code was another are not believed, though the last one is the same', async () => {
    const lab = await withChampion('laundered');
    const evil = { '.github/workflows/model-factory.yml': 'on: pull_request\n' };
    const pull = await lab.openPull('laundry', { ...models(linear(1)), ...evil });
    await run(lab, pull);
    lab.git('checkout', '-q', 'laundry');
    lab.git('rm', '-q', '.github/workflows/model-factory.yml');
    const clean = await run(lab, await again(lab, 'laundry', pull.number, {}));
    expect(taken(clean)).toBeUndefined();
  });

  it('of a configuration that started a program are not believed', async () => {
    const lab = await withChampion('program');
    const program = 'sly: { trainer: command, run: "node sly.mjs" }';
    const sly = 'process.exit(1);\n';
    await lab.toDefaultBranch({ 'sly.mjs': sly });
    const reader = 'ghs_read';
    simulator.tokens.set(reader, {
      ...{ login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
      permissions: permissions('read'),
    });
    const pull = await lab.openPull('programs', models(linear(1), program));
    await run(lab, { ...pull, token: reader });
    const clean = await run(lab, await again(lab, 'programs', pull.number, models(linear(1))));
    expect(taken(clean)).toBeUndefined();
  });

  it('of a tag that has the name of the default branch are not believed', async () => {
    const lab = await withChampion('tagged');
    const other = { 'other.txt': 'x\n' };
    await run(lab, await lab.openPull('aside', { ...models(linear(1)), ...other }));
    const asIfTagged = lab.repository.runs.find(({ id }) => id === lab.lastRunId);
    Object.assign(asIfTagged!, { event: 'push', head_branch: 'main' });
    expect(taken(await run(lab, await lab.openPull('honest', models(linear(1)))))).toBeUndefined();
  });

  it('of the default branch serve a pull request', async () => {
    const lab = await withChampion('default');
    await run(lab, await lab.openPull('first', models(linear(1), boosting(20))));
    const after = await run(lab, await merged(lab, 'first'));
    expect(conclusions(after)).toEqual([0, 'promote', 'better']);
    const trunk = lab.lastRunId;
    const next = await run(lab, await lab.openPull('next', models(linear(1), boosting(22))));
    expect(taken(next)).toMatch(new RegExp(`taken from run ${trunk}$`));
  });

  it('are left alone without the permission: a notice, and everything is trained', async () => {
    const lab = await withChampion('unpermitted');
    await run(lab, await lab.openPull('first', models(linear(1))));
    const { actions: _, ...rest } = permissions('write');
    simulator.tokens.set('ghs_no_actions', {
      ...{ login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
      permissions: rest,
    });
    const after = await run(lab, { ...(await merged(lab, 'first')), token: 'ghs_no_actions' });
    expect([taken(after), conclusions(after)]).toEqual([undefined, [0, 'promote', 'better']]);
    expect(after.annotations).toContainEqual(
      expect.stringMatching(/^notice Model Factory: Results of earlier runs are not used: .*actions: read/),
    );
  });

  it('are left alone where the service fails, and where a person starts the run', async () => {
    const lab = await withChampion('failing');
    const pull = await lab.openPull('first', models(linear(1)));
    await run(lab, pull);
    simulator.fault({ op: 'actions/list-workflow-run-artifacts', status: 404, times: 50 });
    const second = await run(lab, pull);
    simulator.faults.clear();
    expect([taken(second), second.code]).toEqual([undefined, 0]);
    expect(second.log).toContain('Results of earlier runs are not used');
    await merged(lab, 'first');
    const payload = dispatchEvent(lab.repository, 'main', {});
    const asked = await run(lab, { event: 'workflow_dispatch', payload });
    expect([taken(asked), conclusions(asked)]).toEqual([undefined, [0, 'promote', 'better']]);
  });

  it('leave a matrix only what changed', async () => {
    const lab = await withChampion('matrix');
    const pull = await lab.openPull('first', models(linear(1), boosting(20)));
    await run(lab, pull);
    const from = lab.lastRunId;
    const next = await again(lab, 'first', pull.number, models(linear(1), boosting(21)));
    const plan = await run(lab, { ...next, action: 'plan' });
    const runId = lab.lastRunId;
    expect(plan.log).toMatch(/1 candidate in 1 job, .*; 2 unchanged, taken from run/);
    const planned = { 'plan-artifact-id': plan.outputs['plan-artifact-id']! };
    const shard = await run(lab, { ...next, runId, action: 'train', inputs: { ...planned, shard: '0' } });
    expect(shard.code).toBe(0);
    expect(shard.log).toContain('Training boosting');
    const gate = await run(lab, { ...next, runId, action: 'gate', inputs: planned });
    expect(conclusions(gate)).toEqual([0, 'keep', 'likely-better']);
    expect(gate.summary).toContain(`2 unchanged, taken from run ${from}`);
    const last = await run(
      lab,
      await again(
        lab,
        'first',
        pull.number,
        models(linear(1), boosting(21), boosting(5).replace('boosting', 'short')),
      ),
    );
    expect(taken(last)).toBe(`3 unchanged, taken from run ${runId}`);
  });
});
