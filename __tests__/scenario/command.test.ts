import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unpackFiles } from '../../src/model/archive.ts';
import { adult, configuration, Workspace } from './workspace.ts';

const timeout = 180_000;
const program = readFileSync(new URL('../fixtures/programs/levels.mjs', import.meta.url), 'utf8');

const mine = (column: string, more = 'predict: node levels.mjs predict'): string =>
  [
    'mine:',
    '  trainer: command',
    `  run: node levels.mjs train --column ${column} --smooth {smooth}`,
    '  params: { smooth: 1 }',
    `  ${more}`,
  ].join('\n');

describe('candidates that are programs', () => {
  let workspace: Workspace;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const made = new Workspace(workspace);
    copies.push(made);
    return made;
  };

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('First model', {
      'people.csv': adult,
      'levels.mjs': program,
      'model-factory.yml': configuration(mine('workclass')),
    });
  });
  afterAll(() => {
    for (const own of [workspace, ...copies]) own.remove();
  });

  it(
    'publishes what only its own program can read, and asks it as it was when it meets the next one',
    () => {
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'first-run', winner: 'mine' },
      });
      const archive = workspace.read('history/releases/income@v1.0.0/model.tar');
      expect([...unpackFiles(archive, 'model.tar').keys()]).toEqual(['model.json']);
      const signature: unknown = JSON.parse(workspace.read('out/model/signature.json').toString());
      expect(signature).toMatchObject({ format: 'opaque', classes: ['<=50K', '>50K'] });
      for (const model of [['out/model'], ['income', '--ledger', 'history']]) {
        const asked = workspace.run('predict', ...model, '--data', 'people.csv');
        expect(asked).toMatchObject({ code: 2, stdout: '' });
        expect(asked.stderr).toMatch(/^MODEL_INVALID: .*only the program which made it can ask/);
      }
      // From now on the program can't read the first model any more.
      workspace.commit('A better column', {
        'levels.mjs': program.replaceAll('shares', 'tables'),
        'model-factory.yml': configuration(mine('relationship')),
      });
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'better', winner: 'mine' },
        champion: { version: 'v1.0.0', standIn: 'stored' },
      });
      expect(workspace.run('history', 'income', '--ledger', 'history').stdout).toContain('v1.1.0');
    },
    timeout,
  );

  it(
    'compares a pull request with the program of the base',
    () => {
      const own = copy();
      own.git('switch', '--quiet', '--create', 'change');
      own.commit('A worse column', { 'model-factory.yml': configuration(mine('workclass')) });
      expect(own.judge()).toMatchObject({ conclusion: 'block', winner: 'mine' });
      own.commit('A broken program', {
        'levels.mjs': 'console.log("half way"); throw new Error("no rows");',
      });
      expect(own.judge()).toMatchObject({ code: 1, conclusion: 'block', reason: 'failed' });
      const report = own.read('out/report.md').toString();
      expect(report).toMatch(/on fold 1: .*ended with exit code 1, saying: Error: no rows/);
      expect(report).toContain('half way');
      expect(own.read('out/logs/mine.log').toString()).toContain('Error: no rows');
    },
    timeout,
  );

  it(
    'lets a program without a model compete, but not win on the default branch',
    () => {
      const own = copy();
      own.commit('No model', { 'model-factory.yml': configuration(`${mine('relationship', '')}\n`) });
      expect(own.judge('--promote')).toMatchObject({ conclusion: 'block', reason: 'no-candidate' });
      expect(own.read('out/report.md').toString()).toContain('never published');
    },
    timeout,
  );
});
