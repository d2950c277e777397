import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../src/config/load.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { openModel } from '../../../../src/factory/open-model.ts';
import { prepare } from '../../../../src/factory/prepare.ts';
import type { Prepared } from '../../../../src/factory/prepared.ts';
import { runLayersFit } from '../../../../src/factory/tensorflow/fit.ts';
import { unpackLayers } from '../../../../src/factory/tensorflow/archive.ts';
import { formatOf } from '../../../../src/model/scorer.ts';
import { firstRows } from '../../model/random-pipelines.ts';

const timeout = 180_000;
const nativeFolder = fileURLToPath(new URL('../../../../.tools/tfjs-node/node_modules', import.meta.url));

/** 600 flats: rent by size, age (sometimes missing) and quarter; dear above 700. */
const flats = Array.from({ length: 600 }, (_, i) => {
  const [size, age] = [20 + ((i * 37) % 101), (i * 17) % 60];
  const quarter = ['north', 'south', 'west'][i % 3]!;
  const rent = 150 + 9 * size - 2 * age + (quarter === 'west' ? 120 : 0) + ((i * 7919) % 41);
  return [size, i % 11 ? age : '', quarter, rent, rent > 700 ? 'yes' : 'no'].join(',');
});
const csv = `size,age,quarter,rent,dear\n${flats.join('\n')}\n`;

const dense = (layers: string): string =>
  `export default function build({ tf, inputs, outputs, task, params }) {
    const activation = { binary: 'sigmoid', multiclass: 'softmax', regression: 'linear' }[task];
    return tf.sequential({ layers: [${layers}, tf.layers.dense({ units: outputs, activation })] });
  }`;
const modules: Readonly<Record<string, string>> = {
  'net.mjs': dense(
    "tf.layers.dense({ inputShape: [inputs], units: params.units ?? 8, activation: 'elu' }), tf.layers.dropout({ rate: 0.1 })",
  ),
  'deep.mjs': dense(
    'tf.layers.reshape({ inputShape: [inputs], targetShape: [inputs, 1] }), tf.layers.lstm({ units: 4 })',
  ),
  'conv.mjs': dense(
    'tf.layers.reshape({ inputShape: [inputs], targetShape: [inputs, 1] }), tf.layers.conv1d({ filters: 3, kernelSize: 2 }), tf.layers.flatten()',
  ),
  'named.mjs': 'export function build() {}',
  'broken.mjs': 'export default function build() {',
  'throws.mjs': "export default function build() { throw new Error('no idea'); }",
  'number.mjs': 'export default () => 7;',
  'wide.mjs':
    'export default ({ tf, inputs }) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [inputs], units: 2 })] });',
  'linear.mjs':
    'export default ({ tf, inputs }) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [inputs], units: 1 })] });',
  'exits.mjs': 'process.exit(0);',
  'later.mjs':
    "setTimeout(() => { throw new Error('too late'); }); await new Promise((done) => setTimeout(done, 60_000)); export default 1;",
  'looks.mjs': "console.log(Object.keys(process.env).sort().join(' ')); export default () => 7;",
};

