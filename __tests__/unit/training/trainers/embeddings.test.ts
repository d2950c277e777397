import { afterAll, describe, expect, it } from '@jest/globals';
import type { Parameters } from '../../../../src/contracts/fields.ts';
import type { Table } from '../../../../src/data/table.ts';
import { readOnnx } from '../../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import type { DensePredictor, Pipeline } from '../../../../src/model/pipeline.ts';
import { predict } from '../../../../src/model/score.ts';
import { Random } from '../../../../src/numeric/random.ts';
import type { Dataset } from '../../../../src/training/dataset.ts';
import { runFit } from '../../../../src/training/fit.ts';
import { dimensionFor } from '../../../../src/training/net/embedding-params.ts';
import { startOnnxRuntime } from '../../model/onnxruntime.ts';
import { firstRows } from '../../model/random-pipelines.ts';

const onnxRuntime = startOnnxRuntime();
afterAll(() => onnxRuntime.stop());

const shops = Array.from({ length: 40 }, (_, shop) => `shop ${10 + shop}`);

/** Shops of which every third sells well, a column of three colours without meaning, and `missing` of the shops unknown. */
function makeDataset(rows: number, missing = 0): Dataset {
  const random = new Random(4);
  const shop = Int32Array.from({ length: rows }, () => (random.next() < missing ? -1 : random.integer(40)));
  const colour = Int32Array.from({ length: rows }, () => random.integer(3));
  const chance = (code: number): number => (code < 0 ? 1 : code % 3 === 0 ? 0.9 : 0.1);
  const table: Table = {
    rows,
    columns: [
      { kind: 'categorical', name: 'colour', codes: colour, levels: ['blue', 'green', 'red'] },
      { kind: 'categorical', name: 'shop', codes: shop, levels: shops },
    ],
  };
  return {
    ...{ task: 'binary', classes: ['no', 'yes'], table },
    inputs: table.columns.map(({ name }) => ({ name, type: 'category' })),
    y: Float64Array.from(shop, (code) => Number(random.next() < chance(code))),
  };
}

function train(dataset: Dataset, embeddings: Parameters[string], rows = dataset.table.rows): Pipeline {
  const params = { hidden_layer_sizes: [8], max_iter: 15, learning_rate_init: 0.02, embeddings };
  const split = { train: firstRows(rows), test: new Int32Array(0) };
  return runFit(dataset, { trainer: 'neural-network', params, seed: 2, ...split }).pipeline;
}

function netOf({ predictor }: Pipeline): DensePredictor {
  if (predictor.kind !== 'dense') throw new Error(predictor.kind);
  return predictor;
}

/** The shops one after another, then a missing and an unseen one. */
const asked: Table = {
  rows: 42,
  columns: [
    { kind: 'categorical', name: 'colour', codes: new Int32Array(42), levels: ['red'] },
    {
      ...{ kind: 'categorical', name: 'shop', levels: [...shops, 'a new one'] },
      codes: Int32Array.from({ length: 42 }, (_, i) => (i === 41 ? -1 : i)),
    },
  ],
};
const positives = (pipeline: Pipeline): Float64Array =>
  predict(pipeline, asked, firstRows(42)).filter((_, i) => i % 2 === 1);

describe('embeddings of a net', () => {
  const dataset = makeDataset(2000, 0.05);

  it('learn what categories mean, with a vector of its own for a missing one', () => {
    const pipeline = train(dataset, true);
    const chances = positives(pipeline);
    expect(chances.slice(0, 40).every((p, shop) => p > 0.5 === (shop % 3 === 0))).toBe(true);
    expect(chances[41]).toBeGreaterThan(0.9);
    expect(netOf(pipeline).embeddings!.map(({ levels, dimension }) => [levels, dimension])).toEqual([
      [4, 3],
      [42, 13],
    ]);
  });

  it('give what was never seen the mean of the vectors, by how often each occurs', () => {
    const small = makeDataset(400);
    const { embeddings } = netOf(train(small, { dimension: 2 }));
    const { vectors } = embeddings![0]!;
    const { codes } = small.table.columns[0] as { codes: Int32Array };
    for (const d of [0, 1]) {
      const mean = codes.reduce((sum, code) => sum + vectors[2 * code + d]!, 0) / codes.length;
      expect(vectors[2 * 3 + d]).toBeCloseTo(mean, 6);
    }
  });

  it('train a vector of the pooled rare categories where there are some', () => {
    const small = makeDataset(330);
    const { vectors, levels, dimension } = netOf(train(small, { minimum_categories: 4 })).embeddings![0]!;
    expect(levels).toBeLessThan(40);
    const mean = vectors.slice(0, -dimension).reduce((sum, value) => sum + value, 0) / (levels - 1);
    const rare = vectors.slice(-dimension).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(rare - mean)).toBeGreaterThan(0.01);
  });

  it.each([
    ['beside one-hot columns', { minimum_categories: 4, dimension: 5 }],
    ['alone', { minimum_categories: 1 }],
  ])('score alike when read back, and in ONNX Runtime, missing and unseen included: %s', async (_, given) => {
    const pipeline = train(dataset, given, 700);
    const bytes = writeOnnx(pipeline);
    const scores = predict(pipeline, asked, firstRows(42));
    expect(predict(readOnnx(bytes), asked, firstRows(42))).toEqual(scores);
    const { outputs } = await onnxRuntime.run(bytes, pipeline, asked);
    scores.forEach((score, i) => expect(Math.abs(score - outputs[i]!)).toBeLessThan(1e-6));
  });

  it('change nothing where no column has enough categories', () => {
    const params = { minimum_categories: 100 };
    expect(writeOnnx(train(dataset, params, 500))).toEqual(writeOnnx(train(dataset, false, 500)));
  });

  it('are wider the more categories there are, up to 600 numbers', () => {
    expect([1, 2, 4, 12, 100, 1000, 100_000].map(dimensionFor)).toEqual([2, 2, 3, 6, 21, 77, 600]);
  });
});
