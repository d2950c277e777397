import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { startSimulator, type Simulator } from '../simulator/server.ts';

const here = { owner: 'octo', repo: 'lab' };
let simulator: Simulator;

function octokit(token = 'ghs_write') {
  return getOctokit(token, { baseUrl: simulator.url });
}

/** The HTTP status that a call ends with. */
async function statusOf(call: Promise<{ status: number }>): Promise<number> {
  return call.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof Error && 'status' in error ? Number(error.status) : -1),
  );
}

beforeEach(async () => {
  simulator = await startSimulator();
  simulator.repository('octo', 'lab');
});
afterEach(async () => {
  await simulator.close();
});

describe('the simulator', () => {
  it('keeps comments, shows them in pages and limits their length', async () => {
    const { rest, paginate } = octokit();
    const lab = simulator.repository('octo', 'lab');
    lab.openPull({
      number: 7,
      head: { ref: 'f', sha: '1'.repeat(40), repository: 'octo/lab' },
      base: { ref: 'main', sha: '2'.repeat(40) },
    });
    for (let index = 0; index < 35; index++) {
      await rest.issues.createComment({ ...here, issue_number: 7, body: `comment ${index}` });
    }
    const firstPage = await rest.issues.listComments({ ...here, issue_number: 7 });
    const all = await paginate(rest.issues.listComments, { ...here, issue_number: 7 });
    const tooLong = rest.issues.createComment({ ...here, issue_number: 7, body: 'x'.repeat(65_537) });

    expect(firstPage.data).toHaveLength(30);
    expect(all.map(({ body }) => body)).toEqual(lab.comments.map(({ body }) => body));
    expect(all[0]?.user?.login).toBe('github-actions[bot]');
    expect(await statusOf(tooLong)).toBe(422);
    expect(await statusOf(rest.issues.createComment({ ...here, issue_number: 8, body: 'x' }))).toBe(404);
    expect(simulator.violations).toEqual([]);
  });

  it('notices requests that GitHub does not know', async () => {
    const route = `POST /repos/octo/lab/git/refs`;
    const status = await statusOf(octokit().request(route, { ref: 'refs/heads/x', sah: '1' }));

    expect(status).toBe(422);
    expect(simulator.violations).toEqual([
      {
        op: 'git/create-ref',
        side: 'request',
        errors: ["body must have required property 'sha'", 'body.sah is unknown'],
      },
    ]);
  });

  it('keeps git data in a real repository, bytes included', async () => {
    const { git, repos } = octokit().rest;
    const bytes = Buffer.from([0, 255, 10, 13, 10]);
    const blob = await git.createBlob({ ...here, content: bytes.toString('base64'), encoding: 'base64' });
    const tree = await git.createTree({
      ...here,
      tree: [
        { path: 'a/b.bin', mode: '100644', type: 'blob', sha: blob.data.sha },
        { path: 'c.txt', mode: '100644', type: 'blob', content: 'no newline' },
      ],
    });
    const first = await git.createCommit({ ...here, message: 'one', tree: tree.data.sha, parents: [] });
    await git.createRef({ ...here, ref: 'refs/heads/data', sha: first.data.sha });
    const again = git.createRef({ ...here, ref: 'refs/heads/data', sha: first.data.sha });
    const orphan = await git.createCommit({ ...here, message: 'two', tree: tree.data.sha, parents: [] });
    const moved = git.updateRef({ ...here, ref: 'heads/data', sha: orphan.data.sha });

    expect(await statusOf(again)).toBe(422);
    expect(await statusOf(moved)).toBe(422);
    const { data } = await repos.getContent({ ...here, path: 'a/b.bin', ref: 'data' });
    const content = 'content' in data ? Buffer.from(data.content, 'base64') : null;
    expect(content).toEqual(bytes);
    const text = await repos.getContent({
      ...here,
      path: 'c.txt',
      ref: 'data',
      mediaType: { format: 'raw' },
    });
    expect(text.data).toBe('no newline');
    expect(simulator.violations).toEqual([]);
  });

  it('writes objects that git finds in order, and reads those that git has packed', () => {
    const { git } = simulator.repository('octo', 'lab');
    git.commitFiles('own', { 'a.b': '1', 'a/c': '2', 'a/ö/d': Buffer.from([0, 255]), ab: '3' }, 'One');
    const commit = git.commitFiles('own', { 'a/ö/d': '4', 'a/e': '5' }, 'Two');
    const blob = git.writeBlob(Buffer.from('6'));
    const dropped = git.writeTree(commit, [
      { mode: '100644', sha: null, path: 'a/c' },
      { mode: '100644', sha: null, path: 'a/ö/d' },
      { mode: '100755', sha: blob, path: 'ab/f' },
    ]);
    const listed = (revision: string) =>
      git.text(['-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', revision]).split('\n');
    expect(listed(commit)).toEqual(['a.b', 'a/c', 'a/e', 'a/ö/d', 'ab']);
    expect(listed(dropped)).toEqual(['a.b', 'a/e', 'ab/f']);
    expect(git.run(['fsck', '--strict', '--no-dangling']).toString()).toBe('');
    const before = [git.commit('own'), git.tree('own', true), git.readBlob(blob)];
    git.run(['repack', '-A', '-d', '-q']);
    git.run(['pack-refs', '--all']);
    expect([git.commit('own'), git.tree('own', true), git.readBlob(blob)]).toEqual(before);
    expect(git.resolve('refs/heads/own')).toBe(commit);
  });

  it('makes annotated tags that git reads', async () => {
    const lab = simulator.repository('octo', 'lab');
    const { git } = octokit().rest;
    const object = lab.git.resolve('main') ?? '';
    const tag = await git.createTag({
      ...here,
      tag: 'churn@v1.0.0',
      message: 'First\n',
      object,
      type: 'commit',
    });
    await git.createRef({ ...here, ref: 'refs/tags/churn@v1.0.0', sha: tag.data.sha });
    await git.createRef({ ...here, ref: 'refs/tags/churn#prod#1', sha: object });
    const matching = await git.listMatchingRefs({ ...here, ref: 'tags/churn@' });
    const stage = await git.getRef({ ...here, ref: 'tags/churn#prod#1' });

    expect(lab.git.text(['cat-file', '-t', 'churn@v1.0.0'])).toBe('tag');
    expect(lab.git.text(['tag', '-l', '--format=%(contents)', 'churn@v1.0.0'])).toBe('First');
    expect(matching.data.map(({ ref, object: { type } }) => [ref, type])).toEqual([
      ['refs/tags/churn@v1.0.0', 'tag'],
    ]);
    expect(stage.data.object).toMatchObject({ sha: object, type: 'commit' });
    expect((await git.getTag({ ...here, tag_sha: tag.data.sha })).data.object.sha).toBe(object);
    expect(simulator.violations).toEqual([]);
  });

  it('serves git over HTTP with the same refs, and only to those who may', async () => {
    const lab = simulator.repository('octo', 'lab');
    lab.protect({ pattern: 'refs/heads/locked' });
    const work = await mkdtemp(join(tmpdir(), 'clone-'));
    const run = promisify(execFile);
    const git = async (token: string, ...args: string[]) => {
      const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
      const header = `http.${simulator.url}/.extraheader=AUTHORIZATION: basic ${basic}`;
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.test'];
      const environment = { PATH: process.env.PATH, HOME: work, GIT_TERMINAL_PROMPT: '0' };
      return run('git', ['-C', work, '-c', header, ...identity, ...args], { env: environment });
    };
    const remote = `${simulator.url}/octo/lab.git`;
    await git('ghs_write', 'clone', '-q', remote, '.');
    await git('ghs_write', 'commit', '-q', '--allow-empty', '-m', 'pushed');
    await git('ghs_write', 'push', '-q', 'origin', 'HEAD:refs/heads/topic');

    await expect(git('ghs_fork', 'push', '-q', 'origin', 'HEAD:refs/heads/other')).rejects.toThrow('403');
    await expect(git('nobody', 'fetch', '-q', 'origin')).rejects.toThrow('could not read Username');
    await expect(git('ghs_write', 'push', 'origin', 'HEAD:refs/heads/locked')).rejects.toThrow('GH013');
    const ref = await octokit().rest.git.getRef({ ...here, ref: 'heads/topic' });
    expect(lab.git.commit(ref.data.object.sha).message).toBe('pushed');
    await rm(work, { recursive: true });
  });

  it('hides drafts from tags and strangers, and gives assets back byte for byte', async () => {
    const { repos } = octokit().rest;
    const draft = await repos.createRelease({ ...here, tag_name: 'churn@v1.0.0', draft: true, body: 'text' });
    const bytes = Buffer.from([1, 0, 200, 13, 10]);
    const asset = await octokit().request(`POST ${draft.data.upload_url}`, {
      name: 'model.onnx',
      data: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const asReader = getOctokit('ghs_fork', { baseUrl: simulator.url }).rest.repos;
    const byTag = () => statusOf(repos.getReleaseByTag({ ...here, tag: 'churn@v1.0.0' }));

    expect(new URL(draft.data.upload_url).origin).not.toBe(simulator.url);
    expect(asset.data).toMatchObject({
      name: 'model.onnx',
      state: 'uploaded',
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    });
    expect(await byTag()).toBe(404);
    expect((await repos.listReleases(here)).data).toHaveLength(1);
    expect((await asReader.listReleases(here)).data).toHaveLength(0);
    await repos.updateRelease({ ...here, release_id: draft.data.id, draft: false, make_latest: 'false' });
    expect(await byTag()).toBe(200);
    const { id } = draft.data;
    const listed = await repos.listReleaseAssets({ ...here, release_id: id });
    const downloaded: unknown = (
      await repos.getReleaseAsset({
        ...here,
        asset_id: listed.data[0]?.id ?? 0,
        headers: { accept: 'application/octet-stream' },
      })
    ).data;
    expect(downloaded instanceof ArrayBuffer && Buffer.from(downloaded)).toEqual(bytes);
    expect(await statusOf(repos.getLatestRelease(here))).toBe(404);
    expect(simulator.violations).toEqual([]);
  });

  it('knows deployments, checks, statuses, dispatches, comparisons and runs', async () => {
    const { rest } = octokit();
    const lab = simulator.repository('octo', 'lab');
    const sha = lab.git.resolve('main') ?? '';
    const later = lab.git.commitFiles('main', { 'x.csv': 'a\n1\n' }, 'Add data');
    const place = { ...here, ref: 'main', required_contexts: [], auto_merge: false };
    const deployment = await rest.repos.createDeployment({ ...place, environment: 'prod' });
    const id = 'id' in deployment.data ? deployment.data.id : 0;
    await rest.repos.createDeploymentStatus({ ...here, deployment_id: id, state: 'success' });
    const check = await rest.checks.create({ ...here, name: 'gate', head_sha: sha, status: 'in_progress' });
    await rest.checks.update({
      ...here,
      check_run_id: check.data.id,
      conclusion: 'failure',
      output: { title: 'worse', summary: 'text' },
    });
    await rest.repos.createCommitStatus({ ...here, sha, state: 'success' });
    await rest.actions.createWorkflowDispatch({
      ...here,
      workflow_id: 'deploy.yml',
      ref: 'main',
      inputs: { a: '1' },
    });
    const compared = await rest.repos.compareCommitsWithBasehead({ ...here, basehead: `${sha}...main` });
    lab.runs.push({ id: 42, head_sha: sha, event: 'push', status: 'completed' });

    const statuses = await rest.repos.listDeploymentStatuses({ ...here, deployment_id: id });
    expect(statuses.data.map(({ state }) => state)).toEqual(['success']);
    expect((await rest.checks.listForRef({ ...here, ref: sha })).data.check_runs[0]?.conclusion).toBe(
      'failure',
    );
    expect((await rest.repos.getCombinedStatusForRef({ ...here, ref: sha })).data.state).toBe('success');
    expect(lab.dispatches).toEqual([{ workflow: 'deploy.yml', ref: 'main', inputs: { a: '1' } }]);
    expect(compared.data).toMatchObject({ status: 'ahead', ahead_by: 1, commits: [{ sha: later }] });
    expect((await rest.repos.listCommits(here)).data).toHaveLength(2);
    expect((await rest.actions.getWorkflowRun({ ...here, run_id: 42 })).data.event).toBe('push');
    const runs = await rest.actions.listWorkflowRunsForRepo({ ...here, head_sha: sha });
    expect(runs.data.total_count).toBe(1);
    expect(simulator.violations).toEqual([]);
  });

  it('refuses what a token may not do, and names the permission', async () => {
    const fork = octokit('ghs_fork').rest;
    const refused = fork.git.createRef({ ...here, ref: 'refs/heads/x', sha: '1'.repeat(40) });

    await expect(refused).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-accepted-github-permissions': 'contents=write' } },
    });
    expect(await statusOf(octokit('nobody').rest.repos.get(here))).toBe(401);
  });

  it('refuses writes to protected refs', async () => {
    const lab = simulator.repository('octo', 'lab');
    lab.protect({ pattern: 'refs/tags/*@v*' });
    const sha = lab.git.resolve('main') ?? '';
    const { git } = octokit().rest;

    await expect(git.createRef({ ...here, ref: 'refs/tags/churn@v1.0.0', sha })).rejects.toThrow(
      'Repository rule violations found',
    );
    expect(await statusOf(git.createRef({ ...here, ref: 'refs/tags/churn#prod', sha }))).toBe(201);
  });

  it('fails on command: status, lost answers, cut bodies, the nth request', async () => {
    const { rest } = octokit();
    const lab = simulator.repository('octo', 'lab');
    const create = () => statusOf(rest.issues.create({ ...here, title: 'x' }));
    simulator.fault({ op: 'issues/create', nth: 2, status: 503 });
    simulator.fault({ op: 'issues/create', nth: 3, drop: 'before' });
    simulator.fault({ op: 'issues/create', nth: 4, drop: 'after' });

    expect([await create(), await create(), await create(), await create()]).toEqual([201, 503, 500, 500]);
    expect(lab.issues).toHaveLength(2);
    simulator.fault({ op: 'repos/get', truncate: true });
    const cut: unknown = (await rest.repos.get(here)).data;
    expect(typeof cut).toBe('string');
    simulator.rateLimit.remaining = 0;
    await expect(rest.repos.get(here)).rejects.toThrow('API rate limit exceeded');
  });
});
