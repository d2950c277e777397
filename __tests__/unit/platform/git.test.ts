import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Git } from '../../../src/platform/git.ts';

const folder = mkdtempSync(join(tmpdir(), 'git-'));
const work = join(folder, 'work');
let first: string;
let second: string;
let git: Git;

function run(...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.test'];
  return execFileSync('git', ['-C', work, ...identity, ...args])
    .toString()
    .trim();
}

beforeAll(() => {
  mkdirSync(join(work, 'data'), { recursive: true });
  run('init', '-q', '-b', 'main');
  writeFileSync(join(work, 'data', 'a [1].csv'), Buffer.from([0, 255, 10]));
  run('add', '-A');
  run('commit', '-q', '-m', 'first');
  first = run('rev-parse', 'HEAD');
  writeFileSync(join(work, 'b.txt'), 'later\n');
  run('add', '-A');
  run('commit', '-q', '-m', 'second');
  second = run('rev-parse', 'HEAD');
  git = new Git(work);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a checkout', () => {
  it('resolves revisions, and null for what is none', async () => {
    expect(await git.resolve('main')).toBe(second);
    expect(await git.firstParent(second)).toBe(first);
    expect(await git.resolve('nothing')).toBeNull();
    expect(await git.resolve('--help')).toBeNull();
    expect(await git.firstParent(first)).toBeNull();
    expect(await git.isRepository()).toBe(true);
    expect(await new Git(folder).isRepository()).toBe(false);
  });

  it('shows files of a commit byte for byte, and null for those it has not', async () => {
    expect(await git.show(first, 'data/a [1].csv')).toEqual(Buffer.from([0, 255, 10]));
    expect(await git.show(first, 'b.txt')).toBeNull();
    expect(await git.show(first, 'data')).toBeNull();
    expect(await new Git(join(work, 'data')).show(second, 'b.txt')).toEqual(Buffer.from('later\n'));
  });

  it('knows ancestors, common commits and changed files', async () => {
    expect(await git.isAncestor(first, second)).toBe(true);
    expect(await git.isAncestor(second, first)).toBe(false);
    expect(await git.mergeBase('main', first)).toBe(first);
    expect(await git.changedFiles(first, second)).toEqual(['b.txt']);
  });

  it('lays out another commit beside itself, without running hooks, and cleans up', async () => {
    const hook = join(work, '.git', 'hooks', 'post-checkout');
    mkdirSync(join(work, '.git', 'hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\ntouch "$GIT_DIR/hook-ran"\n');
    chmodSync(hook, 0o755);
    const base = join(folder, 'base');

    const seen = await git.withWorktree(first, base, (path) =>
      Promise.resolve([
        existsSync(join(path, 'b.txt')),
        readFileSync(join(path, 'data', 'a [1].csv')).length,
      ]),
    );

    expect(seen).toEqual([false, 3]);
    expect(existsSync(base)).toBe(false);
    expect(run('worktree', 'list').split('\n')).toHaveLength(1);
    expect(existsSync(join(work, '.git', 'hook-ran'))).toBe(false);
    const failing = git.withWorktree(first, base, () => Promise.reject(new Error('training failed')));
    await expect(failing).rejects.toThrow('training failed');
    expect(existsSync(base)).toBe(false);
  });

  it('that is shallow says so, and how to get the rest', async () => {
    const shallow = join(folder, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${work}`, shallow]);
    await expect(new Git(shallow).requireCommit(first)).rejects.toMatchObject({
      code: 'BASE_MISSING',
      message: `this checkout does not hold the commit ${first} (it is shallow)`,
      fix: expect.stringContaining('fetch-depth: 0'),
    });
  });

  it('without all its files says so, and how to get them', async () => {
    const [origin, partial] = [join(folder, 'origin'), join(folder, 'partial')];
    execFileSync('git', ['clone', '-q', `file://${work}`, origin]);
    const there = (...args: string[]) => execFileSync('git', ['-C', origin, ...args]);
    there('config', 'uploadpack.allowFilter', 'true');
    writeFileSync(join(origin, 'b.txt'), 'newest\n');
    there('-c', 'user.name=t', '-c', 'user.email=t@example.test', 'commit', '-q', '-a', '-m', 'third');
    execFileSync('git', ['clone', '-q', '--filter=blob:none', `file://${origin}`, partial]);
    rmSync(origin, { recursive: true });
    const older = new Git(partial).withWorktree(second, join(folder, 'partial-base'), () =>
      Promise.resolve(),
    );
    await expect(older).rejects.toMatchObject({
      code: 'BASE_MISSING',
      message: expect.stringContaining(`the files of the commit ${second} can not be laid out`) as unknown,
      fix: expect.stringContaining('without `filter` and `sparse-checkout`') as unknown,
    });
  });

  it('that is none says how to begin the job', async () => {
    await expect(new Git(folder).requireCheckout()).rejects.toMatchObject({
      code: 'CHECKOUT_MISSING',
      fix: expect.stringContaining('actions/checkout') as unknown,
    });
    await expect(git.requireCheckout()).resolves.toBeUndefined();
  });
});
