import { describe, expect, it } from '@jest/globals';
import { readDocument, writeDocument } from '../../../src/contracts/document.ts';
import { goldenDocument } from '../../../src/contracts/golden.ts';
import { profileDocument } from '../../../src/contracts/profile.ts';
import { signatureDocument } from '../../../src/contracts/signature.ts';
import { checkGolden, goldenOf } from '../../../src/model/golden.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import { pipelineScorer } from '../../../src/model/scorer.ts';
import { profileOf } from '../../../src/model/profile.ts';
import { readOnnx } from '../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';
import { predict } from '../../../src/model/score.ts';
import { signatureOf } from '../../../src/model/signature.ts';
import { combinations, firstRows, randomPipeline, randomTable } from './random-pipelines.ts';

function documentsOf(pipeline: Pipeline) {
  const table = randomTable(3, pipeline.inputs, 500);
  const profile = profileOf(pipeline, table, firstRows(500), predict(pipeline, table, firstRows(500)));
  return { table, profile, golden: goldenOf(pipeline, profile, 7) };
}

describe.each(combinations)('documents of a %s pipeline with a %s predictor', (task, kind) => {
  const pipeline = randomPipeline(8, task, kind);
  const { profile, golden } = documentsOf(pipeline);

  it('come back from their files as they were', () => {
    const signature = signatureOf(pipeline);
    expect(readDocument(signatureDocument, writeDocument(signatureDocument, signature), 'f')).toEqual(
      signature,
    );
    expect(readDocument(profileDocument, writeDocument(profileDocument, profile), 'f')).toEqual(profile);
    expect(readDocument(goldenDocument, writeDocument(goldenDocument, golden), 'f')).toEqual(golden);
  });

  it('hold golden rows that the model read from its file answers exactly', () => {
    const text = writeDocument(goldenDocument, golden);
    const read = readDocument(goldenDocument, text, 'golden.json');
    expect(checkGolden(pipelineScorer(readOnnx(writeOnnx(pipeline))), read)).toEqual({ kind: 'equal' });
  });

  it('are the same for the same seed', () => {
    expect(documentsOf(pipeline)).toEqual(documentsOf(pipeline));
  });
});

describe('goldenOf', () => {
  const pipeline = randomPipeline(8, 'binary', 'trees');
  const { golden } = documentsOf(pipeline);

  it('meets missing values and unseen levels', () => {
    expect(golden.rows).toHaveLength(20);
    expect(golden.rows[0]!.every((value) => value === null)).toBe(true);
    const categories = golden.rows[1]!.filter((_, i) => pipeline.inputs[i]!.type === 'category');
    expect(new Set(categories)).toEqual(new Set(['(unseen level)']));
  });

  it('shows another model and other inputs', () => {
    const other = randomPipeline(8, 'binary', 'constant');
    expect(checkGolden(pipelineScorer(other), golden)).toMatchObject({ kind: 'different', row: 1 });
    const fewer = { ...other, inputs: other.inputs.slice(1) };
    expect(checkGolden(pipelineScorer(fewer), golden)).toMatchObject({ kind: 'other-inputs' });
  });
});

describe('profileOf', () => {
  const name = 'x';
  const profileNumbers = (values: number[]) => {
    const table = {
      rows: values.length,
      columns: [{ kind: 'numeric', name, values: Float64Array.from(values) } as const],
    };
    const pipeline = { inputs: [{ name, type: 'number' }], classes: [] } as const;
    return profileOf(pipeline, table, firstRows(values.length), new Float64Array(values.length)).inputs[0];
  };

  it('counts numbers in bins of equal frequency and tells no extreme value', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    const input = profileNumbers([...values, NaN, NaN]);
    expect(input).toMatchObject({ type: 'number', missing: 2 });
    if (input?.type !== 'number') throw new Error('a number was asked for');
    expect(input.edges).toHaveLength(19);
    expect(input.edges[0]).toBe(50);
    expect(input.counts.reduce((a, b) => a + b)).toBe(1000);
    expect(Math.min(...input.counts)).toBeGreaterThanOrEqual(10);
    expect(input.edges).not.toContain(1000);
  });

  it('keeps at least ten rows in each bin, whatever the values are', () => {
    const skewed = [...Array.from({ length: 95 }, () => 0), 1.23456, 2, 3, 4, 5];
    expect(profileNumbers(skewed)).toMatchObject({ edges: [], counts: [100] });
    const half = Array.from({ length: 40 }, (_, i) => (i < 20 ? 1.23456 : 7.5));
    expect(profileNumbers(half)).toMatchObject({ edges: [1.235], counts: [20, 20] });
    expect(profileNumbers([])).toMatchObject({ edges: [], counts: [0] });
  });

  it('names frequent levels only', () => {
    const texts = [...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 12 }, () => 0), 2, 3, -1];
    const table = {
      rows: texts.length,
      columns: [
        {
          kind: 'categorical',
          name,
          codes: Int32Array.from(texts),
          levels: ['b', 'd', 'Ms A', 'Mr B'],
        } as const,
      ],
    };
    const pipeline = { inputs: [{ name, type: 'category' }], classes: [] } as const;
    const profile = profileOf(pipeline, table, firstRows(texts.length), new Float64Array(texts.length));
    expect(profile.inputs).toEqual([
      {
        name,
        type: 'category',
        missing: 1,
        levels: [
          { level: 'd', count: 30 },
          { level: 'b', count: 12 },
        ],
        rare: { levels: 2, count: 2 },
      },
    ]);
  });
});

describe('signatureOf', () => {
  it('names columns, tensors, types and known levels', () => {
    const pipeline: Pipeline = {
      task: 'binary',
      classes: ['no', 'yes'],
      inputs: [
        { name: 'age', type: 'number' },
        { name: 'label', type: 'category' },
      ],
      steps: [{ kind: 'category', input: 'label', levels: ['', 'a'], encoding: 'code' }],
      predictor: { kind: 'constant', outputs: Float64Array.of(0.5, 0.5) },
    };
    expect(signatureOf(pipeline)).toEqual({
      schema: 'signature/1',
      format: 'onnx',
      task: 'binary',
      classes: ['no', 'yes'],
      inputs: [
        { name: 'age', tensor: 'age', type: 'number' },
        { name: 'label', tensor: 'label_', type: 'category', levels: ['a'] },
      ],
      outputs: [
        { name: 'label', type: 'string', shape: ['N'] },
        { name: 'probabilities', type: 'float', shape: ['N', 2] },
      ],
    });
  });
});
