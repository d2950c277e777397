import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configuration, strong, Workspace } from './workspace.ts';

const gto = fileURLToPath(new URL('../../.tools/bin/gto', import.meta.url));
const deploy =
  'deploy: { prod: { target: command, run: ./deploy.sh }, dev: { target: command, run: "true" } }';

/** A clone whose default branch carries three versions; the third stands on an empty child commit. */
function clone(remote: string): Workspace {
  const workspace = new Workspace();
  workspace.git('config', 'user.name', 'maria');
  workspace.git('config', 'user.email', 'maria@example.org');
  const version = (name: string, ...at: string[]) =>
    workspace.git('tag', '--annotate', `income@${name}`, '--message', name, ...at);
  workspace.commit('One', { 'model-factory.yml': configuration(strong, deploy) });
  version('v1.0.0');
  workspace.commit('Two', { 'people.csv': 'a\n' });
  version('v1.1.0');
  const beside = workspace.git('commit-tree', '-p', 'HEAD', '-m', 'v1.1.1', 'HEAD^{tree}').trim();
  version('v1.1.1', beside);
  workspace.git('switch', '--quiet', '--create', 'idea');
  workspace.commit('Not merged', { 'people.csv': 'b\n' });
  version('v9.0.0');
  workspace.git('switch', '--quiet', 'main');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', remote]);
  workspace.git('remote', 'add', 'origin', remote);
  workspace.git('push', '--quiet', '--tags', 'origin', 'main', 'idea');
  return workspace;
}

describe('model-factory tag', () => {
  const remote = mkdtempSync(join(tmpdir(), 'remote-'));
  let workspace: Workspace;
  beforeAll(() => {
    workspace = clone(remote);
  });
  afterAll(() => {
    workspace.remove();
    rmSync(remote, { recursive: true, force: true });
  });
  const commitOf = (name: string) => workspace.git('rev-parse', `${name}^{commit}`);

  it('tags the commit of the version and shows the plain git commands', () => {
    const { code, stdout } = workspace.run('tag', 'income@v1.0.0', 'prod');
    const commit = commitOf('income@v1.0.0').trim();
    expect([code, stdout]).toEqual([
      0,
      [
        'income#prod#1: income@v1.0.0 goes to prod (nothing before).',
        `  git tag --annotate 'income#prod#1' ${commit} --message 'Assigning stage prod to artifact income version v1.0.0'`,
        'To deploy it, push the tag:',
        "  git push origin 'refs/tags/income#prod#1'",
        '',
      ].join('\n'),
    ]);
    expect(commitOf('income#prod#1').trim()).toBe(commit);
    expect(workspace.git('cat-file', '-t', 'income#prod#1').trim()).toBe('tag');
  });

  it('pushes, and counts over all stages and what others pushed', () => {
    const other = new Workspace();
    other.git('pull', '--quiet', '--tags', remote, 'main');
    other.git('push', '--quiet', remote, `income@v1.0.0^{}:refs/tags/income#dev#2`);
    other.remove();
    const { code, stdout } = workspace.run('tag', 'income@v1.1.1', 'prod', '--push');
    expect([code, stdout]).toEqual([0, expect.stringContaining('income#prod#3')]);
    const pushed = execFileSync('git', ['-C', remote, 'rev-parse', 'income#prod#3^{commit}']).toString();
    expect(pushed).toBe(commitOf('income@v1.1.1'));
  });

  it('goes back to the version before', () => {
    const { stdout } = workspace.run('tag', '--rollback', 'income', 'prod');
    expect(stdout).toContain('income#prod#4: income@v1.0.0 goes to prod (before: v1.1.1).');
  });

  // gto leaves out tags that aren't annotated, such as the one pushed above.
  it('is read by gto', () => {
    const shown = execFileSync(gto, ['show', '--json', '--repo', workspace.folder]).toString();
    expect(JSON.parse(shown)).toMatchObject({ income: { version: 'v9.0.0', stage: { prod: 'v1.0.0' } } });
  });

  it.each([
    [['tag', 'income@v1.2.0', 'prod'], 'VERSION_UNKNOWN', 'Did you mean income@v1.1.0?'],
    [['tag', 'incom@v1.1.0', 'prod'], 'VERSION_UNKNOWN', 'Did you mean income@v1.1.0?'],
    [
      ['tag', 'income@v1.1.0', 'prod', '--push', '--remote', 'upstream'],
      'ARGUMENT_INVALID',
      'Name one with --remote: origin.',
    ],
    [['tag', 'income@v1.1.0', 'prd'], 'STAGE_UNKNOWN', 'Did you mean "prod"?'],
    [['tag', 'income@v9.0.0', 'prod'], 'COMMIT_FOREIGN', 'not part of origin/main'],
    [['tag', '--rollback', 'income', 'dev'], 'VERSION_UNKNOWN', 'no version of income but v1.0.0'],
    [['tag', 'income', 'prod'], 'ARGUMENT_INVALID', 'churn@v1.4.0'],
    [['tag', 'income@v1.1.0'], 'ARGUMENT_INVALID', 'a stage must be named'],
    [['tag', 'income@v1.1.0', 'Prod'], 'ARGUMENT_INVALID', 'lower-case'],
    [['tag', 'income@v1.1.0', 'prod', '--push', '--remote', './nowhere'], 'GIT_FAILED', 'nowhere'],
  ])('%j is refused with %s', (args, code, words) => {
    const tags = workspace.git('tag');
    const ran = workspace.run(...args);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(new RegExp(`^${code}`))]);
    expect(ran.stderr).toContain(words);
    expect(workspace.git('tag')).toBe(tags);
  });

  it('leaves no tag behind that the remote refused', () => {
    const hook = 'echo "remote: error: GH013: Repository rule violations found for refs/tags" >&2; exit 1';
    const path = join(remote, 'hooks', 'pre-receive');
    execFileSync('sh', ['-c', `printf '#!/bin/sh\\n%s\\n' '${hook}' > "${path}" && chmod +x "${path}"`]);
    const ran = workspace.run('tag', 'income@v1.1.0', 'prod', '--push');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/^TAG_PROTECTED/)]);
    expect(workspace.git('tag', '--list', 'income#prod#5')).toBe('');
  });
});
