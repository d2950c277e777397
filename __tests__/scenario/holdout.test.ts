import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { readDocument } from '../../src/contracts/document.ts';
import { planDocument } from '../../src/contracts/plan.ts';
import { Workspace } from './workspace.ts';

const timeout = 300_000;
const signal = 0.75;

/** A repeatable number in [0, 1) for each row and purpose. */
function random(row: number, salt: number): number {
  let state = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) / 4294967296;
}

/** Rows `from` to `to` of an endless table: two inputs that each tell half of the answer. */
function rowsOf(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    const [a, b] = [random(row, 1), random(row, 2)];
    const yes = random(row, 3) < 1 / (1 + Math.exp(-signal * 8 * (a + b - 1)));
    return `p${row},${a.toFixed(4)},${b.toFixed(4)},${yes ? 'yes' : 'no'}`;
  });
}

const csv = (lines: readonly string[]): string => ['id,a,b,y', ...lines, ''].join('\n');

const configuration = (candidate: string, ...more: readonly string[]): string =>
  [
    'version: 1',
    'model: churn',
    'data: { source: data.csv, target: y, key: id }',
    `candidates: { line: { trainer: ${candidate} } }`,
    ...more,
    '',
  ].join('\n');

const weak = 'logistic-regression, params: { C: 0.0003 }';
const medium = 'logistic-regression, params: { C: 0.003 }';
const best = 'logistic-regression, params: { C: 10 }';

const relabelled = (lines: readonly string[], every: number): string[] =>
  lines.map((line, i) => (i % every ? line : line.replace(/yes$|no$/, (y) => (y === 'yes' ? 'no' : 'yes'))));

const plan = (workspace: Workspace) =>
  readDocument(planDocument, workspace.read('out/plan.json').toString(), 'plan.json');

describe('a test set in a file of its own', () => {
  const workspace = new Workspace();
  afterEach(() => {
    workspace.remove();
  });

  it(
    'is used whatever its size, promotes, and is rotated by another file',
    () => {
      const source = (candidate: string) => configuration(candidate, 'holdout: { source: test.csv }');
      const train = csv(rowsOf(0, 1200));
      workspace.commit('Model', {
        'data.csv': train,
        'test.csv': csv([...rowsOf(1200, 1600), ...rowsOf(0, 6)]),
        'model-factory.yml': source(weak),
      });
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'first-run', rows: { development: 1200, holdout: 406 } },
      });
      expect(plan(workspace)).toMatchObject({
        data: {
          rows: 1606,
          files: [{ path: 'data.csv' }, { path: 'test.csv' }],
          notices: [
            { code: 'SHARED_WITH_DEVELOPMENT', message: expect.stringContaining('6 of 406 rows (1%)') },
          ],
        },
        split: { epoch: { number: 1, rule: '{"group":null,"holdout":"source","key":"id","time":null}' } },
      });
      expect(workspace.run('explain', 'config').stdout).toContain('406 test set (hold-out) from test.csv');

      workspace.commit('Better', { 'model-factory.yml': source(best) });
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'better', looks: { used: 1, spent: true } },
        champion: { standIn: 'stored' },
      });

      const another = csv(rowsOf(2000, 2400));
      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.commit('Another test set', { 'test.csv': another });
      expect(workspace.judge('--base', 'main')).toMatchObject({ conclusion: 'keep', reason: 'unchanged' });
      expect(workspace.judge('--promote')).toMatchObject({ looks: { used: 0 } });
      expect(plan(workspace).split.epoch.number).toBe(2);
      expect(plan(workspace).data.notices[0]).toMatchObject({
        code: 'NEW_EPOCH',
        message: expect.stringContaining('none of the rows that the champion was tested on'),
      });

      workspace.write({ 'test.csv': another.replace(/^id,a,/, 'id,aa,') });
      expect(workspace.run('run', '--out', 'out').stderr).toContain('where: test.csv:1, "a"');
      workspace.write({ 'test.csv': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n' });
      expect(workspace.run('run', '--out', 'out').stderr).toMatch(/DATA_LFS_POINTER[^]*where: test\.csv/);
      workspace.git('rm', '--quiet', '--force', 'test.csv');
      expect(workspace.run('run', '--out', 'out').stderr).toContain(
        'Check holdout.source: the path is relative to the folder of the configuration.',
      );
    },
    timeout,
  );
});

