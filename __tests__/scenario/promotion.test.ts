import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../src/contracts/verdict.ts';
import { adult, configuration, strong, weak, without, Workspace } from './workspace.ts';

const timeout = 120_000;

describe('the default branch', () => {
  let released: Workspace;
  let first: Verdict;
  let second: Verdict;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const workspace = new Workspace(released);
    copies.push(workspace);
    return workspace;
  };

  beforeAll(() => {
    released = new Workspace();
    released.commit('First model', { 'people.csv': adult, 'model-factory.yml': configuration(weak) });
    first = released.judge('--promote');
    released.commit('A better one', { 'model-factory.yml': configuration(strong) });
    second = released.judge('--promote');
  }, timeout);

  afterAll(() => {
    for (const workspace of [released, ...copies]) workspace.remove();
  });

  it('promotes the first model that beats guessing, and then the better recipe', () => {
    expect(first).toMatchObject({ conclusion: 'promote', champion: null, winner: 'linear' });
    expect(second).toMatchObject({
      conclusion: 'promote',
      reason: 'better',
      champion: { version: 'v1.0.0', standIn: 'stored' },
      looks: { used: 1 },
    });
    expect(second.decisive!.lower).toBeGreaterThan(0);
    const { code, stdout } = released.run('history', 'income', '--ledger', 'history');
    expect(code).toBe(0);
    expect(stdout.match(/^v\S+/gm)).toEqual(['v1.1.0', 'v1.0.0']);
    expect(released.run('show', 'income', '--ledger', 'history').stdout).toContain('income v1.1.0');
  });

  it(
    'keeps the champion when nothing changed, and against a worse candidate',
    () => {
      const workspace = copy();
      expect(workspace.judge('--promote')).toMatchObject({ code: 0, conclusion: 'keep' });
      workspace.commit('A worse one', { 'model-factory.yml': configuration(weak) });
      expect(workspace.judge('--promote')).toMatchObject({
        code: 0,
        conclusion: 'keep',
        reason: 'cv-not-better',
      });
    },
    timeout,
  );

  it(
    "ends the champion's line when a person says so, and begins with a first run",
    () => {
      const workspace = copy();
      const restart = 'gate: { baseline: { restart: "new definition of income", from: v1.1.0 } }';
      workspace.commit('Restart', { 'model-factory.yml': configuration(weak, restart) });
      expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote', champion: null });
      expect(workspace.run('show', 'income', '--ledger', 'history').stdout).toContain('First model');
    },
    timeout,
  );

  it.each([
    ['a column that identifies rows is gone', without(adult, 'hours-per-week'), 'hours-per-week'],
    ['more than 1% of the rows are gone', `${adult.split('\n').slice(0, 2900).join('\n')}\n`, '3.'],
  ])(
    'draws the split anew when %s: the recipe stands in for the champion',
    (_, data, reason) => {
      const workspace = copy();
      workspace.commit('Other data', { 'people.csv': data });
      const verdict = workspace.judge('--promote');
      expect(verdict).toMatchObject({ conclusion: 'keep', champion: { standIn: 'refitted' } });
      const plan: unknown = JSON.parse(workspace.read('out/plan.json').toString());
      expect(plan).toMatchObject({
        split: { epoch: { number: 2 } },
        data: {
          notices: expect.arrayContaining([
            expect.objectContaining({ code: 'NEW_EPOCH', message: expect.stringContaining(reason) }),
          ]),
        },
      });
      expect(workspace.read('out/report.md').toString()).toContain('were drawn anew');
      expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'keep' });
      expect(JSON.parse(workspace.read('out/plan.json').toString())).toMatchObject({
        split: { epoch: { number: 2 } },
      });
    },
    timeout,
  );

  it(
    'goes on with the epoch when less than 1% of the rows are gone',
    () => {
      const workspace = copy();
      workspace.commit('Fewer rows', { 'people.csv': `${adult.split('\n').slice(0, 2980).join('\n')}\n` });
      workspace.judge('--promote');
      expect(JSON.parse(workspace.read('out/plan.json').toString())).toMatchObject({
        split: { epoch: { number: 1 } },
      });
    },
    timeout,
  );

  it(
    'gives the same bytes with one worker and with two',
    () => {
      const workspace = copy();
      const boosting = 'boosting: { trainer: gradient-boosting, params: { max_iter: 20 } }';
      workspace.write({ 'model-factory.yml': configuration(`${strong}\n${boosting}`) });
      const models = ['1', '2'].map((workers) => {
        const out = `out-${workers}`;
        expect(workspace.run('run', '--out', out, '--workers', workers).code).toBe(0);
        return ['linear', 'boosting'].map((name) => {
          const result = JSON.parse(workspace.read(`${out}/results/${name}.json`).toString()) as Record<
            string,
            unknown
          >;
          return {
            onnx: workspace.read(`${out}/candidates/${name}.onnx`).toString('base64'),
            digests: [result['modelSha256'], result['predictionsSha256'], result['fingerprint']],
          };
        });
      });
      expect(models[0]).toEqual(models[1]);
    },
    timeout,
  );
});
