/**
 * Builds nets with TensorFlow.js, gives them random weights, and writes what they predict, in a process of its own
 * because the library wants the arrays of its own realm: `node nets.ts FILE`.
 */
import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Task } from '../../../../src/contracts/task.ts';
import { loadLibrary, type Tf } from '../../../../src/factory/tensorflow/library.ts';
import { savedFiles } from '../../../../src/factory/tensorflow/saved-model.ts';

/** What TensorFlow.js says about one net. */
export interface SavedNet {
  readonly name: string;
  readonly task: Task;
  readonly topology: string;
  readonly weights: Uint8Array;
  readonly x: Float32Array;
  readonly predictions: Float32Array;
}

export const [features, rows] = [6, 40];
const ends = {
  binary: { units: 1, activation: 'sigmoid' },
  multiclass: { units: 3, activation: 'softmax' },
  regression: { units: 1, activation: 'linear' },
} as const;

type Nets = Readonly<Record<string, (tf: Tf, task: Task) => LayersModel>>;

const inputShape = [features];
const nets: Nets = {
  'one layer': (tf, task) => tf.sequential({ layers: [tf.layers.dense({ inputShape, ...ends[task] })] }),
  'mixed activations': (tf, task) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape, units: 9, activation: 'elu' }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 8, activation: 'tanh', useBias: false }),
        tf.layers.dense({ units: 7, activation: 'relu' }),
        tf.layers.dense({ units: 5 }),
        tf.layers.activation({ activation: 'sigmoid' }),
        tf.layers.elu(),
        tf.layers.dense(ends[task]),
      ],
    }),
  'batch normalisation everywhere': (tf, task) =>
    tf.sequential({
      layers: [
        tf.layers.batchNormalization({ inputShape }),
        tf.layers.dense({ units: 8 }),
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.batchNormalization({ scale: false }),
        tf.layers.batchNormalization({ center: false }),
        tf.layers.dense({ units: 6, activation: 'tanh' }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: ends[task].units }),
        tf.layers.batchNormalization(),
        tf.layers.activation({ activation: ends[task].activation }),
      ],
    }),
  'functional chain': (tf, task) => {
    const input = tf.input({ shape: inputShape });
    const hidden = tf.layers.dense({ units: 4, activation: 'elu' }).apply(input);
    const output = tf.layers.dense(ends[task]).apply(hidden) as ReturnType<Tf['input']>;
    return tf.model({ inputs: input, outputs: output });
  },
  'functional branches': (tf, task) => {
    const input = tf.input({ shape: inputShape });
    const [a, b] = [4, 4].map((units) => tf.layers.dense({ units }).apply(input) as ReturnType<Tf['input']>);
    const sum = tf.layers.add().apply([a!, b!]);
    const output = tf.layers.dense(ends[task]).apply(sum) as ReturnType<Tf['input']>;
    return tf.model({ inputs: input, outputs: output });
  },
  'softplus inside': (tf, task) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape, units: 4, activation: 'softplus' }),
        tf.layers.dense(ends[task]),
      ],
    }),
  'rectified end': (tf) =>
    tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 1, activation: 'relu' })] }),
};

async function saved(tf: Tf, name: string, task: Task, seed: number): Promise<SavedNet> {
  const model = nets[name]!(tf, task);
  model.setWeights(
    model.getWeights().map(({ shape }, i) => tf.randomUniform(shape, 0.1, 1.4, 'float32', seed + i)),
  );
  // Both signs, but for variances.
  for (const weight of model.weights)
    if (!weight.name.includes('variance')) weight.write(weight.read().sub(0.7));
  const x = tf.randomNormal([rows, features], 0, 1, 'float32', seed);
  const files = await savedFiles(tf, model);
  return {
    name,
    task,
    topology: String(files.get('model.json')),
    weights: files.get('weights.bin') as Uint8Array,
    x: x.dataSync() as Float32Array,
    predictions: (model.predict(x) as Tensor).dataSync() as Float32Array,
  };
}

if (process.argv[1] === import.meta.filename) {
  const { tf } = await loadLibrary('wasm', process.cwd());
  const all: SavedNet[] = [];
  for (const [n, name] of Object.keys(nets).entries())
    for (const task of ['binary', 'multiclass', 'regression'] as const)
      all.push(await saved(tf, name, task, 10 * n + 1));
  writeFileSync(process.argv[2]!, serialize(all));
}
