import { afterAll, describe, expect, it } from '@jest/globals';
import { withDerived } from '../../../src/model/derived/derive.ts';
import { goldenOf } from '../../../src/model/golden.ts';
import { readOnnx } from '../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';
import type { NumberStep, Pipeline } from '../../../src/model/pipeline.ts';
import { categoryCodes, numberValues } from '../../../src/model/preprocessing.ts';
import { profileOf } from '../../../src/model/profile.ts';
import { tableOfRows } from '../../../src/model/rows.ts';
import { labels, predict } from '../../../src/model/score.ts';
import { signatureOf } from '../../../src/model/signature.ts';
import { featurePipeline, inputs, randomRows, trainComputed } from './derived-cases.ts';
import { families } from './families.ts';
import { startOnnxRuntime } from './onnxruntime.ts';
import { firstRows } from './random-pipelines.ts';

const onnxRuntime = startOnnxRuntime();
afterAll(() => onnxRuntime.stop());

const { derived } = featurePipeline(1);

/** A model that predicts one number as it is. */
function reader(input: string): Pipeline {
  const step: NumberStep = { kind: 'number', input, impute: null, offset: 0, scale: 1 };
  const coefficients = Float32Array.of(1);
  const predictor = { kind: 'linear', width: 1, coefficients, intercepts: new Float32Array(1) } as const;
  return { task: 'regression', classes: [], inputs, derived: derived!, steps: [step], predictor };
}

/** A model that predicts the number of a level, 0 … n - 1; n for any other text. */
function levelReader(input: string, levels: readonly string[]): Pipeline {
  const width = levels.length + 1;
  const coefficients = Float32Array.from({ length: width }, (_, k) => k);
  const predictor = { kind: 'linear', width, coefficients, intercepts: new Float32Array(1) } as const;
  const step = { kind: 'category', input, levels, encoding: 'one-hot' } as const;
  return { task: 'regression', classes: [], inputs, derived: derived!, steps: [step], predictor };
}

describe('derived columns in the graph', () => {
  const table = randomRows(2, 3000);
  const known = withDerived(table, inputs, derived!);
  const columns = known.columns.slice(table.columns.length);
  const numbers = columns.filter(({ kind }) => kind === 'numeric').map(({ name }) => name);
  const categories = columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name);

  it.each(numbers)('%s has the same bits in ONNX Runtime', async (name) => {
    const pipeline = reader(name);
    const { outputs } = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
    const values = numberValues(known, name);
    expect([...outputs]).toEqual(Array.from(values, (value) => value + 0));
    expect([...predict(pipeline, table, firstRows(table.rows))]).toEqual([...outputs]);
    expect(new Set(outputs).size).toBeGreaterThan(1);
  });

  it.each(categories)('%s is the same category in ONNX Runtime', async (name) => {
    const { codes, levels } = categoryCodes(known, name);
    const pipeline = levelReader(name, levels);
    const { outputs } = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
    expect([...outputs]).toEqual(Array.from(codes, (code) => (code < 0 ? levels.length : code)));
    expect(new Set(codes).size).toBeGreaterThan(3);
  });

  // All of them meet three runtimes in `.ci/run onnx`.
  const some = families.filter(
    ({ name, trainer, task }) =>
      (trainer !== 'calibrated' && task !== 'multiclass') || /isotonic-.*boosting/.test(name),
  );

  it.each(some)('$name: read back, it predicts what ONNX Runtime predicts', async (family) => {
    const { task } = family;
    const { pipeline, table } = trainComputed(family);
    const bytes = writeOnnx(pipeline);
    const again = readOnnx(bytes);
    expect(again.derived).toEqual(pipeline.derived);
    expect(again.steps).toEqual(pipeline.steps);
    expect(Buffer.compare(writeOnnx(again), bytes)).toBe(0);
    const rows = firstRows(table.rows);
    const predictions = predict(pipeline, table, rows);
    expect(predict(again, table, rows)).toEqual(predictions);
    const runtime = await onnxRuntime.run(bytes, pipeline, table);
    const worst = predictions.reduce(
      (most, value, i) =>
        Math.max(most, Math.abs(value - runtime.outputs[i]!) / (task === 'regression' ? Math.abs(value) : 1)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1e-6);
    if (task !== 'regression') expect(runtime.labels).toEqual(labels(pipeline, predictions));
  });
});

describe('golden rows', () => {
  const some = families.filter(({ name }) =>
    /^(regression-gradient-boosting|(binary|multiclass)-ensemble-stacking|binary-calibrated-isotonic-.*forest)$/.test(
      name,
    ),
  );

  it.each(some)('of a $name with derived columns are answered alike by ONNX Runtime', async (family) => {
    const { pipeline, table } = trainComputed(family);
    const rows = firstRows(table.rows);
    const golden = goldenOf(pipeline, profileOf(pipeline, table, rows, predict(pipeline, table, rows)), 3);
    const asked = tableOfRows(pipeline.inputs, golden.rows);
    const { outputs, labels: said } = await onnxRuntime.run(writeOnnx(pipeline), pipeline, asked);
    const expected = golden.outputs.flat();
    outputs.forEach((value, i) => {
      const scale = family.task === 'regression' ? Math.abs(expected[i]!) : 1;
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(2 ** -24 * scale);
    });
    expect(said).toEqual(golden.labels);
  });
});

describe('a model with derived columns', () => {
  it('takes columns alone, dates that features read as double', () => {
    const signature = signatureOf({ ...reader('hour'), inputs: [...inputs, { name: 'paid', type: 'date' }] });
    expect(signature.inputs.map(({ name }) => name)).toEqual([...inputs.map(({ name }) => name), 'paid']);
    expect(signature.inputs.slice(3)).toMatchObject([
      { name: 'opened', element: 'double' },
      { name: 'closed', element: 'double' },
      { name: 'Größe', levels: ['L', 'S', 'XL', 'größer', 'rare'] },
      { name: 'paid', type: 'date' },
    ]);
    expect(signature.inputs.at(-1)).not.toHaveProperty('element');
  });

  it('uses a date as number beside its parts', async () => {
    const table = randomRows(4, 300);
    const pipeline = reader('opened');
    const { outputs } = await onnxRuntime.run(writeOnnx(pipeline), pipeline, table);
    expect([...outputs]).toEqual(Array.from(numberValues(table, 'opened'), Math.fround));
    expect(readOnnx(writeOnnx(pipeline))).toEqual(pipeline);
  });

  it('is refused when its list of features was edited', () => {
    const text = Buffer.from(writeOnnx(reader('hour'))).toString('latin1');
    const edited = Uint8Array.from(Buffer.from(text.replace('"part":"hour"', '"part":"year"'), 'latin1'));
    expect(() => readOnnx(edited)).toThrow(/unexpected content at byte/);
  });
});
