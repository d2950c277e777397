import { copyFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { resultDocument, type Result } from '../../src/contracts/result.ts';
import { verdictDocument, type Verdict } from '../../src/contracts/verdict.ts';
import { adult, configuration, strong, weak, Workspace } from './workspace.ts';

const timeout = 120_000;
const boosting = 'boosting: { trainer: gradient-boosting, params: { max_iter: 20 } }';

describe('documents changed between the steps', () => {
  let trained: Workspace;
  let judged: Workspace;
  const copies: Workspace[] = [];
  const copy = (from: Workspace): Workspace => {
    const workspace = new Workspace(from);
    copies.push(workspace);
    return workspace;
  };
  const gate = (workspace: Workspace) => workspace.run('gate', '--ledger', 'history', '--out', 'out');
  const publish = (workspace: Workspace) => workspace.run('publish', '--ledger', 'history', '--out', 'out');
  const versions = (workspace: Workspace) => workspace.files('history/models/income/promotions').length;

  function editResult(workspace: Workspace, name: string, edit: (result: Result) => Result): void {
    const file = `out/results/${name}.json`;
    const result = readDocument(resultDocument, workspace.read(file).toString(), file);
    workspace.write({ [file]: JSON.stringify(edit(result)) });
  }

  /** Another candidate's model in the winner's place, with its digest and size. */
  function swapModel(workspace: Workspace): void {
    const other = readDocument(
      resultDocument,
      workspace.read('out/results/linear.json').toString(),
      'linear.json',
    );
    const { modelSha256, modelBytes } = other;
    editResult(workspace, 'boosting', (result) => ({ ...result, modelSha256, modelBytes }));
    const [from, to] = ['linear', 'boosting'].map((name) => workspace.path(`out/candidates/${name}.onnx`));
    copyFileSync(from!, to!);
  }

  function editVerdict(workspace: Workspace, change: Partial<Verdict>): void {
    const text = workspace.read('out/verdict.json').toString();
    const verdict = readDocument(verdictDocument, text, 'verdict.json');
    workspace.write({ 'out/verdict.json': JSON.stringify({ ...verdict, ...change }) });
  }

  beforeAll(() => {
    trained = new Workspace();
    trained.commit('First model', { 'people.csv': adult, 'model-factory.yml': configuration(weak) });
    expect(trained.judge('--promote')).toMatchObject({ conclusion: 'promote' });
    trained.commit('More', { 'model-factory.yml': configuration(`${strong}\n${boosting}`) });
    for (const step of ['plan --promote --ledger history', 'train --workers 1'])
      expect(trained.run(...step.split(' '), '--out', 'out').code).toBe(0);
    judged = copy(trained);
    expect([gate(judged).code, judged.read('out/verdict.json').toString()]).toEqual([
      0,
      expect.stringContaining('"conclusion": "promote"'),
    ]);
  }, timeout);
  afterAll(() => {
    for (const workspace of [trained, ...copies]) workspace.remove();
  });

  it(
    'scores that are not those of the predictions are not judged',
    () => {
      const workspace = copy(trained);
      editResult(workspace, 'linear', (result) => ({
        ...result,
        metrics: { ...result.metrics, log_loss: { ...result.metrics['log_loss']!, mean: 0.01 } },
      }));
      const { code, stderr } = gate(workspace);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('has other scores than its predictions give'),
      ]);
    },
    timeout,
  );

  it(
    'a recipe that was trained under the name of another is not judged',
    () => {
      const workspace = copy(trained);
      const plan = workspace.read('out/plan.json').toString();
      expect(plan).toContain('"max_iter": 20');
      workspace.write({ 'out/plan.json': plan.replaceAll('"max_iter": 20', '"max_iter": 25') });
      expect(workspace.run('train', '--workers', '1', '--out', 'out').code).toBe(0);
      expect(gate(workspace)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('results/boosting.json was trained with other parameters'),
      });
    },
    timeout,
  );

  it(
    'rules that were planned are the ones that judge',
    () => {
      const workspace = copy(trained);
      const configured = workspace.read('model-factory.yml').toString();
      workspace.write({
        'model-factory.yml': `${configured}\ngate: { block: { floor: { accuracy: 0.999 } } }\n`,
      });
      expect(gate(workspace)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('changed between plan and gate'),
      });
    },
    timeout,
  );

  it(
    'confusion counts are those of the predictions',
    () => {
      const workspace = copy(trained);
      editResult(workspace, 'boosting', (result) => {
        expect(result.confusion).toHaveLength(2);
        return {
          ...result,
          confusion: [
            [1, 0],
            [0, 1],
          ],
        };
      });
      expect(gate(workspace)).toMatchObject({ code: 2, stderr: expect.stringContaining('DIGEST_MISMATCH') });
    },
    timeout,
  );

  it(
    'the size of a model is that of its file',
    () => {
      const workspace = copy(trained);
      editResult(workspace, 'boosting', (result) => ({ ...result, modelBytes: 1 }));
      expect(gate(workspace)).toMatchObject({ code: 2, stderr: expect.stringContaining('DIGEST_MISMATCH') });
    },
    timeout,
  );

  it(
    'a winner whose model is gone is not promoted',
    () => {
      const workspace = copy(trained);
      for (const name of ['linear', 'boosting']) rmSync(workspace.path(`out/candidates/${name}.onnx`));
      expect(gate(workspace)).toMatchObject({ code: 2, stderr: expect.stringContaining('ARTIFACT_MISSING') });
      expect(publish(workspace).code).toBe(2);
      expect(versions(workspace)).toBe(1);
    },
    timeout,
  );

  it.each<[string, (workspace: Workspace) => void]>([
    ['another winner', (workspace) => editVerdict(workspace, { winner: 'linear' })],
    ['another model', swapModel],
    ['another reason', (workspace) => editVerdict(workspace, { reason: 'promoted-by-person' })],
    [
      'a run that nobody made',
      (workspace) =>
        editVerdict(workspace, {
          run: {
            id: 'local-1',
            attempt: 1,
            url: null,
            event: 'local',
            person: null,
            again: { command: 'x', sameQuestion: true },
          },
        }),
    ],
  ])(
    'a verdict with %s is not published',
    (_, edit) => {
      const workspace = copy(judged);
      edit(workspace);
      expect(publish(workspace)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('DIGEST_MISMATCH'),
      });
      expect(versions(workspace)).toBe(1);
    },
    timeout,
  );

  it('what was recorded is published', () => {
    const workspace = copy(judged);
    expect(publish(workspace).code).toBe(0);
    expect(versions(workspace)).toBe(2);
  });
});
