import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dispatchEvent } from '../e2e/events.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab } from './lab.ts';
import { configuration, people, strong } from './workspace.ts';

let simulator: Simulator;
const labs: Lab[] = [];
const judgeOnly = {
  'people.csv': people,
  'model-factory.yml': configuration(`${strong}\nguess: { trainer: dummy }`, 'publish: { on: never }'),
};

async function fresh(name: string): Promise<Lab> {
  const lab = await Lab.create(simulator, name);
  labs.push(lab);
  return lab;
}

const published = ({ repository }: Lab) => repository.releases.map(({ tag }) => tag);

jest.setTimeout(60_000);
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  for (const lab of labs) await lab.remove();
  await simulator.close();
});

describe('publish: { on: never }', () => {
  it('says that nothing is published, until somebody publishes what the run judged', async () => {
    const lab = await fresh('asked');
    const run = await lab.toDefaultBranch(judgeOnly);
    expect([conclusions(run), published(lab)]).toEqual([[0, 'promote', 'first-run'], []]);
    expect(run.summary).toContain('Nothing is published yet, because publish.on is never');
    expect(run.summary).not.toContain('It is published');
    const inputs = { 'from-run': String(lab.lastRunId) };
    const later = await lab.run({ ...lab.pushed(), action: 'publish', inputs });
    expect([later.code, later.outputs.version]).toEqual([0, 'v1.0.0']);
  });

  it('holds in jobs of their own too', async () => {
    const lab = await fresh('jobs');
    await lab.commit('Model', judgeOnly);
    lab.push('main');
    const plan = await lab.run({ ...lab.pushed(), action: 'plan' });
    const start = { ...lab.pushed(), runId: lab.lastRunId };
    const planned = { 'plan-artifact-id': plan.outputs['plan-artifact-id'] ?? '' };
    const shard = { ...planned, shard: '0' };
    expect((await lab.run({ ...start, action: 'train', inputs: shard })).code).toBe(0);
    const gate = await lab.run({ ...start, action: 'gate', inputs: planned });
    expect(conclusions(gate)).toEqual([0, 'promote', 'first-run']);
    const inputs = { 'verdict-artifact-id': gate.outputs['verdict-artifact-id'] ?? '' };
    const publish = await lab.run({ ...start, action: 'publish', inputs });
    expect([publish.code, publish.outputs.version, published(lab)]).toEqual([0, '', []]);
    expect(publish.log).toContain('Nothing is published yet');
  });

  it('lets a person promote', async () => {
    const lab = await fresh('person');
    await lab.commit('Model', judgeOnly);
    lab.push('main');
    const payload = dispatchEvent(lab.repository, 'main', {});
    const inputs = { candidate: 'linear', reason: 'agreed with the team' };
    const run = await lab.run({ ...lab.pushed(), event: 'workflow_dispatch', payload, inputs });
    expect(conclusions(run)).toEqual([0, 'promote', 'promoted-by-person']);
    expect([run.outputs.version, published(lab)]).toEqual(['v1.0.0', ['income@v1.0.0']]);
  });
});
