import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { canRunAct, Project } from './act.ts';
import { dispatchEvent, pullRequestEvent } from './events.ts';

const smoke = fileURLToPath(new URL('../fixtures/e2e/smoke', import.meta.url));
const actions = { 'owner/model-factory@v1': smoke };
let simulator: Simulator;
let project: Project;

jest.setTimeout(120_000);
(canRunAct() ? describe : describe.skip)('the act driver', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    project = await Project.create(simulator, simulator.repository('octo', 'lab'), smoke);
  });
  afterAll(async () => {
    await project.remove();
    await simulator.close();
  });

  it('runs the workflows of a pull request on the merge commit', async () => {
    const { repository } = project;
    const base = await project.git('rev-parse', 'main');
    await project.git('checkout', '-q', '-b', 'feature');
    const head = await project.commit('Change', { 'data.csv': 'a\n1\n' });
    await project.push('feature');
    const merge = await project.checkoutMerge('main', 'feature');
    const payload = pullRequestEvent(repository, {
      number: 7,
      head: { ref: 'feature', sha: head },
      base: { ref: 'main', sha: base },
    });

    const run = await project.run({ event: 'pull_request', payload, actions, runId: 77, attempt: 2 });

    expect([run.exitCode, run.exitCode === 0 ? '' : run.log.join('\n')]).toEqual([0, '']);
    expect(run.jobs).toEqual({ one: 'success', 'two (a)': 'success', 'two (b)': 'success' });
    expect(run.outputs.one).toEqual({
      node: process.versions.node,
      list: '["a","b"]',
      sha: merge,
      'event-sha': merge,
      run: '77/2',
      repository: 'octo/lab',
    });
    expect(run.summaries.map(({ markdown }) => markdown.trim()).sort()).toEqual([
      '# Hello a',
      '# Hello b',
      '# Hello nektos/act',
    ]);
    expect(run.annotations[0]).toEqual({
      level: 'warning',
      title: 'Greeting',
      file: 'README.md',
      message: 'said hello',
    });
    expect(repository.git.resolve('refs/heads/feature')).toBe(head);
    expect(simulator.violations).toEqual([]);
  });

  it('tells which job failed', async () => {
    const payload = dispatchEvent(project.repository, 'main');
    const run = await project.run({ event: 'workflow_dispatch', payload, actions, workflow: 'smoke.yml' });
    expect(run.exitCode).toBe(1);
    expect(run.jobs).toMatchObject({ one: 'success', three: 'failure' });
  });
});
