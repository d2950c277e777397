import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { formatUserError, UserError } from '../../src/errors/user-error.ts';
import type { GitHub } from '../../src/platform/github/client.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { singleFaults, startSession } from './session.ts';

const reading = { what: 'read the repository', permission: 'contents: read' };
const opening = { what: 'open an issue', permission: 'issues: write' };
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  simulator.faults.clear();
  simulator.rateLimit.remaining = 5000;
});
afterAll(async () => {
  await simulator.close();
});

function read(github: GitHub) {
  return github.repeat(reading, ({ rest }) => rest.repos.get(github.place));
}

function openIssue(github: GitHub, title: string) {
  return github.once(
    opening,
    ({ rest }) => rest.issues.create({ ...github.place, title }),
    async () => {
      const list = await github.pages(reading, ({ rest }, page) =>
        rest.issues.listForRepo({ ...github.place, ...page }),
      );
      return list.find((issue) => issue.title === title) ?? null;
    },
  );
}

async function errorOf(call: Promise<unknown>): Promise<UserError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UserError) return error;
  throw new Error(`expected a UserError, got ${String(error)}`);
}

describe('the GitHub client', () => {
  it.each(singleFaults)('reads on after $name', async (fault) => {
    const { github, repository } = startSession(simulator);
    simulator.fault({ ...fault, op: 'repos/get' });

    expect((await read(github)).full_name).toBe(repository.fullName);
    expect(simulator.faults.pending).toBe(0);
  });

  it.each(singleFaults)('writes exactly once despite $name', async (fault) => {
    const { github, repository } = startSession(simulator);
    simulator.fault({ ...fault, op: 'issues/create' });

    const issue = await openIssue(github, 'Drift');

    expect(repository.issues.map(({ number }) => number)).toEqual([issue.number]);
  });

  it('pauses longer and longer, and gives up after five attempts', async () => {
    const { github, clock } = startSession(simulator);
    simulator.fault({ op: 'repos/get', status: 503, times: 5 });

    const error = await errorOf(read(github));

    expect(error.code).toBe('GITHUB_UNAVAILABLE');
    expect(error.message).toContain('could not read the repository: GitHub failed 5 times');
    expect(clock.slept).toEqual([1000, 2000, 4000, 8000]);
  });

  it('waits as long as GitHub asks', async () => {
    const { github, clock } = startSession(simulator);
    simulator.fault({ op: 'repos/get', status: 429, headers: { 'retry-after': '37' } });
    await read(github);
    expect(clock.slept).toEqual([37_000]);
  });

  it('waits a minute, then two, where GitHub names no time', async () => {
    const { github, clock } = startSession(simulator);
    const body = { message: 'You have exceeded a secondary rate limit' };
    simulator.fault({ op: 'repos/get', status: 403, body, times: 2 });
    await read(github);
    expect(clock.slept).toEqual([60_000, 120_000]);
  });

  it('asks nothing more when the hour is used up, and says until when', async () => {
    const { github, clock } = startSession(simulator);
    simulator.rateLimit.remaining = 0;
    const before = simulator.log.length;

    const error = await errorOf(read(github));

    expect(error.code).toBe('RATE_LIMITED');
    const time = new Date(simulator.rateLimit.resetsAt * 1000).toISOString().slice(0, 16).replace('T', ' ');
    expect(error.message).toContain(time);
    expect(clock.slept).toEqual([]);
    expect(simulator.log.length - before).toBe(1);
  });

  it('names the permission that a job lacks, and the case of a fork', async () => {
    const { github, repository } = startSession(simulator, { token: 'ghs_fork' });

    expect(formatUserError(await errorOf(openIssue(github, 'Drift')))).toMatchInlineSnapshot(`
      "PERMISSION_MISSING: Could not open an issue: GitHub refused (Resource not accessible by integration).
        fix:   Add to the job: permissions: { issues: write }. GitHub would accept: issues: write or pull-requests: write. In a pull request from a fork the token can only read, whatever the workflow says; there the summary of the job holds the report."
    `);
    expect(repository.issues).toEqual([]);
  });

  it('says that a token is not accepted', async () => {
    const { github } = startSession(simulator, { token: 'expired' });
    const error = await errorOf(read(github));
    expect([error.code, error.message]).toEqual([
      'PERMISSION_MISSING',
      'could not read the repository: GitHub does not accept the token (401)',
    ]);
  });

  it('repeats a request that is not answered in time', async () => {
    const { github } = startSession(simulator, { timeoutMs: 150 });
    simulator.fault({ op: 'repos/get', delayMs: 600 });
    expect((await read(github)).name).toBe(github.place.repo);
  });

  it('knows under which name it writes', async () => {
    const bot = startSession(simulator).github;
    const person = startSession(simulator, { token: 'ghp_maintainer' }).github;
    expect(await Promise.all([bot.viewer(), person.viewer()])).toEqual(['github-actions[bot]', 'maria']);
    expect(simulator.violations).toEqual([]);
  });
});