describe('a test set that was relabelled', () => {
  const workspace = new Workspace();
  afterEach(() => {
    workspace.remove();
  });

  it(
    'answers again once a reviewed change names exactly its state',
    () => {
      const lines = rowsOf(0, 2500);
      const rebased = (candidate: string, to: string) =>
        configuration(candidate, `holdout: { fraction: 0.2, rebase: { reason: mended, to: "${to}" } }`);
      workspace.commit('Model', { 'data.csv': csv(lines), 'model-factory.yml': configuration(weak) });
      workspace.judge('--promote');
      workspace.commit('Relabel', {
        'data.csv': csv(relabelled(lines, 20)),
        'model-factory.yml': configuration(best),
      });
      const changed = workspace.judge('--promote');
      expect(changed).toMatchObject({ conclusion: 'undecided', reason: 'holdout-changed' });
      const to = /to: "([0-9a-f]{12})"/.exec(changed.next)![1]!;

      workspace.commit('Wrong', { 'model-factory.yml': rebased(best, '000000000000') });
      const wrong = workspace.judge('--promote');
      expect(wrong).toMatchObject({ reason: 'holdout-changed', looks: { used: 0 } });
      expect(wrong.sentence).toContain('is 000000000000, another state, and accepts nothing');

      workspace.commit('Relabel more', { 'data.csv': csv(relabelled(lines, 15)) });
      workspace.write({ 'model-factory.yml': rebased(best, to) });
      expect(workspace.judge('--promote')).toMatchObject({ reason: 'holdout-changed' });

      workspace.write({ 'data.csv': csv([...relabelled(lines, 20), ...rowsOf(2500, 2600)]) });
      workspace.write({ 'model-factory.yml': configuration(best) });
      workspace.commit('Back, with more rows', {});
      workspace.write({ 'model-factory.yml': rebased(best, to) });
      expect(workspace.judge('--base', 'main').policyEdits).toEqual([
        { path: 'holdout.rebase', old: '(default)', new: `{"reason":"mended","to":"${to}"}` },
      ]);
      workspace.commit('Rebase', {});
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'better', looks: { used: 1, spent: true } },
      });
      expect(plan(workspace).split.epoch.number).toBe(1);
      expect(readdirSync(workspace.path('history/models/churn/epochs'))).toHaveLength(1);
    },
    timeout,
  );
});

describe('a test set whose looks are used', () => {
  let workspace = new Workspace();
  afterEach(() => {
    workspace.remove();
    workspace = new Workspace();
  });
  const once = 'gate: { promote: { looks: 1 } }';
  const rows = (from: number, to: number) => csv(rowsOf(from, to));

  it(
    'is replaced by unseen rows once there are enough, for every run that follows',
    () => {
      workspace.commit('Model', {
        'data.csv': rows(0, 2500),
        'model-factory.yml': configuration(weak, once),
      });
      workspace.judge('--promote');
      workspace.commit('Medium', { 'model-factory.yml': configuration(medium, once) });
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', looks: { used: 1, allowed: 1 } },
        next: expect.stringContaining('The test set can answer no more questions'),
      });
      expect(workspace.read('out/report.md').toString()).toContain(
        'few are left before it has to be replaced',
      );

      workspace.commit('Best', {
        'data.csv': rows(0, 2800),
        'model-factory.yml': configuration(best, once),
      });
      const spent = workspace.judge('--promote');
      expect(spent).toMatchObject({ conclusion: 'undecided', reason: 'holdout-spent' });
      const first = plan(workspace).split;
      const [, unseen, needed] = /: (\d+) of (\d+) rows so far/.exec(spent.next)!.map(Number);
      expect(needed).toBe(first.holdoutRows);
      expect(unseen).toBeGreaterThan(200);
      expect(unseen).toBeLessThan(300);

      workspace.commit('More rows', { 'data.csv': rows(0, 4000) });
      const rotated = workspace.judge('--promote');
      expect(rotated).toMatchObject({
        ...{ conclusion: 'promote', reason: 'better', looks: { used: 1, spent: true } },
        champion: { standIn: 'refitted' },
      });
      const { split, data } = plan(workspace);
      expect(split.epoch).toMatchObject({ number: 2, listed: true, rule: first.epoch.rule });
      expect(split.holdoutRows + split.developmentRows).toBe(4000);
      expect(split.holdoutRows).toBeGreaterThan(needed!);
      expect(data.notices[0]!.message).toContain('had answered 1 of 1 questions');
      expect(
        JSON.parse(workspace.read('history/models/churn/holdouts/000002.json').toString()),
      ).toMatchObject({
        ...{ schema: 'holdout/1', epoch: 2 },
      });

      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.commit('Grow', { 'data.csv': rows(0, 4200) });
      for (const question of [['--base', 'main'], ['--promote']]) {
        workspace.judge(...question);
        expect(plan(workspace).split).toMatchObject({
          ...{ epoch: split.epoch, holdoutRows: split.holdoutRows },
          developmentRows: split.developmentRows + 200,
        });
      }
    },
    timeout,
  );

  it(
    'is replaced, with a time, when all its rows are later than those that were asked',
    () => {
      const timed = (from: number, to: number) =>
        csv(rowsOf(from, to))
          .replace(/^p(\d+)/gm, '$1')
          .replace('id', 't');
      const by = (candidate: string) => configuration(candidate, once).replace('key: id', 'time: t');
      workspace.commit('Model', { 'data.csv': timed(0, 2500), 'model-factory.yml': by(weak) });
      workspace.judge('--promote');
      workspace.commit('Medium', { 'model-factory.yml': by(medium) });
      expect(workspace.judge('--promote')).toMatchObject({ looks: { used: 1, spent: true } });
      workspace.commit('Best', { 'data.csv': timed(0, 3000), 'model-factory.yml': by(best) });
      expect(workspace.judge('--promote')).toMatchObject({
        reason: 'holdout-spent',
        next: expect.stringContaining('500 of 600 rows so far'),
      });
      workspace.commit('More rows', { 'data.csv': timed(0, 3200) });
      expect(workspace.judge('--promote')).toMatchObject({ looks: { used: 1, spent: true } });
      expect(plan(workspace).split.epoch).toMatchObject({ number: 2, listed: false });
      workspace.commit('Next', { 'data.csv': timed(0, 3300) });
      workspace.judge('--promote');
      expect(plan(workspace).split.epoch).toMatchObject({ number: 2, listed: false });
    },
    timeout,
  );
});
