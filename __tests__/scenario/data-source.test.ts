import { afterAll, describe, expect, it } from '@jest/globals';
import { people, strong, weak, Workspace } from './workspace.ts';

const timeout = 180_000;
const configuration = (source: string, candidate: string): string =>
  [
    'version: 1',
    'model: income',
    `data: { source: ${source}, target: income, positive: ">50K" }`,
    `candidates: { ${candidate} }`,
  ].join('\n');

const [header = '', ...lines] = people.trimEnd().split('\n');
const part = (from: number, to: number): string => `${[header, ...lines.slice(from, to)].join('\n')}\n`;

describe('data from elsewhere', () => {
  const workspace = new Workspace();
  afterAll(() => workspace.remove());

  it(
    'keeps every row on its side when one file becomes several, and when a program fetches them',
    () => {
      workspace.commit('One file', {
        'people.csv': people,
        'model-factory.yml': configuration('people.csv', weak),
      });
      expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote', reason: 'first-run' });
      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.git('rm', '--quiet', 'people.csv');
      workspace.commit('Several files', {
        'people-1.csv': part(0, 300),
        'people-2.csv': part(300, 800),
        'model-factory.yml': configuration('"people-?.csv"', strong),
      });
      const several = workspace.judge();
      expect(several).toMatchObject({ conclusion: 'keep', rows: { changedLabels: 0 } });
      // Each side runs the program of its own commit, in a checkout of its own.
      const fetch = 'import { copyFileSync } from "node:fs"; copyFileSync("people.txt", "out-people.csv");';
      const source = '{ command: node fetch.mjs, output: out-people.csv }';
      workspace.git('rm', '--quiet', 'people-1.csv', 'people-2.csv');
      workspace.commit('A program', {
        'people.txt': people,
        'fetch.mjs': fetch,
        'model-factory.yml': configuration(source, weak),
      });
      expect(workspace.judge('--promote').code).toBe(0);
      workspace.git('branch', '--force', 'main');
      workspace.commit('Another recipe', { 'model-factory.yml': configuration(source, strong) });
      const fetched = workspace.judge();
      expect(fetched).toMatchObject({ conclusion: 'keep', rows: { changedLabels: 0 } });
      expect(fetched.rows).toEqual(several.rows);
      workspace.commit('A broken program', { 'fetch.mjs': 'throw new Error("no route");' });
      const broken = workspace.run(
        'run',
        '--config',
        'model-factory.yml',
        '--out',
        'out',
        '--ledger',
        'history',
      );
      expect(broken.code).toBe(2);
      expect(broken.stderr).toContain('DATA_COMMAND');
      expect(broken.stderr).toContain('no route');
    },
    timeout,
  );
});
