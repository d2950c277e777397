import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEvent, readRunContext } from '../../../src/platform/github/event.ts';

const [base, head] = ['1'.repeat(40), '2'.repeat(40)];
const folder = mkdtempSync(join(tmpdir(), 'event-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pullRequest(headRepository: string | null) {
  const repo = headRepository === null ? null : { full_name: headRepository };
  return {
    pull_request: {
      number: 7,
      head: { sha: head, ref: 'feature', repo },
      base: { sha: base, ref: 'main', repo: { full_name: 'octo/lab' } },
    },
  };
}

describe('the event of a job', () => {
  it.each([
    ['octo/lab', false],
    ['stranger/lab', true],
    [null, true],
  ])('is a pull request from %s, from a fork: %s', (repository, fromFork) => {
    expect(readEvent('pull_request', pullRequest(repository), 'main')).toEqual({
      kind: 'pull-request',
      number: 7,
      headSha: head,
      headRef: 'feature',
      baseSha: base,
      baseRef: 'main',
      fromFork,
      closed: false,
    });
  });

  it('is an entry of the merge queue', () => {
    const merge_group = { head_sha: head, base_sha: base, base_ref: 'refs/heads/main' };
    const event = readEvent('merge_group', { merge_group }, 'main');
    expect(event).toEqual({ kind: 'merge-group', headSha: head, baseSha: base, baseRef: 'main' });
  });

  it('is a push to the default branch, to a new branch, of a tag', () => {
    const push = (ref: string, before = base) => readEvent('push', { ref, before, after: head }, 'trunk');
    expect(push('refs/heads/trunk')).toMatchObject({ branch: 'trunk', onDefaultBranch: true, before: base });
    expect(push('refs/heads/a/b', '0'.repeat(40))).toMatchObject({
      branch: 'a/b',
      onDefaultBranch: false,
      before: null,
    });
    expect(push('refs/tags/churn#prod#1')).toMatchObject({ branch: null, tag: 'churn#prod#1' });
  });

  it('is a dispatch with its inputs as text', () => {
    const payload = { ref: 'refs/heads/main', inputs: { candidate: 'boosting', force: true, nothing: null } };
    expect(readEvent('workflow_dispatch', payload, 'main')).toEqual({
      kind: 'workflow-dispatch',
      branch: 'main',
      onDefaultBranch: true,
      inputs: { candidate: 'boosting', force: 'true', nothing: '' },
    });
  });

  it('is a schedule, a release, a finished run, or something else', () => {
    const run = { id: 9, head_sha: head, event: 'pull_request' };
    expect(readEvent('schedule', { schedule: '0 6 * * 1' }, 'main')).toEqual({
      kind: 'schedule',
      cron: '0 6 * * 1',
    });
    expect(readEvent('release', { action: 'published', release: { tag_name: 'v1' } }, 'main')).toEqual({
      kind: 'release',
      action: 'published',
      tag: 'v1',
    });
    expect(readEvent('workflow_run', { workflow_run: run }, 'main')).toMatchObject({
      runId: 9,
      headSha: head,
    });
    expect(readEvent('watch', {}, 'main')).toEqual({ kind: 'other', name: 'watch' });
  });

  it('that lacks what GitHub documents is an error that names it', () => {
    const broken = { pull_request: { number: 7, head: {}, base: {} } };
    expect(() => readEvent('pull_request', broken, 'main')).toThrow(
      'the pull_request event has no usable pull_request.head.sha',
    );
  });
});

describe('the surroundings of a job', () => {
  const file = join(folder, 'event.json');
  const environment = {
    GITHUB_EVENT_PATH: file,
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_REPOSITORY: 'octo/lab',
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_ATTEMPT: '3',
    GITHUB_SHA: head,
    GITHUB_REF: 'refs/heads/trunk',
    GITHUB_ACTOR: 'maria',
    GITHUB_WORKFLOW: 'Models',
    GITHUB_WORKFLOW_REF: 'octo/lab/.github/workflows/models.yml@refs/heads/trunk',
    GITHUB_JOB: 'check',
    GITHUB_WORKSPACE: '/workspace',
  };

  it('are read from the environment and the event file', async () => {
    writeFileSync(file, JSON.stringify({ schedule: '0 6 * * 1', repository: { default_branch: 'trunk' } }));
    expect(await readRunContext(environment)).toEqual({
      event: { kind: 'schedule', cron: '0 6 * * 1' },
      owner: 'octo',
      repo: 'lab',
      defaultBranch: 'trunk',
      sha: head,
      ref: 'refs/heads/trunk',
      actor: 'maria',
      workflow: 'Models',
      workflowFile: 'models.yml',
      job: 'check',
      runId: '42',
      runAttempt: 3,
      runUrl: 'https://github.com/octo/lab/actions/runs/42/attempts/3',
      apiUrl: 'https://api.github.com',
      serverUrl: 'https://github.com',
      isEnterpriseServer: false,
      workspace: '/workspace',
    });
  });

  it('know the default branch of a schedule whose event does not name it', async () => {
    writeFileSync(file, JSON.stringify({ schedule: '0 6 * * 1' }));
    expect((await readRunContext(environment)).defaultBranch).toBe('trunk');
    const push = { ref: 'refs/heads/trunk', before: base, after: head, repository: null };
    writeFileSync(file, JSON.stringify(push));
    const pushed = await readRunContext({ ...environment, GITHUB_EVENT_NAME: 'push' });
    expect(pushed.defaultBranch).toBe('main');
  });

  it.each([
    ['https://github.com', false],
    ['https://acme.ghe.com', false],
    ['https://github.example.test', true],
  ])('at %s: Enterprise Server %s', async (server, expected) => {
    writeFileSync(file, JSON.stringify({ schedule: '* * * * *' }));
    const context = await readRunContext({ ...environment, GITHUB_SERVER_URL: server });
    expect(context.isEnterpriseServer).toBe(expected);
  });

  it('outside a job are an error that says so', async () => {
    await expect(readRunContext({})).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: 'the environment has no GITHUB_EVENT_PATH',
    });
    writeFileSync(file, 'not JSON');
    await expect(readRunContext(environment)).rejects.toMatchObject({ code: 'EVENT_INVALID', at: { file } });
  });
});
