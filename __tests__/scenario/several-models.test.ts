import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { people, Workspace } from './workspace.ts';

const configuration = (model: string) =>
  `version: 1\nmodel: ${model}\ndata: { source: people.csv, target: income }\n` +
  'candidates: { logistic: { trainer: logistic-regression } }\n';

describe('several models on a laptop', () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = new Workspace();
    for (const name of ['one', 'two']) mkdirSync(workspace.path(`models/${name}`), { recursive: true });
    workspace.commit('Two models', {
      ...{ 'models/one/people.csv': people, 'models/two/people.csv': people },
      'models/one/model-factory.yml': configuration('first'),
      'models/two/model-factory.yml': configuration('second'),
    });
  });
  afterAll(() => workspace.remove());
  const run = (...args: string[]) =>
    workspace.run('run', '--out', 'out', '--workers', '1', '--config', 'models/*/model-factory.yml', ...args);

  it('gives one report, and keeps each champion in one history', () => {
    const { code, stdout, stderr } = run('--ledger', 'history', '--promote');
    expect([code, stderr]).toEqual([0, expect.stringContaining('first@v1.0.0 is the champion now')]);
    expect(stdout).toMatch(/first.*Promoted/);
    expect(stdout).toMatch(/second.*Promoted/);
    expect(workspace.read('out/report.md').toString()).toContain('second');
    expect(workspace.files('out')).toEqual(expect.arrayContaining(['1/verdict.json', '2/verdict.json']));
    expect(workspace.run('show', 'second', '--ledger', 'history').stdout).toContain('second v1.0.0');
  });

  it('tells of a model that can not be read, and judges the other', () => {
    workspace.write({ 'models/one/model-factory.yml': configuration('first').replace('1', '7') });
    const { code, stdout, stderr } = run('--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      { model: 'models/one/model-factory.yml', conclusion: 'error' },
      { model: 'second', conclusion: 'keep' },
    ]);
    expect(stderr).toContain('CONFIG_INVALID');
  });

  it('says that a pattern belongs in quotes, and that a candidate is one of one model', () => {
    const spread = workspace.run('run', '--config', 'models/one/a.yml', 'models/two/a.yml');
    expect([spread.code, spread.stderr]).toEqual([2, expect.stringContaining('put a pattern in quotes')]);
    expect(run('--candidate', 'logistic', '--reason', 'x').stderr).toContain('of one model');
  });
});

describe('where versions are', () => {
  it('is shown with the stage tags of the repository', () => {
    const workspace = new Workspace();
    workspace.commit('A model', { 'people.csv': people, 'model-factory.yml': configuration('income') });
    const kept = workspace.run('run', '--out', 'out', '--promote', '--workers', '1');
    expect(kept.stderr).toContain('was not kept as champion: add --ledger ./history');
    expect(kept.stdout).not.toContain('It is published');
    workspace.run('run', '--out', 'out', '--ledger', 'history', '--promote', '--workers', '1');
    const show = () => workspace.run('show', '--ledger', 'history').stdout;
    expect(show()).not.toContain('  on ');
    workspace.git('tag', 'income@v1.0.0');
    const tag = (name: string) =>
      workspace.gitWith(
        { GIT_COMMITTER_DATE: '2026-05-04T12:00:00+02:00' },
        ...['tag', '--annotate', name, '--message', name],
      );
    tag('income#dev#1');
    tag('income#prod#2');
    tag('other#prod#1');
    expect(show()).toMatch(
      / {2}on prod +v1\.0\.0 since 2026-05-04 10:00 UTC, .*, by Test \(income#prod#2\)\n/,
    );
    const { stdout } = workspace.run('history', '--ledger', 'history');
    expect(stdout).toMatch(/^v1\.0\.0 .*\n +on dev since .*\n +on prod since 2026-05-04 10:00 UTC.*by Test/m);
    expect(stdout).not.toContain('other#prod');
    workspace.remove();
  });
});
