import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { dispatchEvent, mergeGroupEvent, pushEvent, releaseEvent } from '../e2e/events.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab } from './lab.ts';
import { configuration, people, strong, weak } from './workspace.ts';

const worse = { 'model-factory.yml': configuration(weak) };
const same = { 'README.md': 'Nothing of the model\n' };

let simulator: Simulator;
let lab: Lab;

const comments = (number: number) => lab.repository.comments.filter(({ issue }) => issue === number);
const versions = () => lab.repository.releases.filter(({ draft }) => !draft).map(({ tag }) => tag);
const refused = (message: string) => `error EVENT_INVALID: ${message}`;

jest.setTimeout(60_000);
beforeAll(async () => {
  simulator = await startSimulator();
  lab = await Lab.create(simulator, 'events');
  const first = await lab.toDefaultBranch({
    'people.csv': people,
    'model-factory.yml': configuration(strong),
  });
  expect(first).toMatchObject({ code: 0, outputs: { reason: 'first-run', version: 'v1.0.0' } });
});
afterAll(async () => {
  await lab.remove();
  await simulator.close();
});
beforeEach(() => {
  lab.git('checkout', '-q', 'main');
});

describe('a pull request', () => {
  it('is compared with the first parent of the merge commit, not with where it began', async () => {
    const begin = lab.git('rev-parse', 'main');
    await lab.commit('Move on', { 'CHANGES.md': 'main is ahead\n' });
    lab.push('main');
    lab.git('checkout', '-q', '--detach', begin);
    const pull = await lab.openPull('behind', same, { from: begin });
    const run = await lab.run(pull);
    expect(conclusions(run)).toEqual([0, 'keep', 'unchanged']);
    expect(run.base).toBe(lab.git('rev-parse', 'main'));
  });

  it('whose head is checked out is compared with where it left the base', async () => {
    const left = lab.git('rev-parse', 'main');
    const pull = await lab.openPull('head', worse);
    lab.git('checkout', '-q', '--detach', 'head');
    const run = await lab.run(pull);
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.base).toBe(left);
  });

  it('whose head is itself a merge is not compared with its own first parent', async () => {
    const left = lab.git('rev-parse', 'main');
    lab.git('checkout', '-q', '-b', 'own-merge');
    await lab.commit('Worse', worse);
    lab.git('checkout', '-q', '-b', 'aside', left);
    await lab.commit('Aside', { 'ASIDE.md': 'x\n' });
    lab.git('checkout', '-q', 'own-merge');
    lab.git('merge', '-q', '--no-ff', '-m', 'Merge aside', 'aside');
    const pull = await lab.openPull('merged-aside', same, { from: 'own-merge' });
    lab.git('checkout', '-q', '--detach', 'own-merge');
    const run = await lab.run(pull);
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.base).toBe(left);
  });

  it.each([
    ['of a fork, whose token can only read', true, 'maria'],
    ['of Dependabot, whose token can only read', false, 'dependabot[bot]'],
  ])('%s, is judged all the same and reported in the summary', async (who, fork, actor) => {
    const pull = await lab.openPull(`read-only-${actor.length}`, worse, { fork });
    const run = await lab.run({ ...pull, token: 'ghs_fork', environment: { GITHUB_ACTOR: actor } });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.summary).toContain('Worse than the baseline');
    expect(run.annotations.find((line) => line.startsWith('warning'))).toContain(
      'The comment could not be written; the report stands in the job summary.',
    );
    expect(comments(pull.number)).toEqual([]);
  });

  it('that is a draft is judged like any other', async () => {
    const pull = await lab.openPull('draft', same);
    const payload = { ...pull.payload, pull_request: { ...pull.payload.pull_request, draft: true } };
    const run = await lab.run({ ...pull, payload });
    expect(conclusions(run)).toEqual([0, 'keep', 'unchanged']);
    expect(comments(pull.number)).toHaveLength(1);
  });

  it('that is closed is refused with the way to stop asking', async () => {
    const pull = await lab.openPull('closed', same);
    const run = await lab.run({ ...pull, payload: { ...pull.payload, action: 'closed' } });
    expect(run.code).toBe(1);
    expect(run.annotations.join()).toContain(
      refused(`pull request #${pull.number} is closed: there is nothing left to judge`),
    );
    expect(run.annotations.join()).toContain('Take `closed` out of the types');
  });

  it('on pull_request_target is refused, with the reason', async () => {
    const pull = await lab.openPull('target', worse);
    lab.git('checkout', '-q', 'main');
    const run = await lab.run({ ...pull, event: 'pull_request_target' });
    expect(run.code).toBe(1);
    expect(run.annotations.join()).toContain(
      refused('on pull_request_target the checkout is the base branch'),
    );
    expect(run.annotations.join()).toContain('Use `on: pull_request`');
  });
});

