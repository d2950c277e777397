import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readDocument } from '../../src/contracts/document.ts';
import { planDocument } from '../../src/contracts/plan.ts';
import { resultDocument, type Result } from '../../src/contracts/result.ts';
import type { Verdict } from '../../src/contracts/verdict.ts';
import { configuration, people, weak, Workspace, type Ran } from './workspace.ts';

const timeout = 120_000;
const linear = 'linear: { trainer: logistic-regression }';
const boosting = (rounds: number): string =>
  `boosting: { trainer: gradient-boosting, params: { max_iter: ${rounds} } }`;
const race =
  'race: { trainer: gradient-boosting, search: { method: racing, space: { max_iter: [2, 10, 40] } } }';
const base = [linear, boosting(20), race].join('\n');
const names = ['linear', 'boosting', 'race-1', 'race-2', 'race-3'];

describe('results of an earlier run', () => {
  let first: Workspace;
  let verdict: Verdict;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const workspace = new Workspace(first);
    copies.push(workspace);
    return workspace;
  };
  const run = (workspace: Workspace, ...more: readonly string[]): Ran =>
    workspace.run('run', '--out', 'out', '--ledger', 'history', '--workers', '1', ...more);
  const resultIn = (workspace: Workspace, name: string): Result => {
    const file = `out/results/${name}.json`;
    return readDocument(resultDocument, workspace.read(file).toString(), file);
  };
  const trainedIn = (workspace: Workspace): string[] => {
    const plan = readDocument(planDocument, workspace.read('out/plan.json').toString(), 'plan.json');
    return plan.candidates
      .map(({ name }) => name)
      .filter((name) => resultIn(workspace, name).reuse?.from === null);
  };
  const verdictIn = (workspace: Workspace): Verdict =>
    JSON.parse(workspace.read('out/verdict.json').toString()) as Verdict;
  /** What must be the same with and without earlier results. */
  const lasting = ({ standings, cost, run: _run, champion, ...rest }: Verdict) => ({
    ...rest,
    champion: champion && { ...champion, ageDays: null },
    jobs: cost.jobs,
    standings: standings.map((standing) => ({
      ...standing,
      status: standing.status === 'cached' ? 'ok' : standing.status,
      trainMs: null,
      predictMsPer1k: null,
    })),
  });
  const configure = (workspace: Workspace, candidates: string, more = ''): void =>
    workspace.commit('Change', { 'model-factory.yml': configuration(candidates, more) });

  beforeAll(() => {
    first = new Workspace();
    first.commit('First', { 'people.csv': people, 'model-factory.yml': configuration(weak) });
    expect(run(first, '--promote').code).toBe(0);
    configure(first, base);
    expect(run(first).code).toBe(0);
    verdict = verdictIn(first);
    expect(verdict.standings.map(({ status }) => status)).toContain('stopped');
  }, timeout);
  afterAll(() => {
    for (const workspace of [first, ...copies]) workspace.remove();
  });

  it(
    'nothing is trained a second time, and every document comes to the same',
    () => {
      const workspace = copy();
      const { stderr, stdout } = run(workspace);
      expect(trainedIn(workspace)).toEqual([]);
      expect(stderr).not.toMatch(/^trained /m);
      expect(stderr).toContain('income: nothing is to be trained; 6 unchanged, taken from out');
      expect(stdout).toContain('Cost: nothing was trained; 6 unchanged, taken from out');
      expect(lasting(verdictIn(workspace))).toEqual(lasting(verdict));
      for (const name of [...names, 'champion']) {
        const [was, is] = [resultIn(first, name), resultIn(workspace, name)];
        expect({ ...is, status: was.status, reuse: was.reuse, predictMsPer1k: was.predictMsPer1k }).toEqual(
          was,
        );
        expect(is.status).toBe(was.status === 'stopped' ? 'stopped' : 'cached');
      }
      for (const file of workspace.files('out').filter((name) => /^(predictions|candidates)/.test(name)))
        expect(workspace.read(`out/${file}`).equals(first.read(`out/${file}`))).toBe(true);
      expect(workspace.files('out')).toEqual(first.files('out'));
    },
    timeout,
  );

  it(
    'a model that was not trained again is promoted and released with the same bytes',
    () => {
      const [cached, fresh] = [copy(), copy()];
      expect(run(cached, '--promote').code).toBe(0);
      expect(run(fresh, '--promote', '--no-cache').code).toBe(0);
      expect(trainedIn(cached)).toEqual([]);
      expect(trainedIn(fresh)).toEqual([...names, 'champion']);
      expect(verdictIn(cached)).toMatchObject({ conclusion: 'promote', reason: 'better' });
      expect(lasting(verdictIn(cached))).toEqual(lasting(verdictIn(fresh)));
      for (const file of ['model.onnx', 'signature.json', 'profile.json', 'golden.json', 'predictions.bin'])
        expect(cached.read(`out/model/${file}`).equals(fresh.read(`out/model/${file}`))).toBe(true);
    },
    timeout,
  );

  it(
    'only what changed is trained',
    () => {
      const workspace = copy();
      configure(workspace, [linear, boosting(21), race].join('\n'));
      expect(run(workspace).code).toBe(0);
      expect(trainedIn(workspace)).toEqual(['boosting']);
    },
    timeout,
  );

  it(
    'a race that has another runner is run anew as a whole',
    () => {
      const workspace = copy();
      configure(workspace, [linear, boosting(20), race.replace('40', '41')].join('\n'));
      expect(run(workspace).code).toBe(0);
      expect(trainedIn(workspace)).toEqual(['race-1', 'race-2', 'race-3']);
    },
    timeout,
  );

  it.each<[string, (workspace: Workspace) => void]>([
    [
      'other data',
      (workspace) => workspace.commit('Data', { 'people.csv': people.replace(/\n[^\n]+\n$/, '\n') }),
    ],
    ['other folds', (workspace) => configure(workspace, base, 'validation: { folds: 4 }')],
    ['another metric', (workspace) => configure(workspace, base, 'metrics: [log_loss, roc_auc]')],
    [
      'a label that changed',
      (workspace) => workspace.commit('Label', { 'people.csv': people.replace('<=50K', '>50K') }),
    ],
  ])(
    '%s: all are trained',
    (_, change) => {
      const workspace = copy();
      change(workspace);
      expect([0, 1]).toContain(run(workspace, '--promote').code);
      expect(trainedIn(workspace)).toEqual([...names, 'champion']);
    },
    timeout,
  );

  it.each<[string, string, (workspace: Workspace) => void]>([
    [
      'damaged predictions',
      'predictions/boosting.bin is not the file that its result names',
      (workspace) => flip(workspace.path('out/predictions/boosting.bin')),
    ],
    [
      'a damaged model',
      'candidates/boosting.onnx is not the file that its result names',
      (workspace) => flip(workspace.path('out/candidates/boosting.onnx')),
    ],
    [
      'no model',
      'has no model beside it',
      (workspace) => rmSync(workspace.path('out/candidates/boosting.onnx')),
    ],
    [
      'other scores',
      'was changed since it was written',
      (workspace) => {
        const result = resultIn(workspace, 'boosting');
        const metrics = { ...result.metrics, log_loss: { ...result.metrics['log_loss']!, mean: 0.01 } };
        workspace.write({ 'out/results/boosting.json': JSON.stringify({ ...result, metrics }) });
      },
    ],
    [
      'a result that is not JSON',
      "can't be read",
      (workspace) => workspace.write({ 'out/results/boosting.json': '{"schema":' }),
    ],
  ])(
    '%s: trained anew, with a line that says why',
    (_, why, damage) => {
      const workspace = copy();
      damage(workspace);
      const { code, stderr } = run(workspace);
      expect([code, stderr.split('\n').filter((line) => line.startsWith('boosting: '))]).toEqual([
        0,
        [expect.stringMatching(/^boosting: its result in out .*, so it is not used\.$/)],
      ]);
      expect(stderr).toContain(why);
      expect(trainedIn(workspace)).toEqual(['boosting']);
      expect(lasting(verdictIn(workspace))).toEqual(lasting(verdict));
    },
    timeout,
  );

  it(
    '--cache keeps results over changes back and forth; --no-cache trains all',
    () => {
      const workspace = copy();
      expect(run(workspace, '--cache', 'out-kept').code).toBe(0);
      configure(workspace, linear);
      expect(run(workspace, '--cache', 'out-kept').code).toBe(0);
      expect(trainedIn(workspace)).toEqual([]);
      configure(workspace, base);
      expect(run(workspace, '--cache', 'out-kept').stderr).toMatch(
        /6 unchanged, taken: 2 from out, 4 from out-kept/,
      );
      expect(trainedIn(workspace)).toEqual([]);
      expect(run(workspace, '--no-cache').code).toBe(0);
      expect(trainedIn(workspace)).toEqual([...names, 'champion']);
      expect(run(workspace, '--no-cache', '--cache', 'kept')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('contradict each other'),
      });
    },
    timeout,
  );

  it(
    'plan, train and gate: cached candidates are in no shard, and the verdict is that of run',
    () => {
      const workspace = copy();
      configure(workspace, [linear, boosting(21), race].join('\n'));
      const steps = (...lines: readonly string[]) =>
        lines.map((line) => workspace.run(...line.split(' '), '--out', 'out'));
      const [plan, train, gate] = steps(
        'plan --ledger history',
        'train --workers 1',
        'gate --ledger history',
      );
      expect(plan?.stdout).toMatch(
        /^income: 1 candidate in 1 job, .*; 5 unchanged, taken from out\n.*: boosting\n$/,
      );
      expect(train?.stdout).toMatch(/^boosting: log_loss [\d.]+\n$/);
      expect(gate?.code).toBe(0);
      const stepped = verdictIn(workspace);
      expect(stepped.cost.taken).toEqual([{ from: 'out', models: 5 }]);
      expect(run(workspace, '--no-cache').code).toBe(0);
      expect(lasting(stepped)).toEqual(lasting(verdictIn(workspace)));
    },
    timeout,
  );

  it(
    'where everything is cached, gate judges without train, and is no `unchanged`',
    () => {
      const workspace = copy();
      for (const step of ['plan --promote --ledger history', 'gate --ledger history'])
        expect(workspace.run(...step.split(' '), '--out', 'out').code).toBe(0);
      expect(verdictIn(workspace)).toMatchObject({ conclusion: 'promote', reason: 'better' });
    },
    timeout,
  );
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  const last = bytes.length - 1;
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
  writeFileSync(path, bytes);
}
