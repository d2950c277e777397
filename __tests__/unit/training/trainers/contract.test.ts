import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Parameters } from '../../../../src/contracts/fields.ts';
import { readOnnx } from '../../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import { labels, outputsOf } from '../../../../src/model/score.ts';
import type { Trainer } from '../../../../src/training/trainer.ts';
import { composedTrainers } from '../../../../src/training/composed-trainers.ts';
import { findTrainer, parseParams, trainers } from '../../../../src/training/trainers.ts';
import { otherRows } from '../../model/trained-pipelines.ts';
import { filesBelow, root } from '../../structure/sources.ts';
import { neededParams } from '../fixture.ts';
import { namedIn, parametersOf, refusalOf, TrainerContract } from './contract.ts';

const everyCase = [...trainers.values()].flatMap((trainer) =>
  trainer.tasks.map((task) => [trainer.name, task, trainer] as const),
);

/** Fewer trees and steps than by default: the contract holds for any. */
const short: Readonly<Record<string, Parameters>> = {
  'gradient-boosting': { max_iter: 20 },
  'random-forest': { n_estimators: 20 },
  'extra-trees': { n_estimators: 20 },
  'neural-network': { hidden_layer_sizes: [16], max_iter: 40 },
};
const paramsOf = (name: string): Parameters => ({ ...neededParams(name), ...short[name] });

