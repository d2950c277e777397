import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { denseScores } from '../../../../src/model/dense.ts';
import type { DenseLayer, Embedding } from '../../../../src/model/pipeline.ts';
import { Random } from '../../../../src/numeric/random.ts';
import { embeddedInputs, type EmbeddingShape } from '../../../../src/training/net/embedding-tables.ts';
import type { KernelKind } from '../../../../src/numeric/webassembly.ts';
import { openWorkbench } from '../../../../src/training/net/kernel.ts';
import { rowLosses } from '../../../../src/training/net/loss.ts';
import type { Targets } from '../../../../src/training/net/loss.ts';
import { chunkRows } from '../../../../src/training/net/memory.ts';
import type { NetworkShape } from '../../../../src/training/net/memory.ts';
import { Network } from '../../../../src/training/net/network.ts';
import type { TrainingPlan } from '../../../../src/training/net/train.ts';
import { trainNetwork } from '../../../../src/training/net/train.ts';

const activations = ['relu', 'tanh', 'logistic', 'identity'] as const;
type Activation = NetworkShape['activation'];
const tasks = ['binary', 'multiclass', 'regression'] as const;
const rates = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

interface Problem {
  readonly x: Float32Array;
  readonly targets: Targets;
  readonly order: Int32Array;
}

/** Random rows: `features` numbers, a third of which are 0, and a code for each embedding. */
function problem(
  seed: number,
  rows: number,
  features: number,
  task: Targets['task'],
  outputs: number,
  embeddings: readonly EmbeddingShape[] = [],
): Problem {
  const random = new Random(seed);
  const width = features + embeddings.length;
  const x = Float32Array.from({ length: rows * width }, (_, at) => {
    const embedding = embeddings[(at % width) - features];
    if (embedding) return random.integer(embedding.levels);
    return random.integer(3) ? random.normal() : 0;
  });
  const draw = { binary: () => random.integer(2), multiclass: () => random.integer(outputs) };
  const y = Float64Array.from({ length: rows }, task === 'regression' ? () => random.normal() : draw[task]);
  return { x, targets: { task, y, outputs }, order: Int32Array.from(y.keys()) };
}

function planOf(
  sizes: number[],
  embeddings: readonly EmbeddingShape[],
  activation: Activation,
  batchRows: number,
  kernel: KernelKind,
): TrainingPlan {
  const shape = { sizes, embeddings, activation, dropout: 0, batchRows };
  return { shape, rates, alpha: 0.01, shuffle: true, maxEpochs: 3, patience: 100, tolerance: 0, kernel };
}

