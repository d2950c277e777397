import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument, type Verdict } from '../../src/contracts/verdict.ts';
import { adult, configuration, strong, weak, Workspace } from './workspace.ts';

const timeout = 120_000;
const boosting = 'boosting: { trainer: gradient-boosting, params: { max_iter: 20 } }';
const floor = 'gate: { block: { floor: { roc_auc: 0.9 } } }';

describe('step by step in a folder', () => {
  let released: Workspace;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const workspace = new Workspace(released);
    copies.push(workspace);
    return workspace;
  };
  const verdictIn = (workspace: Workspace): Verdict =>
    readDocument(verdictDocument, workspace.read('out/verdict.json').toString(), 'verdict.json');
  /** What must not depend on when it was made and by which run. */
  const lasting = ({ standings, cost, run, champion, ...rest }: Verdict) => ({
    ...rest,
    again: run?.again,
    champion: champion && { ...champion, ageDays: null },
    jobs: cost.jobs,
    standings: standings.map((standing) => ({ ...standing, trainMs: null, predictMsPer1k: null })),
  });
  const steps = (workspace: Workspace, ...lines: readonly string[]) =>
    lines.map((line) => workspace.run(...line.split(' '), '--out', 'out').code);

  beforeAll(() => {
    released = new Workspace();
    released.commit('First model', { 'people.csv': adult, 'model-factory.yml': configuration(weak) });
    expect(released.judge('--promote')).toMatchObject({ conclusion: 'promote' });
    released.commit('More', { 'model-factory.yml': configuration(`${strong}\n${boosting}`) });
  }, timeout);
  afterAll(() => {
    for (const workspace of [released, ...copies]) workspace.remove();
  });

  it(
    'plan, train, gate and publish come to what run --promote comes to',
    () => {
      const [whole, stepped] = [copy(), copy()];
      const ran = whole.judge('--promote');
      expect(ran).toMatchObject({ code: 0, conclusion: 'promote', reason: 'better' });
      const before = ['plan --promote --ledger history', 'train --workers 1', 'gate --ledger history'];
      expect(steps(stepped, ...before)).toEqual([0, 0, 0]);
      expect(stepped.run('history', '--ledger', 'history').stdout.match(/^v\S+/gm)).toEqual(['v1.0.0']);
      const { code: _, ...verdict } = ran;
      expect(lasting(verdictIn(stepped))).toEqual(lasting(verdict));
      expect(steps(stepped, 'publish --ledger history', 'publish --ledger history')).toEqual([0, 0]);
      expect(stepped.run('history', '--ledger', 'history').stdout.match(/^v\S+/gm)).toEqual([
        'v1.1.0',
        'v1.0.0',
      ]);
      for (const file of ['model.onnx', 'signature.json', 'profile.json', 'golden.json', 'predictions.bin'])
        expect(stepped.read(`out/model/${file}`).equals(whole.read(`out/model/${file}`))).toBe(true);
      const report = stepped.run('report', '--out', 'out', '--markdown').stdout;
      expect(report).toBe(stepped.read('out/report.md').toString());
      expect(report).toContain('`npx model-factory run --ledger history --promote`');
    },
    timeout,
  );

  it(
    'trains shard by shard from any folder of the repository, and judges only when all are there',
    () => {
      const workspace = copy();
      const plan = ['plan', '--out', 'out', '--promote', '--ledger', 'history', '--max-shards', '2'];
      const { stdout } = workspace.run(...plan);
      expect(stdout).toMatch(
        /^income: 3 candidates in \d jobs?, about .* minutes in all\n {2}shard 0, .* minutes: /,
      );
      const early = workspace.run('gate', '--out', 'out', '--ledger', 'history');
      expect(early).toMatchObject({ code: 2, stdout: '' });
      expect(early.stderr).toMatch(
        /^ARTIFACT_MISSING: Not trained yet: .*linear.*\.\n {2}where: .*\n {2}fix:/,
      );
      const beyond = workspace.run('train', '--out', 'out', '--shard', '7');
      expect(beyond).toMatchObject({ code: 2, stderr: expect.stringContaining('The plan has no shard 7.') });
      expect(steps(workspace, 'train --shard 0', 'gate --ledger history')).toEqual([0, 0]);
    },
    timeout,
  );

  it(
    'a new plan removes the documents of the one before, and nothing else',
    () => {
      const workspace = copy();
      workspace.judge('--promote');
      workspace.write({ 'out/notes.txt': 'mine', 'model-factory.yml': configuration(strong) });
      expect(steps(workspace, 'plan --no-cache --ledger history')).toEqual([0]);
      const left = workspace.files('out');
      expect(left).toEqual(['base-plan.json', 'notes.txt', 'plan.json', 'split.bin']);
    },
    timeout,
  );

  it(
    'a person publishes what the test kept, by name and with a reason',
    () => {
      const workspace = copy();
      workspace.commit('Worse', { 'model-factory.yml': configuration(weak.replace('0.0005', '0.0004')) });
      const judged = ['plan --promote --ledger history', 'train', 'gate --ledger history'];
      expect(steps(workspace, ...judged, 'publish --ledger history')).toEqual([0, 0, 0, 0]);
      expect(verdictIn(workspace)).toMatchObject({ conclusion: 'keep', run: { person: null } });
      const choice = ['publish', '--out', 'out', '--ledger', 'history', '--candidate', 'linear'];
      const silent = workspace.run(...choice);
      expect(silent.stderr).toContain('Add --reason "why"');
      const said = workspace.run(...choice, '--reason', 'Simpler to explain', '--who', 'Ada');
      expect(said.code).toBe(0);
      expect(said.stdout).toContain('Promoted by Ada');
      expect(verdictIn(workspace).run?.person).toEqual({ who: 'Ada', reason: 'Simpler to explain' });
      const shown = JSON.parse(workspace.run('show', '--ledger', 'history', '--json').stdout) as unknown;
      expect(shown).toMatchObject({
        version: 'v1.1.0',
        by: { kind: 'person', who: 'Ada', reason: 'Simpler to explain' },
      });
      expect(workspace.run('show', '--ledger', 'history').stdout).toContain('by Ada: Simpler to explain');
    },
    timeout,
  );

  it(
    'nobody publishes a candidate that broke a hard rule, or none',
    () => {
      const workspace = copy();
      workspace.commit('Floor', { 'model-factory.yml': configuration(weak, floor) });
      expect(steps(workspace, 'plan --promote --ledger history', 'train')).toEqual([0, 0]);
      const choice = ['--ledger', 'history', '--reason', 'now', '--who', 'Ada', '--out', 'out'];
      const refused = workspace.run('publish', '--candidate', 'linear', ...choice);
      expect(refused.code).toBe(1);
      expect(refused.stdout).toContain('block / floor');
      expect(refused.stderr).toContain('Nothing to publish: the verdict is block (floor).');
      expect(workspace.run('publish', '--candidate', 'liner', ...choice).stderr).toContain(
        'There is no candidate named liner.\n  fix:   Did you mean linear?',
      );
      expect(workspace.run('show', '--ledger', 'history').stdout).toContain('income v1.0.0');
    },
    timeout,
  );
});
