import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { checkGitHub } from '../../src/factory/doctor/github-checks.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { permissions } from '../simulator/tokens.ts';
import { startSession } from './session.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await simulator.close();
});

const openSession = (token = 'ghs_write') => {
  const session = startSession(simulator, { token });
  const { git } = session.repository;
  const tree = git.text(['mktree']);
  const commit = git.text(['commit-tree', '-m', 'First', tree]);
  git.text(['update-ref', 'refs/heads/main', commit]);
  return session;
};
const levels = async ({ github }: ReturnType<typeof startSession>) =>
  (await checkGitHub(github, 'model-factory-ledger', 'main')).map(
    ({ level, message }) => `${level} ${message}`,
  );

describe("the doctor's look at GitHub's settings", () => {
  it('tells what is open', async () => {
    expect(await levels(openSession())).toEqual([
      'ok jobs that name no permissions can only read',
      'ok no rule keeps jobs from writing the history branch model-factory-ledger',
      'ok no ruleset covers tags',
      expect.stringMatching(/^warn nothing protects main/),
    ]);
  });

  it('tells what is ruled, by rulesets and by classic protection', async () => {
    const session = openSession();
    session.repository.protect({ pattern: 'refs/heads/model-factory-*' });
    session.repository.protect({ pattern: 'refs/tags/*' });
    session.repository.protect({ pattern: 'refs/heads/main', status: 403 });
    expect((await levels(session)).slice(1)).toEqual([
      expect.stringMatching(/^warn rules \(update\) cover the history branch model-factory-ledger/),
      expect.stringMatching(/^warn rulesets cover tags \(refs\/tags\/\*\)/),
      'ok main is protected',
    ]);
  });

  it('says what the token may not see, and fails for nothing of it', async () => {
    const denied = [
      'actions/get-github-actions-default-workflow-permissions-repository',
      'repos/get-branch-rules',
      'repos/get-repo-rulesets',
    ];
    simulator.tokens.set('ghs_blind', {
      ...{ login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
      ...{ permissions: permissions('read'), denied },
    });
    const found = await levels(openSession('ghs_blind'));
    expect(found).toHaveLength(4);
    for (const line of found) expect(line).toMatch(/^skipped .*: not visible with this token$/);
  });

  it('says that GitHub did not answer', async () => {
    simulator.faults.add({ op: 'repos/get-repo-rulesets', status: 502, body: 'x', times: 99 });
    expect((await levels(openSession()))[2]).toMatch(/^skipped the rules of tags: .*GitHub/);
  });
});