describe('the kernel', () => {
  it('runs as WebAssembly here, on whole pages; in JavaScript on whole doubles', () => {
    expect(openWorkbench(100).buffer.byteLength).toBe(65_536);
    expect(openWorkbench(100, 'javascript').buffer.byteLength).toBe(104);
  });

  it('gives the same bytes in WebAssembly and in JavaScript', () => {
    const width = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 28, max: 70 }));
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 300 }),
      batchRows: fc.integer({ min: 1, max: 300 }),
      features: width,
      hidden: fc.array(width, { minLength: 1, maxLength: 3 }),
      classes: fc.integer({ min: 3, max: 40 }),
      task: fc.constantFrom(...tasks),
      activation: fc.constantFrom(...activations),
      dropout: fc.constantFrom(0, 0, 0.3),
      embeddings: fc.array(
        fc.record({ levels: fc.integer({ min: 1, max: 20 }), dimension: fc.integer({ min: 1, max: 40 }) }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(cases, ({ seed, rows, features, hidden, classes, task, ...rest }) => {
        const { activation, dropout, embeddings } = rest;
        const outputs = task === 'multiclass' ? classes : 1;
        const { x, targets, order } = problem(seed, rows, features, task, outputs, embeddings);
        const sides = { train: order.slice(rows >> 2), validation: order.slice(0, rows >> 2) };
        const batchRows = Math.min(rest.batchRows, sides.train.length);
        const [wasm, javascript] = (['wasm', 'javascript'] as const).map((kernel) => {
          const sizes = [features + embeddedInputs(embeddings), ...hidden, outputs];
          const plan = planOf(sizes, embeddings, activation, batchRows, kernel);
          const shape = { ...plan.shape, dropout };
          const { network, losses } = trainNetwork(x, targets, sides, { ...plan, shape }, seed);
          return { losses, bytes: Buffer.from(new Uint8Array(network.values().slice().buffer)) };
        });
        expect(wasm!.losses).toEqual(javascript!.losses);
        expect(wasm!.bytes.equals(javascript!.bytes)).toBe(true);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

/** The mean loss with the penalty, as the model's own scores give it, all in double. */
function objective(
  { x, targets, order }: Problem,
  layers: readonly DenseLayer[],
  activation: Activation,
  alpha: number,
  embeddings: readonly Embedding[] = [],
) {
  const scores = denseScores(
    { kind: 'dense', activations: layers.slice(1).map(() => activation), layers, embeddings },
    x,
    order.length,
  );
  let total = 0;
  order.forEach((row) => {
    const own = scores.subarray(row * targets.outputs, (row + 1) * targets.outputs);
    const y = targets.y[row]!;
    if (targets.task === 'regression') total += (own[0]! - y) ** 2 / 2;
    else {
      const logits = targets.task === 'binary' ? [0, own[0]!] : [...own];
      total += Math.log(logits.reduce((sum, score) => sum + Math.exp(score), 0)) - logits[y]!;
    }
  });
  const penalised = [...layers.map(({ weights }) => weights), ...embeddings.map(({ vectors }) => vectors)];
  const squares = penalised.reduce((sum, values) => sum + values.reduce((s, w) => s + w * w, 0), 0);
  return (total + (alpha / 2) * squares) / order.length;
}

/** A net with the gradients of all rows as one batch, which go through it in chunks. */
function gradientsOf(
  { x, targets, order }: Problem,
  sizes: number[],
  activation: Activation,
  alpha: number,
  chunk: number,
  embeddings: readonly EmbeddingShape[] = [],
): Network {
  const network = new Network({ sizes, embeddings, activation, dropout: 0, batchRows: order.length });
  network.initialise(new Random(5));
  network.startGradients(alpha / order.length);
  for (let first = 0; first < order.length; first += chunk) {
    const count = Math.min(chunk, order.length - first);
    network.forward(x, order, first, count);
    rowLosses(network, targets, order, first, count, 1 / order.length);
    network.backward(count, false);
  }
  return network;
}

describe('the gradients', () => {
  const cases = activations.flatMap((activation) => tasks.map((task) => [activation, task] as const));
  it.each(cases)('of %s nets for %s targets are those of finite differences', (activation, task) => {
    const rows = chunkRows + 40;
    const alpha = 0.5;
    const outputs = task === 'multiclass' ? 5 : 1;
    const given = problem(7, rows, 6, task, outputs);
    const network = gradientsOf(given, [6, 37, 9, outputs], activation, alpha, chunkRows);
    const layers = network.toLayers();
    const gradients = network.gradientLayers();
    const random = new Random(2);
    for (let check = 0; check < 60; check++) {
      const l = check % layers.length;
      const part = check % 4 === 0 ? 'biases' : 'weights';
      const values = layers[l]![part];
      const at = random.integer(values.length);
      const kept = values[at]!;
      values[at] = kept + 1e-4;
      const [upper, above] = [values[at], objective(given, layers, activation, alpha)];
      values[at] = kept - 1e-4;
      const [lower, below] = [values[at], objective(given, layers, activation, alpha)];
      values[at] = kept;
      // A kink of the rectifier may lie between the two points.
      const tolerance = activation === 'relu' ? 3e-4 : 2e-6;
      expect(Math.abs(gradients[l]![part][at]! - (above - below) / (upper - lower))).toBeLessThan(tolerance);
    }
  });

  it.each(tasks)('of vectors and of the layer above are those of finite differences (%s)', (task) => {
    const [alpha, outputs] = [0.5, task === 'multiclass' ? 4 : 1];
    const shapes = [
      { levels: 5, dimension: 3 },
      { levels: 3, dimension: 40 },
    ];
    const given = problem(7, chunkRows + 40, 2, task, outputs, shapes);
    const network = gradientsOf(given, [45, 9, outputs], 'tanh', alpha, chunkRows, shapes);
    const [layers, embeddings] = [network.toLayers(), network.toEmbeddings()];
    const vectors = network.gradientEmbeddings();
    const checked = [
      ...embeddings.map((own, e): [Float32Array, Float32Array] => [own.vectors, vectors[e]!.vectors]),
      [layers[0]!.weights, network.gradientLayers()[0]!.weights] as const,
    ];
    const random = new Random(2);
    const lossAt = (values: Float32Array, at: number, value: number): [number, number] => {
      values[at] = value;
      return [values[at], objective(given, layers, 'tanh', alpha, embeddings)];
    };
    for (let check = 0; check < 45; check++) {
      const [values, gradients] = checked[check % checked.length]!;
      const at = random.integer(values.length);
      const kept = values[at]!;
      const [upper, above] = lossAt(values, at, kept + 1e-4);
      const [lower, below] = lossAt(values, at, kept - 1e-4);
      values[at] = kept;
      expect(Math.abs(gradients[at]! - (above - below) / (upper - lower))).toBeLessThan(3e-6);
    }
  });

  it('are the same to the bit however the rows of a batch are cut into chunks of memory', () => {
    const given = problem(3, 700, 8, 'binary', 1);
    const [large, small] = [chunkRows, 90].map((size) => gradientsOf(given, [8, 20, 1], 'tanh', 0.5, size));
    expect(large!.gradientLayers()).toEqual(small!.gradientLayers());
  });
});
