import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  beginDeployment,
  endDeployment,
  leaveDeployment,
  liveVersion,
} from '../../src/factory/deploy/record.ts';
import type { DeployTarget } from '../../src/factory/deploy/target.ts';
import type { GitHub } from '../../src/platform/github/client.ts';
import { readText } from '../../src/platform/github/contents.ts';
import { placedTags } from '../../src/platform/github/tags.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';
import { singleFaults, startSession } from './session.ts';

jest.setTimeout(90_000);
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await simulator.close();
});

/** A repository with one commit, tagged as three versions. */
function session(options: Parameters<typeof startSession>[1] = {}) {
  const started = startSession(simulator, options);
  const { git } = started.repository;
  const tree = git.text(['mktree']).trim();
  const commit = git.text(['commit-tree', tree, '-m', 'Begin']).trim();
  git.run(['update-ref', 'refs/heads/main', commit]);
  for (const name of ['churn@v1.0.0', 'churn@v1.1.0', 'other@v5.0.0']) git.run(['tag', name, commit]);
  return { ...started, commit };
}

function target(name: string, stage = 'prod'): DeployTarget {
  const [model = '', version = ''] = name.split('@');
  return { model, version, stage, name, askedBy: name, counter: null, commit: '' };
}

const run = (id: string, sha = '') => ({
  id,
  sha,
  url: `https://github.com/o/r/actions/runs/${id}/attempts/1`,
});
const states = ({ deployments }: RepositoryState) =>
  deployments.map(({ statuses }) => statuses.map(({ state }) => state));

async function deploy(github: GitHub, name: string, id: string, failure: string | null = null) {
  const goal = target(name);
  const live = await liveVersion(github, goal.model, goal.stage);
  const deployment = await beginDeployment(github, goal, run(id));
  await endDeployment(github, { target: goal, deployment, run: run(id), live }, failure);
}

describe('the record of deployments', () => {
  it('knows what is live, past failures and other models', async () => {
    const { github, repository } = session();
    expect(await liveVersion(github, 'churn', 'prod')).toBeNull();
    await deploy(github, 'churn@v1.0.0', '1');
    await deploy(github, 'other@v5.0.0', '2');
    await deploy(github, 'churn@v1.1.0', '3', 'failed: the command ended with code 3');
    expect((await liveVersion(github, 'churn', 'prod'))?.version).toBe('v1.0.0');
    expect(await liveVersion(github, 'churn', 'dev')).toBeNull();
    await deploy(github, 'churn@v1.1.0', '4');
    expect((await liveVersion(github, 'churn', 'prod'))?.version).toBe('v1.1.0');
    expect(states(repository)).toEqual([
      ['in_progress', 'success', 'inactive'],
      ['in_progress', 'success'],
      ['in_progress', 'failure'],
      ['in_progress', 'success'],
    ]);
  });

  it('does not count a job that ended well without deploying', async () => {
    const { github, repository, commit } = session();
    await deploy(github, 'churn@v1.0.0', '1');
    const own = repository.startJobDeployment({ environment: 'prod', sha: commit, runId: 2 });
    await leaveDeployment(github, target('churn@v1.1.0'), run('2', commit), 'churn#prod#9');
    own.statuses.push({ ...own.statuses[0], id: repository.nextId(), state: 'success' });
    expect(own.statuses.map(({ state }) => state)).toEqual(['in_progress', 'inactive', 'success']);
    expect((await liveVersion(github, 'churn', 'prod'))?.version).toBe('v1.0.0');
  });

  it("takes the deployment of its own run's environment, not that of another run or model", async () => {
    const { github, repository, commit } = session();
    const other = repository.startJobDeployment({ environment: 'prod', sha: commit, runId: 11 });
    const mine = repository.startJobDeployment({ environment: 'prod', sha: commit, runId: 1 });
    const taken = await beginDeployment(github, target('churn@v1.0.0'), run('1', commit));
    expect(taken.id).toBe(mine.id);
    expect(other.statuses).toHaveLength(1);
    const second = await beginDeployment(github, target('other@v5.0.0'), run('1', commit));
    expect(second.id).not.toBe(mine.id);
    expect(repository.deployments).toHaveLength(3);
  });

  it('takes up its own when the run is started again', async () => {
    const { github, repository } = session();
    await deploy(github, 'churn@v1.0.0', '1', 'failed');
    await deploy(github, 'churn@v1.0.0', '1');
    expect(states(repository)).toEqual([['in_progress', 'failure', 'in_progress', 'success']]);
  });

  it('names the permission that is missing', async () => {
    const { github, repository } = session({ token: 'ghs_fork' });
    await expect(beginDeployment(github, target('churn@v1.0.0'), run('1'))).rejects.toMatchObject({
      code: 'PERMISSION_MISSING',
      fix: expect.stringContaining('permissions: { deployments: write }'),
    });
    expect(repository.deployments).toEqual([]);
  });

  const operations = [
    'repos/list-deployments',
    'repos/create-deployment',
    'repos/create-deployment-status',
    'repos/list-deployment-statuses',
  ];
  it.each(operations.flatMap((op) => singleFaults.map((fault) => ({ op, fault }))))(
    'makes one deployment and ends it through $fault.name in $op',
    async ({ op, fault: { name: _, ...fault } }) => {
      const { github, repository } = session();
      await deploy(github, 'churn@v1.0.0', '1');
      simulator.faults.add({ op, ...fault });
      await deploy(github, 'churn@v1.1.0', '2');
      expect(simulator.faults.pending).toBe(0);
      expect(repository.deployments).toHaveLength(2);
      expect(states(repository)[1]!.at(-1)).toBe('success');
      expect((await liveVersion(github, 'churn', 'prod'))?.version).toBe('v1.1.0');
    },
  );
});

describe('what deploying reads', () => {
  it('reads a file of the default branch, and knows that there is none', async () => {
    const { github, repository } = session();
    const blob = repository.git.run(['hash-object', '-w', '--stdin'], 'versión: 1\n').toString().trim();
    const tree = repository.git.run(['mktree'], `100644 blob ${blob}\tmodel-factory.yml\n`).toString().trim();
    const commit = repository.git.text(['commit-tree', tree, '-m', 'Configure']).trim();
    expect(await readText(github, 'model-factory.yml', commit)).toBe('versión: 1\n');
    expect(await readText(github, 'missing.yml', commit)).toBeNull();
  });

  it('reads every tag with its commit, also when they fill several pages', async () => {
    const { github, repository, commit } = session();
    for (let i = 1; i <= 120; i++) repository.git.run(['update-ref', `refs/tags/churn#prod#${i}`, commit]);
    repository.git.run(['tag', '-a', 'churn#dev#121', '-m', 'x', commit]);
    const tags = await placedTags(github);
    expect(tags).toHaveLength(124);
    expect(new Set(tags.map((tag) => tag.commit))).toEqual(new Set([commit]));
  });
});

it('never leaves what GitHub documents', () => {
  expect(simulator.violations).toEqual([]);
});
