import { afterAll, describe, expect, it } from '@jest/globals';
import type { Table } from '../../../src/data/table.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';
import { labels, predict } from '../../../src/model/score.ts';
import { startOnnxRuntime } from './onnxruntime.ts';
import { compositions, randomComposed } from './composed-pipelines.ts';
import { combinations, firstRows, randomPipeline, randomTable } from './random-pipelines.ts';
import { trainCase, trainedCases } from './trained-pipelines.ts';

const onnxRuntime = startOnnxRuntime();
afterAll(() => onnxRuntime.stop());

/** Compares our scorer with ONNX Runtime on random rows with missing values and unseen categories. */
function compare(pipeline: Pipeline, seed: number, rows: number) {
  return compareOn(pipeline, randomTable(seed, pipeline.inputs, rows));
}

async function compareOn(pipeline: Pipeline, table: Table) {
  const predictions = predict(pipeline, table, firstRows(table.rows));
  const runtime = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
  const classification = pipeline.task !== 'regression';
  const worst = predictions.reduce(
    (largest, value, i) =>
      Math.max(largest, Math.abs(value - runtime.outputs[i]!) / (classification ? 1 : Math.abs(value))),
    0,
  );
  return { worst, runtime, ours: classification ? labels(pipeline, predictions) : [] };
}

describe('ONNX Runtime predicts what we predict', () => {
  it.each(combinations)('%s, %s predictor', async (task, kind) => {
    for (let seed = 1; seed <= 12; seed++) {
      const { worst, runtime, ours } = await compare(randomPipeline(seed, task, kind), seed + 100, 250);
      expect(worst).toBeLessThanOrEqual(1e-6);
      expect(runtime.labels).toEqual(ours);
    }
  });

  it.each(compositions)('%s, others put together by %s', async (task, method) => {
    for (let seed = 1; seed <= 12; seed++) {
      const { worst, runtime, ours } = await compare(randomComposed(seed, task, method), seed + 100, 250);
      expect(worst).toBeLessThanOrEqual(1e-6);
      expect(runtime.labels).toEqual(ours);
    }
  });

  it.each(trainedCases)('$task trained by $trainer', async (trained) => {
    const { pipeline, table } = trainCase(trained);
    const { worst, runtime, ours } = await compareOn(pipeline, table);
    expect(worst).toBeLessThanOrEqual(1e-6);
    expect(runtime.labels).toEqual(ours);
  });

  it('with a log link: to the last bit', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const pipeline = randomPipeline(seed, 'regression', 'trees');
      if (pipeline.predictor.kind !== 'trees') throw new Error('trees were asked for');
      const { worst } = await compare(
        { ...pipeline, predictor: { ...pipeline.predictor, link: 'log' } },
        seed,
        250,
      );
      expect(worst).toBe(0);
    }
  });

  it('with a base score far from 0 and leaves of one sign', async () => {
    for (const [task, sign] of [
      ['binary', 1],
      ['binary', -1],
      ['multiclass', 1],
    ] as const) {
      const pipeline = randomPipeline(6, task, 'trees');
      const { predictor } = pipeline;
      if (predictor.kind !== 'trees') throw new Error('trees were asked for');
      const trees = predictor.trees.map((tree) => ({
        ...tree,
        value: tree.value.map((v) => sign * Math.abs(v)),
      }));
      const base = predictor.base.map((_, k) => sign * (k + 2));
      const { worst, runtime, ours } = await compare(
        { ...pipeline, predictor: { ...predictor, base, trees } },
        8,
        250,
      );
      expect(worst).toBeLessThanOrEqual(1e-6);
      expect(runtime.labels).toEqual(ours);
    }
  });

  it('with chains of categories on one feature whose leaves begin with the same share', async () => {
    // ONNX Runtime merges such chains, which only a leaf with a single value allows.
    const levels = ['a', 'b', 'c', 'd', 'e', 'f'];
    const tree = {
      feature: Int32Array.of(0, 0, -1, -1, -1),
      threshold: new Float32Array(5),
      left: Int32Array.of(1, 3, -1, -1, -1),
      right: Int32Array.of(2, 4, -1, -1, -1),
      missingLeft: new Uint8Array(5),
      levelsLeft: [[0, 1, 3, 4, 6], [0, 1, 4, 5, 6], [], [], []],
      value: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0),
    };
    const pipeline: Pipeline = {
      task: 'multiclass',
      classes: ['p', 'q', 'r'],
      inputs: [{ name: 'x', type: 'category' }],
      steps: [{ kind: 'category', input: 'x', levels, encoding: 'code' }],
      predictor: { kind: 'forest', outputs: 3, trees: [tree] },
    };
    const codes = Int32Array.of(0, 1, 2, 3, 4, 5, 6);
    const table = {
      rows: 7,
      columns: [{ kind: 'categorical' as const, name: 'x', codes, levels: [...levels, 'g'] }],
    };
    const runtime = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
    expect([...runtime.outputs]).toEqual([...predict(pipeline, table, firstRows(7))]);
  });

  it('on single rows and with many trees, in whatever order its threads add them', async () => {
    const pipeline = randomPipeline(9, 'regression', 'trees');
    const { predictor } = pipeline;
    if (predictor.kind !== 'trees') throw new Error('trees were asked for');
    const trees = Array.from({ length: 3000 }, (_, i) => predictor.trees[i % predictor.trees.length]!);
    const many = { ...pipeline, predictor: { ...predictor, base: Float32Array.of(1e6), trees } };
    expect((await compare(many, 1, 1)).worst).toBeLessThanOrEqual(1e-6);
    expect((await compare(many, 2, 300)).worst).toBeLessThanOrEqual(1e-6);
  });

  it('with sets of many categories, their complements and a round without trees', async () => {
    const levels = Array.from({ length: 200 }, (_, i) => `level ${1000 + i}`);
    const inputs = [{ name: 'c', type: 'category' }] as const;
    const steps = [{ kind: 'category', input: 'c', levels, encoding: 'code' }] as const;
    const table = {
      rows: 202,
      columns: [
        {
          kind: 'categorical',
          name: 'c',
          codes: Int32Array.from({ length: 202 }, (_, i) => i - 1),
          levels: [...levels, 'unseen'],
        },
      ],
    } as const;
    const sets = [[0], [3, 64, 65, 199], levels.map((_, i) => i).filter((i) => i % 3 > 0), [200]];
    const trees = sets.map((codes, i) => ({
      feature: Int32Array.of(0, -1, -1),
      threshold: new Float32Array(3),
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      missingLeft: new Uint8Array(3),
      value: Float32Array.of(0, 1 << i, 16 << i),
      levelsLeft: [codes, [], []],
    }));
    for (const some of [trees, []]) {
      const predictor = { kind: 'trees', outputs: 1, base: Float32Array.of(0.5), trees: some } as const;
      const pipeline: Pipeline = { task: 'regression', classes: [], inputs, steps, predictor };
      const runtime = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
      expect([...runtime.outputs]).toEqual([...predict(pipeline, table, firstRows(202))]);
    }
  });
});
