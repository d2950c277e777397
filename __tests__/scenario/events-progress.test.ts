import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab, type PullRequest } from './lab.ts';
import { configuration, people, strong, weak } from './workspace.ts';

let simulator: Simulator;
let lab: Lab;
let pull: PullRequest;

jest.setTimeout(60_000);
beforeAll(async () => {
  simulator = await startSimulator();
  lab = await Lab.create(simulator, 'progress');
  await lab.toDefaultBranch({ 'people.csv': people, 'model-factory.yml': configuration(strong) });
  pull = await lab.openPull('matrix', { 'model-factory.yml': configuration(weak) });
});
afterAll(async () => {
  await lab.remove();
  await simulator.close();
});

const bodies = () => lab.repository.comments.map(({ body }) => body);
const plan = (comment: string, token = 'ghs_write') =>
  lab.run({ ...pull, action: 'plan', token, inputs: { comment } });

describe('the comment while a matrix trains', () => {
  it('is not touched unless the plan is asked to', async () => {
    expect((await plan('never')).code).toBe(0);
    expect((await plan('on-fail')).code).toBe(0);
    expect(bodies()).toEqual([]);
  });

  it('says what is being trained, and where to look', async () => {
    const run = await plan('always');
    expect(run.code).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('⏳ `income`: commit')]);
    expect(bodies()[0]).toContain(`trains 2 candidates in 1 job`);
    expect(bodies()[0]).toContain(`/actions/runs/${lab.lastRunId}/attempts/1)`);
    expect(bodies()[0]).not.toContain('below');
  });

  it('gives way to the verdict', async () => {
    expect(conclusions(await lab.run(pull))).toEqual([1, 'block', 'worse']);
    expect(bodies()).toEqual([expect.not.stringContaining('⏳')]);
  });

  it('keeps the last verdict below one line, however often it is written', async () => {
    await plan('on-change');
    await plan('always');
    const [body = '', ...more] = bodies();
    expect(more).toEqual([]);
    expect(body.match(/⏳/g)).toHaveLength(1);
    expect(body).toContain('The verdict below is of an earlier run.');
    expect(body).toContain('Do not merge');
  });

  it('is only a warning where the token may not write', async () => {
    const before = bodies();
    const run = await plan('always', 'ghs_fork');
    expect([run.code, run.outputs.model]).toEqual([0, 'income']);
    expect(run.annotations.join()).toContain('permissions: { pull-requests: write }');
    expect(bodies()).toEqual(before);
  });
});
