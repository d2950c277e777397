import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../src/contracts/digest.ts';
import { adult, configuration, strong, weak, Workspace } from './workspace.ts';

const timeout = 240_000;
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/pretrained/${name}`, import.meta.url));

const bought = 'bought: { trainer: onnx, model: models/bought.onnx }';
const matrix =
  'bought: { trainer: onnx, model: models/bought.onnx, columns: [age, education-num, capital-gain], classes: ["<=50K", ">50K"] }';

describe('a model that was trained elsewhere', () => {
  let workspace: Workspace;
  const copies: Workspace[] = [];
  const copy = (): Workspace => {
    const made = new Workspace(workspace);
    copies.push(made);
    return made;
  };
  const give = (to: Workspace, model: Uint8Array): void => {
    mkdirSync(to.path('models'), { recursive: true });
    writeFileSync(to.path('models/bought.onnx'), model);
  };

  beforeAll(() => {
    workspace = new Workspace();
    give(workspace, fixture('income-columns.onnx'));
    workspace.commit('Bought', { 'people.csv': adult, 'model-factory.yml': configuration(bought) });
    expect(workspace.judge('--promote')).toMatchObject({
      ...{ conclusion: 'promote', reason: 'first-run', winner: 'bought' },
    });
  }, timeout);
  afterAll(() => {
    for (const own of [workspace, ...copies]) own.remove();
  });

  it('is released as it is, with signature, golden rows and card of the factory', () => {
    const release = 'history/releases/income@v1.0.0';
    expect(workspace.read(`${release}/model.onnx`)).toEqual(fixture('income-columns.onnx'));
    const signature: unknown = JSON.parse(workspace.read(`${release}/signature.json`).toString());
    expect(signature).toMatchObject({ format: 'foreign-onnx', classes: ['<=50K', '>50K'] });
    expect(signature).toHaveProperty('inputs[1]', {
      ...{ name: 'education-num', tensor: 'education_num', type: 'number' },
    });
    expect(workspace.files(release)).toContain('golden.json');
    expect(workspace.read(`${release}/MODEL_CARD.md`).toString()).toContain('It was trained elsewhere');
    expect(workspace.read('out/report.md').toString()).toContain('bought: trained elsewhere');
  });

  it('predicts a file as the tool that made it does', () => {
    workspace.write({ 'some.csv': adult.split('\n').slice(0, 41).join('\n') });
    const ran = workspace.run('predict', 'out/model', '--data', 'some.csv');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(workspace.run('predict', 'income', '--ledger', 'history', '--data', 'some.csv')).toEqual(ran);
    const [header, ...lines] = ran.stdout.trimEnd().split('\n');
    expect(header).toBe('prediction,p(<=50K),p(>50K)');
    const answers = fixture('answers.csv').toString().trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(answers.length);
    for (const [i, line] of lines.entries())
      expect(Number(line.split(',')[2])).toBeCloseTo(Number(answers[i]!.split(',')[0]), 6);
    const explained = workspace.run('predict', 'out/model', '--data', 'some.csv', '--explain');
    expect(explained).toMatchObject({ code: 2, stdout: '' });
    expect(explained.stderr).toContain('was made by another tool, and --explain takes only');
  });

  it(
    'changes nothing where nothing changed, and meets a candidate that is trained here',
    () => {
      const own = copy();
      expect(own.judge('--promote')).toMatchObject({ conclusion: 'keep' });
      own.commit('Train', { 'model-factory.yml': configuration(`${bought}\n${strong}`) });
      const verdict = own.judge('--promote');
      expect(verdict).toMatchObject({ champion: { version: 'v1.0.0', standIn: 'stored' } });
      expect(verdict.standings.map(({ name }) => name).sort()).toContain('linear');
      expect(['promote', 'keep']).toContain(verdict.conclusion);
    },
    timeout,
  );

  it(
    'stays the baseline with its released bytes where its file is gone, in each step',
    () => {
      const own = copy();
      own.git('switch', '--quiet', '--create', 'change');
      own.git('rm', '--quiet', 'models/bought.onnx');
      own.commit('Replace', { 'model-factory.yml': configuration(weak) });
      const step = (...args: readonly string[]) => {
        const ran = own.run(...args);
        if (ran.code !== 0 && ran.code !== 1) throw new Error(ran.stderr);
        return ran;
      };
      step('plan', '--out', 'out', '--ledger', 'history');
      const digest = sha256(fixture('income-columns.onnx'));
      expect(own.files('out/given')).toEqual([`${digest}.onnx`]);
      step('train', '--out', 'out');
      step('gate', '--out', 'out', '--ledger', 'history');
      expect(JSON.parse(own.read('out/verdict.json').toString())).toMatchObject({
        ...{ conclusion: 'block', champion: { version: 'v1.0.0' } },
      });
    },
    timeout,
  );

  it(
    'is another candidate with another file',
    () => {
      const own = copy();
      own.git('switch', '--quiet', '--create', 'change');
      give(own, fixture('income-matrix.onnx'));
      own.commit('Another', { 'model-factory.yml': configuration(matrix) });
      const verdict = own.judge();
      expect(verdict).toMatchObject({ conclusion: 'block', winner: 'bought' });
      expect(verdict.standings.find(({ role }) => role === 'champion')).toMatchObject({ trainer: 'onnx' });
    },
    timeout,
  );

  it('stops before any training where its inputs do not fit', () => {
    const own = copy();
    own.commit('Fewer columns', {
      'model-factory.yml': configuration(bought).replace('data: {', 'data: { drop: [age, occupation],'),
    });
    const { code, stderr } = own.run('run', '--out', 'out', '--ledger', 'history');
    expect(code).toBe(2);
    expect(stderr.match(/MODEL_SIGNATURE/g)).toHaveLength(2);
    expect(stderr).toContain('models/bought.onnx, "occupation"');
  });
});