describe('an entry of the merge queue', () => {
  it('is compared with the base of its group, blocks, and writes no comment', async () => {
    const base = lab.git('rev-parse', 'main');
    const pull = await lab.openPull('queued', worse);
    const head = lab.git('rev-parse', 'HEAD');
    const run = await lab.run({ event: 'merge_group', payload: mergeGroupEvent(lab.repository, base, head) });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.base).toBe(base);
    expect(comments(pull.number)).toEqual([]);
  });
});

describe('a push', () => {
  it('to another branch, whatever its name, is asked whether it may merge', async () => {
    const left = lab.git('rev-parse', 'main');
    const branch = 'feature/$(touch${IFS}pwned)/"ünï\'#1';
    lab.git('checkout', '-q', '-b', branch);
    const head = await lab.commit('`touch pwned` ::error::forged', worse);
    const run = await lab.run({ event: 'push', payload: pushEvent(lab.repository, branch, left, head) });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.base).toBe(left);
    expect(versions()).toEqual(['income@v1.0.0']);
  });

  it('of a tag is refused with the line that keeps tags away', async () => {
    const head = lab.git('rev-parse', 'HEAD');
    const payload = { ...pushEvent(lab.repository, 'main', head, head), ref: 'refs/tags/income#prod#1' };
    const run = await lab.run({ event: 'push', payload });
    expect(run.code).toBe(1);
    expect(run.annotations.join()).toContain(refused('the tag income#prod#1 was pushed'));
    expect(run.annotations.join()).toContain('push: { branches: [main] }');
  });
});

describe('other events', () => {
  it('a schedule asks the question of the default branch', async () => {
    const run = await lab.run({
      event: 'schedule',
      payload: { schedule: '0 6 * * 1' },
      environment: { GITHUB_REF: 'refs/heads/main' },
    });
    expect(conclusions(run)).toEqual([0, 'keep', 'unchanged']);
    expect(run.base).toBeNull();
  });

  it('a dispatch asks by its branch', async () => {
    const there = await lab.run({
      event: 'workflow_dispatch',
      payload: dispatchEvent(lab.repository, 'main'),
    });
    expect([...conclusions(there), there.base]).toEqual([0, 'keep', 'unchanged', null]);
    const left = lab.git('rev-parse', 'main');
    lab.git('checkout', '-q', '-b', 'try-it');
    await lab.commit('Try', same);
    const elsewhere = await lab.run({
      event: 'workflow_dispatch',
      payload: dispatchEvent(lab.repository, 'try-it'),
    });
    expect([...conclusions(elsewhere), elsewhere.base]).toEqual([0, 'keep', 'unchanged', left]);
  });

  it('a release is refused, and so is what the factory does not know', async () => {
    const release = await lab.run({
      event: 'release',
      payload: releaseEvent(lab.repository, 'published', 'income@v1.0.0'),
    });
    expect(release.code).toBe(1);
    expect(release.annotations.join()).toContain(refused('a release was published (income@v1.0.0)'));
    const watch = await lab.run({ event: 'watch', payload: {} });
    expect(watch.annotations.join()).toContain(refused('the event watch asks nothing of the factory'));
    expect(watch.annotations.join()).toContain('on: pull_request, merge_group, push to main, schedule');
  });
});

describe('the default branch', () => {
  it('keeps what a second attempt of the same run finds published', async () => {
    const start = { ...lab.pushed(), runId: 500 + 1 };
    const run = await lab.run({ ...start, attempt: 2 });
    expect(conclusions(run)).toEqual([0, 'keep', 'unchanged']);
    expect(versions()).toEqual(['income@v1.0.0']);
  });

  it('promotes after a squash merge, whose commit does not descend from the pull request; main or trunk', async () => {
    const trunk = await Lab.create(simulator, 'trunk', 'trunk');
    try {
      const first = await trunk.toDefaultBranch({ 'people.csv': people, ...worse });
      expect(conclusions(first)).toEqual([0, 'promote', 'first-run']);
      const pull = await trunk.openPull('better', { 'model-factory.yml': configuration(strong) });
      expect(conclusions(await trunk.run(pull))).toEqual([0, 'keep', 'likely-better']);
      trunk.git('checkout', '-q', 'trunk');
      trunk.git('merge', '-q', '--squash', 'better');
      const merged = await trunk.toDefaultBranch({});
      expect(merged.outputs).toMatchObject({ conclusion: 'promote', version: 'v1.1.0' });
    } finally {
      await trunk.remove();
    }
  });
});

it('no event left what GitHub documents', () => expect(simulator.violations).toEqual([]));