describe.each(everyCase)('%s, %s', (name, task, trainer) => {
  const contract = new TrainerContract(trainer, task, paramsOf(name));
  const { data } = contract;
  const pipeline = contract.train();

  it('gives the same bytes again, whoever looks on, and leaves the rows as they were', () => {
    const x = Float32Array.from(data.x);
    const seen: number[] = [];
    const again = contract.train(data, 5, (fraction) => seen.push(fraction));
    expect(writeOnnx(again)).toEqual(writeOnnx(pipeline));
    expect(data.x).toEqual(x);
    expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('answers rows with missing values and unseen categories, before and after it was a file', () => {
    const { direct, bytes, again } = contract.scoreUnknown(pipeline);
    expect(again).toEqual(direct);
    expect(writeOnnx(readOnnx(bytes))).toEqual(bytes);
    expect(direct.every(Number.isFinite)).toBe(true);
  });

  it('gives one number, or for each class a probability', () => {
    const { direct } = contract.scoreUnknown(pipeline);
    const width = outputsOf(pipeline);
    expect(direct).toHaveLength(otherRows.rows * width);
    if (task === 'regression') return;
    for (let first = 0; first < direct.length; first += width) {
      const row = [...direct.subarray(first, first + width)];
      expect(row.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-5);
    }
  });

  it('learns something, unless it is the one that does not look at the features', () => {
    const nothing = new TrainerContract(findTrainer('dummy'), task, {});
    const share = contract.loss(pipeline) / nothing.loss(nothing.train());
    if (name === 'dummy') expect(share).toBe(1);
    else expect(share).toBeLessThan(0.95);
  });

  it('lets rows count by their weights, or refuses weights by name', () => {
    const { even, weighted } = contract.contradictory();
    if (trainer.unweighted) {
      expect(refusalOf(() => contract.train(weighted))).toMatch(/^TRAINING_FAILED: .*weights/);
      return;
    }
    const before = contract.meanPrediction(contract.train(even));
    const after = contract.meanPrediction(contract.train(weighted));
    const most = Math.max(...even.y);
    // From the middle to near the end that counts more.
    expect((after - before) / (task === 'regression' ? most - Math.min(...even.y) : 1)).toBeGreaterThan(0.2);
  });

  it('refuses rows that nobody can learn from', () => {
    const one = { ...data, y: data.y.map(() => 1) };
    const bad = { ...data, y: data.y.map((target, row) => (row === 3 ? NaN : target)) };
    const none = { ...data, rows: 0, x: new Float32Array(0), y: new Float64Array(0) };
    expect(refusalOf(() => contract.train(bad))).toMatch(/^TRAINING_FAILED: .*not a finite number/);
    expect(refusalOf(() => contract.train(none))).toMatch(/^TRAINING_FAILED: .*no training rows/);
    if (task !== 'regression' && name !== 'dummy')
      expect(refusalOf(() => contract.train(one))).toMatch(/^TRAINING_FAILED: .*of one class/);
    if (trainer.encoding === 'none') return;
    const huge = Float32Array.from(data.x);
    huge[2] = Infinity;
    expect(refusalOf(() => contract.train({ ...data, x: huge }))).toBe(
      `TRAINING_FAILED: ${name}: the feature "${data.features[2]!.name}" is too large for 32-bit floating point (${data.features[2]!.input})`,
    );
  });

  it('never predicts a class that has no rows, and says so', () => {
    if (task !== 'multiclass') return;
    const without = { ...data, y: data.y.map((label) => (label === 1 ? 0 : label)) };
    const { warnings } = trainer.fit(without, { params: trainer.params.parse(paramsOf(name)), seed: 1 });
    expect(warnings.join()).toContain('1 of 3 classes have no training rows and are never predicted.');
    const { direct } = contract.scoreUnknown(contract.train(without));
    expect(labels(pipeline, direct)).not.toContain(pipeline.classes[1]);
  });
});

describe.each([...trainers.entries()])('the parameters of %s', (name, trainer) => {
  it('have a default where the user need not decide, and a description', () => {
    expect(parseParams(trainer, neededParams(name))).toBeDefined();
    for (const parameter of Object.values(parametersOf(trainer)))
      expect(parameter.description).toMatch(/\.$/);
  });

  it('are named where their value is wrong or they do not exist', () => {
    const needed = neededParams(name);
    expect(namedIn(trainer, { ...needed, no_such: 1 })).toEqual(['no_such']);
    for (const parameter of Object.keys(parametersOf(trainer))) {
      const named = namedIn(trainer, { ...needed, [parameter]: [{}] });
      expect(named.map((fault) => fault.split('.')[0])).toContain(parameter);
    }
  });
});

describe('a trainer is one file and one line', () => {
  it('every trainer of a file is registered', async () => {
    const files = filesBelow('src/training/trainers').filter((file) => file.endsWith('.ts'));
    const found: string[] = [];
    for (const file of files) {
      const module = (await import(join(root, file))) as Record<string, unknown>;
      for (const value of Object.values(module))
        if (typeof value === 'object' && value !== null && 'fit' in value && 'name' in value)
          found.push(String(value.name));
    }
    expect(found.sort()).toEqual([...trainers.keys(), ...composedTrainers.keys()].sort());
  });

  it('one that no other file has heard of does all of the above', () => {
    const stump: Trainer<object> = {
      name: 'nearest-mean',
      tasks: ['binary'],
      encoding: 'standard',
      params: z.strictObject({}),
      fit(data) {
        const width = data.features.length;
        const [negative, positive] = [0, 1].map((label) => {
          const rows = [...data.y.keys()].filter((row) => data.y[row] === label);
          return Array.from({ length: width }, (_, j) =>
            rows.reduce((sum, row) => sum + data.x[row * width + j]! / rows.length, 0),
          );
        }) as [number[], number[]];
        const coefficients = Float32Array.from(positive, (value, j) => value - negative[j]!);
        const middle = coefficients.reduce((sum, c, j) => sum + (c * (positive[j]! + negative[j]!)) / 2, 0);
        const predictor = {
          kind: 'linear' as const,
          width,
          coefficients,
          intercepts: Float32Array.of(-middle),
        };
        return { predictor, iterations: 1, warnings: [] };
      },
    };
    const contract = new TrainerContract(stump, 'binary', {});
    const pipeline = contract.train();
    const { direct, again } = contract.scoreUnknown(pipeline);
    expect(again).toEqual(direct);
    const nothing = new TrainerContract(findTrainer('dummy'), 'binary', {});
    expect(contract.loss(pipeline)).toBeLessThan(nothing.loss(nothing.train()));
  });
});
