import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { resultDocument, type Result } from '../../src/contracts/result.ts';
import { readOnnx } from '../../src/model/onnx/read.ts';
import { adult, configuration, Workspace } from './workspace.ts';

const timeout = 240_000;
const lines = adult.trimEnd().split('\n');
const first = (rows: number): string => `${lines.slice(0, rows + 1).join('\n')}\n`;
const params = 'params: { max_iter: 30, max_leaf_nodes: 8, early_stopping: false }';
const boosting = `boosting: { trainer: gradient-boosting, update: true, ${params} }`;

describe('online learning by increments', () => {
  let workspace: Workspace;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const made = new Workspace(workspace);
    copies.push(made);
    return made;
  };
  const resultOf = (own: Workspace, name = 'boosting'): Result =>
    readDocument(resultDocument, own.read(`out/results/${name}.json`).toString(), name);
  const treesOf = (own: Workspace, file: string) => {
    const { predictor } = readOnnx(own.read(file), file);
    if (predictor.kind !== 'trees') throw new Error('no trees');
    return predictor.trees;
  };

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('First model', {
      'people.csv': first(2200),
      'model-factory.yml': configuration(boosting),
    });
    expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote', reason: 'first-run' });
  }, timeout);
  afterAll(() => {
    for (const own of [workspace, ...copies]) own.remove();
  });

  it('is fitted anew where there is nothing to continue from, and says so', () => {
    expect(resultOf(workspace).warnings).toContain(
      'update: fitted anew, because there is no baseline (champion) yet.',
    );
    expect(workspace.files('out/given')).toEqual([]);
  });

  it(
    'continues from the released bytes on new rows, alike with more workers and step by step',
    () => {
      const own = copy();
      own.commit('New rows', { 'people.csv': first(3000) });
      own.judge('--promote', '--workers', '2');
      const whole = resultOf(own);
      expect(whole).toMatchObject({ status: 'ok', warnings: [] });
      const champion = treesOf(own, 'history/releases/income@v1.0.0/model.onnx');
      const updated = treesOf(own, 'out/candidates/boosting.onnx');
      expect(champion).toHaveLength(30);
      expect(updated.slice(0, 30)).toEqual(champion);
      expect(updated.length).toBeGreaterThan(30);
      expect(updated.length).toBeLessThan(40);

      const steps = copy();
      steps.commit('New rows', { 'people.csv': first(3000) });
      for (const args of [
        ['plan', '--out', 'out', '--ledger', 'history', '--promote'],
        ['train', '--out', 'out', '--workers', '1'],
        ['gate', '--out', 'out', '--ledger', 'history'],
      ]) {
        const ran = steps.run(...args);
        if (ran.code !== 0) throw new Error(`${args[0]}: ${ran.stderr}`);
      }
      expect(steps.files('out/given')).toHaveLength(2);
      const { modelSha256, predictionsSha256, fingerprint } = resultOf(steps);
      expect({ modelSha256, predictionsSha256, fingerprint }).toEqual({
        modelSha256: whole.modelSha256,
        predictionsSha256: whole.predictionsSha256,
        fingerprint: whole.fingerprint,
      });
    },
    timeout,
  );

  it(
    'goes first when the time is short, and still continues',
    () => {
      const own = copy();
      const candidates = `slow: { trainer: random-forest, params: { n_estimators: 400 } }\n${boosting}`;
      own.commit('A budget', {
        'people.csv': first(3000),
        'model-factory.yml': configuration(candidates, 'budget: { train-minutes: 0.001 }'),
      });
      own.judge('--promote');
      expect(own.files('out/results')).toEqual(['boosting.json']);
      expect(resultOf(own)).toMatchObject({ status: 'ok', warnings: [] });
      const champion = treesOf(own, 'history/releases/income@v1.0.0/model.onnx');
      expect(treesOf(own, 'out/candidates/boosting.onnx').slice(0, 30)).toEqual(champion);
      expect(own.read('out/plan.json').toString()).toContain('"slow"');
    },
    timeout,
  );

  it(
    'is fitted anew where the champion is of another trainer or takes other columns',
    () => {
      const own = copy();
      own.commit('Another', {
        'model-factory.yml': configuration('logistic: { trainer: logistic-regression, update: true }'),
      });
      own.judge();
      expect(resultOf(own, 'logistic').warnings[0]).toBe(
        'update: fitted anew, because the baseline (champion) v1.0.0 is a model of gradient-boosting.',
      );
      own.commit('Fewer columns', {
        'model-factory.yml': configuration(boosting).replace('data: {', 'data: { drop: [age],'),
      });
      own.judge();
      expect(resultOf(own).warnings).toEqual(['update: fitted anew, because v1.0.0 takes other columns.']);
      expect(own.read('out/report.md').toString()).toContain(
        'boosting: fitted anew instead of updated, because v1.0.0 takes other columns.',
      );
    },
    timeout,
  );

  it('is a mistake for a trainer that can not continue', () => {
    const own = copy();
    own.commit('Forest', {
      'model-factory.yml': configuration('forest: { trainer: random-forest, update: true }'),
    });
    const { code, stderr } = own.run('run', '--out', 'out', '--ledger', 'history');
    expect(code).toBe(2);
    expect(stderr).toContain('random-forest can not continue from the champion');
  });
});
