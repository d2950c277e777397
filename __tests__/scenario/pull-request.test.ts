import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument } from '../../src/contracts/verdict.ts';
import { adult, configuration, strong, weak, without, Workspace } from './workspace.ts';

const timeout = 120_000;
const strongColumns = ['capital-gain', 'education-num', 'occupation'];

describe('a pull request', () => {
  let main: Workspace;
  const copies: Workspace[] = [];
  const branch = (): Workspace => {
    const workspace = new Workspace(main);
    copies.push(workspace);
    workspace.git('switch', '--quiet', '--create', 'change');
    return workspace;
  };
  const merge = ['--base', 'main'];

  beforeAll(() => {
    main = new Workspace();
    main.commit('Model', { 'people.csv': adult, 'model-factory.yml': configuration(strong) });
    expect(main.judge('--promote')).toMatchObject({ conclusion: 'promote' });
  }, timeout);

  afterAll(() => {
    for (const workspace of [main, ...copies]) workspace.remove();
  });

  it(
    'that brings the first model may merge',
    () => {
      const workspace = new Workspace();
      copies.push(workspace);
      workspace.commit('Nothing yet', {});
      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.commit('Model', { 'people.csv': adult, 'model-factory.yml': configuration(strong) });
      expect(workspace.judge(...merge)).toMatchObject({ code: 0, conclusion: 'keep', reason: 'first-run' });
    },
    timeout,
  );

  it(
    'that changes nothing is unchanged, and `--json` prints the verdict',
    () => {
      const workspace = branch();
      workspace.commit('Notes', { 'NOTES.md': 'nothing about the model' });
      const { code, stdout } = workspace.run('run', '--ledger', 'history', '--json', ...merge);
      expect(code).toBe(0);
      expect(readDocument(verdictDocument, stdout, 'stdout')).toMatchObject({
        question: 'merge',
        conclusion: 'keep',
        reason: 'unchanged',
      });
    },
    timeout,
  );

  it(
    'that removes strong columns from the file is blocked, and its revert unchanged',
    () => {
      const workspace = branch();
      workspace.commit('Slim', { 'people.csv': without(adult, ...strongColumns) });
      const verdict = workspace.judge(...merge);
      expect(verdict).toMatchObject({ code: 1, conclusion: 'block', reason: 'worse' });
      expect(workspace.read('out/report.md').toString()).toContain('paired with the base side');
      workspace.git('revert', '--no-edit', 'HEAD');
      expect(workspace.judge(...merge)).toMatchObject({ code: 0, conclusion: 'keep', reason: 'unchanged' });
    },
    timeout,
  );

  it(
    'is judged by the old rules when it edits them, and says so',
    () => {
      const workspace = branch();
      const lax = 'gate: { block: { max-drop: 90% } }';
      workspace.commit('Lax', {
        'people.csv': without(adult, ...strongColumns),
        'model-factory.yml': configuration(strong, lax),
      });
      const verdict = workspace.judge(...merge);
      expect(verdict).toMatchObject({
        code: 1,
        conclusion: 'block',
        policyEdits: [{ path: 'gate.block.max-drop', old: '"2%"', new: '"90%"' }],
      });
      expect(workspace.read('out/report.md').toString()).toContain('gate.block.max-drop');
    },
    timeout,
  );

  it(
    'that changes what the champion is compared by is blocked, unless it ends the line as well',
    () => {
      const workspace = branch();
      const metric = (more = '') => configuration(strong, `gate: { metric: roc_auc${more} }`);
      workspace.commit('Another metric', { 'model-factory.yml': metric() });
      const blocked = workspace.judge(...merge);
      expect(blocked).toMatchObject({ code: 1, conclusion: 'block', reason: 'not-comparable' });
      expect(blocked.sentence).toContain('gate.metric from "log_loss" to "roc_auc"');
      workspace.commit('End the line', {
        'model-factory.yml': metric(', baseline: { restart: "ranking matters", from: v1.0.0 }'),
      });
      expect(workspace.judge(...merge)).toMatchObject({ code: 0, conclusion: 'keep' });
      expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote', reason: 'first-run' });
    },
    timeout,
  );

  it(
    'that only writes defaults down edits no rule',
    () => {
      const workspace = branch();
      const defaults = 'task: binary\ngate: { metric: log_loss, promote: { looks: 10 } }';
      workspace.commit('Defaults', { 'model-factory.yml': configuration(strong, defaults) });
      expect(workspace.judge(...merge)).toMatchObject({ reason: 'unchanged', policyEdits: [] });
    },
    timeout,
  );

  it(
    'that adds a worse candidate may merge',
    () => {
      const workspace = branch();
      const both = `${strong}\n${weak.replace('linear', 'stiff')}`;
      workspace.commit('One more', { 'model-factory.yml': configuration(both) });
      expect(workspace.judge(...merge)).toMatchObject({ code: 0, conclusion: 'keep', winner: 'linear' });
    },
    timeout,
  );

  it(
    'that restores columns which the base lost may merge',
    () => {
      const workspace = branch();
      workspace.git('switch', '--quiet', 'main');
      workspace.commit('Slim', { 'people.csv': without(adult, ...strongColumns) });
      workspace.git('switch', '--quiet', '--create', 'repair');
      workspace.commit('Whole again', { 'people.csv': adult });
      expect(workspace.judge(...merge)).toMatchObject({
        code: 0,
        conclusion: 'keep',
        reason: 'likely-better',
      });
    },
    timeout,
  );

  it(
    'that changes what identifies every row can not be compared',
    () => {
      const workspace = branch();
      const [header = '', ...lines] = adult.trimEnd().split('\n');
      const older = lines.map((line) => line.replace(/^\d+/, (age) => String(Number(age) + 1000)));
      workspace.commit('Other ages', { 'people.csv': `${[header, ...older].join('\n')}\n` });
      expect(workspace.judge(...merge)).toMatchObject({
        code: 1,
        reason: 'not-comparable',
        next: expect.stringContaining('data.key'),
      });
    },
    timeout,
  );
});
