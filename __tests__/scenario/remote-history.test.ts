import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument } from '../../src/contracts/verdict.ts';
import { adult, configuration, strong, weak, Workspace } from './workspace.ts';

const timeout = 120_000;

/** Puts the folder's history on a branch of the remote, as the jobs of the default branch keep it. */
function pushHistory(workspace: Workspace, branch: string): void {
  const index = { GIT_INDEX_FILE: workspace.path('history-index') };
  workspace.gitWith(index, '--work-tree=history', 'add', '--force', 'models');
  const tree = workspace.gitWith(index, 'write-tree').trim();
  const commit = workspace.git('commit-tree', tree, '-m', 'History').trim();
  workspace.git('push', '--quiet', 'origin', `${commit}:refs/heads/${branch}`);
}

describe('the history of a git remote', () => {
  let main: Workspace;
  const address = (): string => main.path('history.git');

  beforeAll(() => {
    main = new Workspace();
    main.git('init', '--quiet', '--bare', 'history.git');
    main.git('remote', 'add', 'origin', address());
    main.commit('Model', {
      'people.csv': adult,
      'model-factory.yml': configuration(weak),
      '.gitignore': 'out*\nhistory*\n',
    });
    expect(main.judge('--promote')).toMatchObject({ conclusion: 'promote' });
    pushHistory(main, 'model-factory-ledger');
    pushHistory(main, 'elsewhere');
    main.git('push', '--quiet', 'origin', 'main');
    main.git('switch', '--quiet', '--create', 'change');
    main.commit('Better', { 'model-factory.yml': configuration(strong), '.gitignore': 'out*\nhistory*\n' });
  }, timeout);
  afterAll(() => main.remove());

  it.each([
    ['by name', ['--ledger', 'origin']],
    ['by address', ['--ledger', 'file://ADDRESS']],
    ['on another branch', ['--ledger', 'origin', '--ledger-ref', 'elsewhere']],
  ])('is shown %s', (_, args) => {
    const given = args.map((arg) => arg.replace('ADDRESS', address()));
    const { code, stdout } = main.run('history', ...given);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^v1\.0\.0 +linear \(logistic-regression\), .* UTC, less than a day old\n/);
    expect(main.run('show', 'income', ...given).stdout).toContain('income v1.0.0');
  });

  it(
    'judges a change against the real champion, and says how to repeat it',
    () => {
      const { code } = main.run('run', '--ledger', 'origin', '--out', 'out', '--workers', '1');
      expect(code).toBe(0);
      const text = main.read('out/verdict.json').toString();
      const verdict = readDocument(verdictDocument, text, 'verdict.json');
      expect(verdict).toMatchObject({
        question: 'merge',
        conclusion: 'keep',
        reason: 'likely-better',
        champion: { version: 'v1.0.0' },
      });
      const base = main.git('rev-parse', 'main').slice(0, 7);
      const command = `npx model-factory run --ledger origin --base ${base}`;
      expect(verdict.run?.again).toEqual({ command, sameQuestion: true });
      expect(main.read('out/report.md').toString()).toContain(`\`${command}\``);
    },
    timeout,
  );

  it.each([['run'], ['plan']])('is never written: %s --promote is refused at once', (verb) => {
    const ran = main.run(verb, '--promote', '--ledger', 'origin', '--out', 'out-refused');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(
      /^ARGUMENT_INVALID: A promotion writes the history, .* origin .*\n {2}fix: {3}Leave --promote out/,
    );
    expect(main.files('out-refused')).toEqual([]);
  });

  it('is missing a branch: there is no version yet', () => {
    const { code, stderr } = main.run('show', '--ledger', 'origin', '--ledger-ref', 'none');
    expect(code).toBe(2);
    expect(stderr).toContain('The history holds no version.');
  });

  it('can not be fetched: says what git says', () => {
    const { code, stderr } = main.run('show', '--ledger', 'file:///nowhere/at-all.git');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^LEDGER_UNREADABLE: .*at-all\.git.*\n {2}fix:/s);
  });
});