describe('a fit of a Layers model', () => {
  let folder: string;
  let flatsByTask: Readonly<Record<'binary' | 'regression', Prepared>>;

  const prepared = (target: string, drop: string): Promise<Prepared> => {
    const features = 'features: { per_year: { ratio: [size, age] } }';
    const text = `version: 1\nmodel: flats\ndata: { source: d.csv, target: ${target}, drop: [${drop}] }\n${features}\n`;
    const { config } = loadConfig(text, 'f.yml', catalogue);
    return prepare({ config, folder, epoch: null });
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'layers-fit-'));
    writeFileSync(join(folder, 'd.csv'), csv);
    for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
    flatsByTask = { binary: await prepared('dear', 'rent'), regression: await prepared('rent', 'dear') };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const fit = (
    module: string,
    given: Record<string, string | number | boolean> = {},
    { final = false, task = 'binary' }: { final?: boolean; task?: 'binary' | 'regression' } = {},
  ) => {
    const program = {
      run: 'tensorflow {module}',
      predict: null,
      timeoutMinutes: 2,
      env: [],
      tables: 'csv' as const,
    };
    const params = { module, epochs: 30, learning_rate: 0.02, ...given };
    return runLayersFit(
      flatsByTask[task],
      { program, params, seed: 3, fold: final ? null : 0 },
      () => undefined,
    );
  };
  const fitted = async (...args: Parameters<typeof fit>) => {
    const outcome = await fit(...args);
    if (outcome.kind === 'failed') throw new Error(`${outcome.message}\n${outcome.lines.join('\n')}`);
    return outcome;
  };
  const scores = (model: Uint8Array) => {
    const { task, classes, inputs, table } = flatsByTask.binary.dataset;
    return openModel(model, 'm', { task, classes, inputs, folder, program: null, pretrained: null }).score(
      table,
      firstRows(50),
    );
  };

  it(
    'repeats itself, tells of its epochs, and becomes ONNX with the pre-processing',
    async () => {
      const [first, again, other] = [
        await fitted('net.mjs', { units: 6 }, { final: true }),
        await fitted('net.mjs', { units: 6 }, { final: true }),
        await fitted('net.mjs', { units: 7 }, { final: true }),
      ];
      expect(formatOf(first.model!)).toBe('onnx');
      expect(Buffer.from(first.model!).equals(again.model!)).toBe(true);
      expect(Buffer.from(first.model!).equals(other.model!)).toBe(false);
      expect(first).toMatchObject({ iterations: 30, warnings: [] });
      expect(first.lines).toContainEqual(
        expect.stringMatching(/^TensorFlow\.js 4\.\S+ of the factory, backend wasm$/),
      );
      expect(first.lines.at(-1)).toMatch(/^epoch 30 of 30, loss 0\.\d+$/);
      const table = flatsByTask.binary.dataset;
      const right = Array.from(scores(first.model!)).filter(
        (p, at) => at % 2 === 1 && p > 0.5 === (table.y[at >> 1] === 1),
      );
      expect(right.length).toBeGreaterThan(44);
    },
    timeout,
  );

  it(
    'stops early, and learns numbers in their own units',
    async () => {
      const outcome = await fitted(
        'net.mjs',
        { epochs: 400, early_stopping: true, n_iter_no_change: 5 },
        { task: 'regression' },
      );
      expect(outcome.iterations).toBeLessThan(400);
      const { dataset, folds } = flatsByTask.regression;
      const errors = Array.from(folds[0]!.test, (row, i) =>
        Math.abs(outcome.predictions[i]! - dataset.y[row]!),
      );
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(40);
    },
    timeout,
  );

  it(
    'releases what has no form in ONNX as a model that needs no code to predict',
    async () => {
      const outcome = await fitted('deep.mjs', { epochs: 3 }, { final: true });
      expect(formatOf(outcome.model!)).toBe('opaque');
      expect(outcome.warnings).toEqual([
        expect.stringMatching(/no ONNX form \(reshape_\S+ is a layer of the kind Reshape\)/),
      ]);
      const { topology, preprocessing } = unpackLayers(outcome.model!, 'm');
      expect(topology).toContain('"layers-model"');
      expect(preprocessing.derived).toHaveLength(1);
      expect(new Set(scores(outcome.model!)).size).toBeGreaterThan(50);
      expect(() => unpackLayers(outcome.model!.slice(0, 512), 'm')).toThrow();
    },
    timeout,
  );

  it(
    'goes on without WebAssembly where that lacks an operation',
    async () => {
      const outcome = await fitted('conv.mjs', { epochs: 1 });
      expect(outcome.warnings).toEqual([
        expect.stringMatching(/lacks Conv2DBackpropFilter: the slower backend cpu/),
      ]);
    },
    timeout,
  );

  it.each([
    ['absent.mjs', {}, /on fold 1: absent\.mjs: the module is not there\. Correct `module`/],
    ['../net.mjs', {}, /lies outside/],
    ['named.mjs', {}, /no function as default export \(it exports build\)\. Write: export default function/],
    ['broken.mjs', {}, /can not be loaded: Unexpected end of input/],
    ['throws.mjs', {}, /build failed: no idea/],
    ['number.mjs', {}, /build returned no model but number/],
    ['wide.mjs', {}, /output has the shape \[rows, 2\] instead of \[rows, 1\]\. End with a dense layer/],
    ['linear.mjs', { epochs: 1 }, /which is no probability\. End with the activation sigmoid/],
    ['exits.mjs', {}, /ended before the model was trained/],
    ['later.mjs', {}, /`tensorflow later\.mjs` ended with exit code 1, saying: Error: too late/],
    [
      'net.mjs',
      { backend: 'native' },
      /needs @tensorflow\/tfjs-node, which can not be used: it does not resolve/,
    ],
  ])(
    '%s %j',
    async (module, params, message) => {
      const outcome = await fit(module, params);
      expect(outcome.kind === 'failed' && outcome.message).toMatch(message);
    },
    timeout,
  );

  it(
    'says that a loss is no number any more',
    async () => {
      writeFileSync(
        join(folder, 'infinite.mjs'),
        modules['net.mjs']!.replace(
          "activation: 'elu'",
          'kernelInitializer: tf.initializers.constant({ value: 1e38 })',
        ),
      );
      const outcome = await fit('infinite.mjs', {}, { task: 'regression' });
      expect(outcome).toMatchObject({ kind: 'failed', code: 'TRAINING_FAILED' });
      expect(outcome.kind === 'failed' && outcome.message).toMatch(
        /the loss became (NaN|Infinity) in epoch 1\. Lower learning_rate/,
      );
    },
    timeout,
  );

  it(
    'shows the module no variable of the runner',
    async () => {
      process.env['GITHUB_TOKEN'] = 'ghs_x';
      try {
        const outcome = await fit('looks.mjs');
        expect(outcome.lines.join('\n')).toMatch(/FACTORY_IN.*PATH/);
        expect(outcome.lines.join('\n')).not.toContain('GITHUB_TOKEN');
      } finally {
        Reflect.deleteProperty(process.env, 'GITHUB_TOKEN');
      }
    },
    timeout,
  );

  // `scripts/build-tfjs-node.sh` builds it.
  (existsSync(join(nativeFolder, '../.built')) ? it : it.skip)(
    'trains on tfjs-node where that resolves, to about the same',
    async () => {
      const bundled = await fitted('net.mjs', {}, { task: 'regression' });
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      symlinkSync(join(nativeFolder, '@tensorflow'), join(folder, 'node_modules/@tensorflow'));
      try {
        const native = await fitted('net.mjs', { backend: 'native' }, { task: 'regression' });
        expect(native.lines).toContainEqual(
          expect.stringMatching(/of @tensorflow\/tfjs-node, backend tensorflow$/),
        );
        const worst = native.predictions.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - bundled.predictions[i]!)),
          0,
        );
        // Equal seeds draw equal weights and orders; what differs is rounding, which training makes larger.
        expect(worst).toBeLessThan(30);
        const deep = await fitted('conv.mjs', { epochs: 1 });
        expect(deep.warnings).toEqual([]);
      } finally {
        rmSync(join(folder, 'node_modules'), { recursive: true });
      }
    },
    timeout,
  );
});
