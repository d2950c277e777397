import { describe, expect, it } from '@jest/globals';
import type { DensePredictor } from '../../../../src/model/pipeline.ts';
import { Random } from '../../../../src/numeric/random.ts';
import { anchorOf, type Start } from '../../../../src/training/net/anchor.ts';
import type { KernelKind } from '../../../../src/numeric/webassembly.ts';
import { rowLosses } from '../../../../src/training/net/loss.ts';
import type { NetworkShape } from '../../../../src/training/net/memory.ts';
import { Network } from '../../../../src/training/net/network.ts';
import { trainNetwork, type TrainingPlan } from '../../../../src/training/net/train.ts';

const shape: NetworkShape = {
  ...{ sizes: [5, 6, 3], activation: 'tanh' as const, dropout: 0, batchRows: 16 },
  embeddings: [{ levels: 4, dimension: 3 }],
};
const plan: TrainingPlan = {
  shape,
  rates: { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ alpha: 0.2, shuffle: true, maxEpochs: 4, patience: 10, tolerance: 0 },
};

/** Two numbers and a code in each row, three classes, rows of different weights. */
function rowsOf(seed: number, rows: number): Omit<Start, 'predictor'> {
  const random = new Random(seed);
  return {
    x: Float32Array.from({ length: 3 * rows }, (_, at) =>
      at % 3 === 2 ? random.integer(4) : random.normal(),
    ),
    targets: {
      ...{ task: 'multiclass', outputs: 3 },
      y: Float64Array.from({ length: rows }, () => random.integer(3)),
      weights: Float64Array.from({ length: rows }, () => 0.5 + random.next()),
    },
  };
}

const first = new Network(shape);
first.initialise(new Random(1));
const predictor: DensePredictor = {
  ...{ kind: 'dense', activations: ['tanh'], layers: first.toLayers(), embeddings: first.toEmbeddings() },
};
const seen = rowsOf(2, 40);

describe('the pull of a champion', () => {
  it('is ten times the squared gradients of all rows by weight, with the penalty of their batches', () => {
    const network = new Network(shape);
    const anchor = anchorOf(network, { predictor, ...seen }, plan);
    const squares = new Float64Array(network.values().length).fill((0.2 * 40) / 16);
    seen.targets.y.forEach((_, row) => {
      const one = new Network(shape);
      one.load(predictor.layers, predictor.embeddings!);
      const order = Int32Array.of(row);
      const weight = seen.targets.weights![row]!;
      one.forward(seen.x, order, 0, 1);
      rowLosses(one, { ...seen.targets, weights: undefined }, order, 0, 1, 1);
      one.backward(1, false);
      one.gradients().forEach((g, k) => (squares[k]! += weight * g * g));
    });
    const used = Array.from(network.values().keys()).filter((k) => network.values()[k] !== 0);
    expect(used.length).toBe(12 + 5 * 6 + 6 + 6 * 3 + 3);
    for (const k of used) {
      const kept = network.values()[k]!;
      network.values()[k] = kept + 0.5;
      const moved = network.values()[k]! - kept;
      expect(anchor.penalty(network) / (moved * moved) / (10 * squares[k]!)).toBeCloseTo(1, 4);
      network.values()[k] = kept;
    }
    expect(anchor.penalty(network)).toBe(0);
  });

  it('holds a net the more, the more rows have been seen', () => {
    const distance = (rows: number): number => {
      const start = { predictor, ...rowsOf(2, rows) };
      const order = Int32Array.from({ length: 30 }, (_, row) => row);
      const sides = { train: order, validation: new Int32Array(0) };
      const { x, targets } = rowsOf(3, 30);
      const { network } = trainNetwork(x, targets, sides, plan, 1, undefined, start);
      const own = first.values();
      return network.values().reduce((sum, value, k) => sum + Math.abs(value - own[k]!), 0);
    };
    expect(distance(20)).toBeGreaterThan(0);
    expect(distance(2000)).toBeLessThan(0.7 * distance(20));
  });

  it('leaves the same bytes in WebAssembly and in JavaScript', () => {
    const [wasm, javascript] = (['wasm', 'javascript'] as KernelKind[]).map((kernel) => {
      const { x, targets } = rowsOf(3, 50);
      const order = Int32Array.from(targets.y.keys());
      const sides = { train: order.slice(0, 40), validation: order.slice(40) };
      const start = { predictor, ...seen };
      const { network, losses } = trainNetwork(x, targets, sides, { ...plan, kernel }, 1, undefined, start);
      return { losses, values: network.values().slice() };
    });
    expect(wasm).toEqual(javascript);
  });
});
