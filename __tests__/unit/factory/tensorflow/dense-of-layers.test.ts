import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { afterAll, describe, expect, it } from '@jest/globals';
import { denseOfLayers } from '../../../../src/factory/tensorflow/dense-of-layers.ts';
import { readLayersFile } from '../../../../src/factory/tensorflow/layers-file.ts';
import { netOutputs, predictionsOfNet } from '../../../../src/factory/tensorflow/scores.ts';
import { readOnnx } from '../../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import type { Pipeline } from '../../../../src/model/pipeline.ts';
import { predict } from '../../../../src/model/score.ts';
import { startOnnxRuntime } from '../../model/onnxruntime.ts';
import { firstRows } from '../../model/random-pipelines.ts';
import { features, rows, type SavedNet } from './nets.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-factory-nets-'));
const file = join(folder, 'nets');
execFileSync(process.execPath, ['--no-warnings', join(import.meta.dirname, 'nets.ts'), file]);
const nets = deserialize(readFileSync(file)) as readonly SavedNet[];
rmSync(folder, { recursive: true });

const classesOf = { binary: ['no', 'yes'], multiclass: ['a', 'b', 'c'], regression: [] } as const;
const inputs = Array.from({ length: features }, (_, i) => ({ name: `f${i}`, type: 'number' as const }));
const scale = { mean: 5, deviation: 2 };

function conversionOf({ topology, weights, task }: SavedNet) {
  const outputs = netOutputs({ task, classes: classesOf[task] });
  return denseOfLayers(readLayersFile(topology, weights, 'model.json'), {
    task,
    features,
    outputs,
    ...scale,
  });
}

function tableOf(x: Float32Array) {
  const columns = inputs.map(({ name }, i) => ({
    ...{ kind: 'numeric' as const, name },
    values: Float64Array.from({ length: rows }, (_, row) => x[row * features + i]!),
  }));
  return { rows, columns };
}

const named = (names: readonly string[]) =>
  nets
    .filter(({ name }) => names.includes(name))
    .map((net) => ({ ...net, title: `${net.task}, ${net.name}` }));
const converted = ['one layer', 'mixed activations', 'batch normalisation everywhere', 'functional chain'];

describe('layers of TensorFlow.js as ONNX', () => {
  const onnxRuntime = startOnnxRuntime();
  afterAll(() => onnxRuntime.stop());

  const agrees = async (net: SavedNet): Promise<void> => {
    const { task, x, predictions } = net;
    const classes = classesOf[task];
    const conversion = conversionOf(net);
    if (conversion.kind !== 'predictor') throw new Error(conversion.why);
    const steps = inputs.map(({ name }) => ({
      ...{ kind: 'number' as const, input: name },
      ...{ impute: null, offset: 0, scale: 1 },
    }));
    const pipeline: Pipeline = { task, classes, inputs, steps, predictor: conversion.predictor };
    const bytes = writeOnnx(pipeline);
    const table = tableOf(x);
    const ours = predict(readOnnx(bytes), table, firstRows(rows));
    expect(ours).toEqual(predict(pipeline, table, firstRows(rows)));
    const theirs = predictionsOfNet(predictions, rows, { task, classes }, scale);
    const runtime = await onnxRuntime.run(bytes, pipeline, table);
    ours.forEach((value, i) => {
      const unit = Math.max(1, Math.abs(value));
      expect(Math.abs(value - theirs[i]!) / unit).toBeLessThan(1e-5);
      expect(Math.abs(value - runtime.outputs[i]!) / unit).toBeLessThan(1e-6);
    });
    expect(new Set(ours).size).toBeGreaterThan(rows / 2);
  };

  it.each(named(converted))('$title: the file predicts what the net does', agrees);

  it('takes the last activation of a regression as it is', () => {
    const net = nets.find(({ name, task }) => name === 'rectified end' && task === 'regression')!;
    const conversion = conversionOf(net);
    expect(conversion).toMatchObject({ kind: 'predictor', predictor: { activations: ['relu'] } });
    const { predictor } = conversion as Extract<typeof conversion, { kind: 'predictor' }>;
    if (predictor.kind !== 'dense') throw new Error(predictor.kind);
    expect(predictor.layers[1]).toMatchObject({ weights: Float32Array.of(2), biases: Float32Array.of(5) });
  });

  it.each([
    ['functional branches', 'binary', 'its layers are no simple chain'],
    ['softplus inside', 'multiclass', /^dense_\w+ has the activation softplus$/],
    ['rectified end', 'binary', 'its last activation is not sigmoid'],
  ])('says why "%s" has no form there', (name, task, why) => {
    const conversion = conversionOf(nets.find((net) => net.name === name && net.task === task)!);
    expect(conversion).toEqual({ kind: 'opaque', why: expect.stringMatching(why) });
  });

  it('refuses a file whose weights end too early', () => {
    const { topology, weights } = nets[0]!;
    expect(() => readLayersFile(topology, weights.subarray(4), 'model.json')).toThrow('end too early');
    expect(() => readLayersFile('[]', weights, 'model.json')).toThrow('can not be read');
  });
});
