import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { resultDocument } from '../../src/contracts/result.ts';
import { unpackFiles } from '../../src/model/archive.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab } from './lab.ts';
import { adult, configuration, people, Workspace } from './workspace.ts';

const timeout = 300_000;
const example = fileURLToPath(new URL('../../examples/tensorflow-net', import.meta.url));
const net = readFileSync(join(example, 'models/net.mjs'), 'utf8');
/** Two branches, which have no form in ONNX. */
const branches = `export default function build({ tf, inputs, outputs }) {
  const input = tf.input({ shape: [inputs] });
  const [a, b] = ['tanh', 'relu'].map((activation) => tf.layers.dense({ units: 8, activation }).apply(input));
  const sum = tf.layers.add().apply([a, b]);
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: outputs, activation: 'sigmoid' }).apply(sum) });
}
`;
const candidate = (epochs: number, extra = ''): string =>
  [
    'net:',
    '  trainer: tensorflow',
    `  params: { module: net.mjs, epochs: ${epochs}, units: 8${extra} }`,
  ].join('\n');

describe('candidates that are nets of TensorFlow.js', () => {
  let workspace: Workspace;
  let simulator: Simulator;
  let lab: Lab;
  beforeAll(async () => {
    workspace = new Workspace();
    simulator = await startSimulator();
    lab = await Lab.create(simulator, 'nets');
  });
  afterAll(async () => {
    workspace.remove();
    await lab.remove();
    await simulator.close();
  });

  it(
    'publishes one as ONNX, and its successor without a form there as an archive that is asked again',
    () => {
      workspace.commit('First model', {
        'people.csv': adult,
        'net.mjs': net,
        'model-factory.yml': configuration(candidate(2)),
      });
      expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote', winner: 'net' });
      const format = (): unknown => JSON.parse(workspace.read('out/model/signature.json').toString());
      expect(format()).toMatchObject({ format: 'onnx' });
      workspace.commit('A better net', {
        'net.mjs': branches,
        'model-factory.yml': configuration(candidate(8, ', learning_rate: 0.003')),
      });
      expect(workspace.judge('--promote')).toMatchObject({
        ...{ conclusion: 'promote', reason: 'better', champion: { version: 'v1.0.0', standIn: 'stored' } },
      });
      expect(format()).toMatchObject({ format: 'opaque' });
      const archive = workspace.read('history/releases/income@v1.1.0/model.tar');
      expect([...unpackFiles(archive, 'model.tar').keys()]).toEqual([
        ...['model.json', 'preprocessing.onnx', 'target.json', 'weights.bin'],
      ]);
      expect(workspace.read('out/report.md').toString()).toContain(
        'no ONNX form (its layers are no simple chain)',
      );
      const asked = ['--data', 'some.csv'];
      workspace.write({ 'some.csv': adult.split('\n').slice(0, 31).join('\n') });
      const predicted = workspace.run('predict', 'out/model', ...asked);
      expect(predicted).toMatchObject({ code: 0, stderr: '' });
      expect(predicted.stdout.trimEnd().split('\n')).toHaveLength(31);
      expect(workspace.run('predict', 'income', '--ledger', 'history', ...asked)).toEqual(predicted);
      const first = workspace.run('predict', 'income@v1.0.0', '--ledger', 'history', ...asked);
      expect(first.code).toBe(0);
      expect(first.stdout).not.toBe(predicted.stdout);
      // The module may be gone: what was released is data.
      workspace.commit('Without it', {
        'net.mjs': 'throw new Error("gone");',
        'model-factory.yml': configuration('logistic: { trainer: logistic-regression }'),
      });
      expect(workspace.judge('--promote')).toMatchObject({
        champion: { version: 'v1.1.0', standIn: 'stored' },
      });
    },
    timeout,
  );

  it(
    'runs the example, where the net beats the built-in model and is released as ONNX',
    () => {
      const penguins = new Workspace();
      try {
        cpSync(example, penguins.folder, { recursive: true });
        const config = penguins.read('model-factory.yml').toString();
        // Two folds instead of five: the net is trained three times.
        penguins.commit('The example', {
          'model-factory.yml': `${config}validation: { folds: 2 }\n`,
        });
        expect(penguins.judge('--promote')).toMatchObject({ conclusion: 'promote', winner: 'net' });
        const results = ['logistic', 'net'].map((name) =>
          readDocument(resultDocument, penguins.read(`out/results/${name}.json`).toString(), name),
        );
        expect(results).toMatchObject([{ status: 'ok' }, { status: 'ok', warnings: [] }]);
        expect(penguins.files('history/releases/penguin-net@v1.0.0')).toContain('model.onnx');
      } finally {
        penguins.remove();
      }
    },
    timeout,
  );

  it(
    'refuses the module of a pull request beside a token that can write',
    async () => {
      const logistic = {
        'people.csv': people,
        'model-factory.yml': configuration('logistic: { trainer: logistic-regression }'),
      };
      expect(conclusions(await lab.toDefaultBranch(logistic))).toEqual([0, 'promote', 'first-run']);
      const pull = await lab.openPull('net', {
        'net.mjs': 'throw new Error("this must not run");',
        'model-factory.yml': configuration(candidate(1)),
      });
      // What a token may do is asked of the server's git, which is the simulator's.
      const run = await lab.run({ ...pull, environment: { GITHUB_SERVER_URL: simulator.url } });
      expect(run.code).toBe(1);
      expect(run.log).toContain('COMMAND_REFUSED');
      expect(run.log).not.toContain('this must not run');
    },
    timeout,
  );
});
