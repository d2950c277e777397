import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readDocument } from '../../../src/contracts/document.ts';
import { goldenDocument } from '../../../src/contracts/golden.ts';
import { checkGolden } from '../../../src/model/golden.ts';
import { readOnnx } from '../../../src/model/onnx/read.ts';
import { pipelineScorer } from '../../../src/model/scorer.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';

const older = ['binary-trees', 'multiclass-linear'];
const released = [
  ...older,
  ...['binary-constant', 'regression-trees', 'computed', 'binary-trees-3', 'multiclass-linear-3'],
];
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/models/${name}`, import.meta.url));

describe('models as released', () => {
  it.each(released)('%s is read, answers its golden rows and is written with the same bytes', (name) => {
    const bytes = Uint8Array.from(fixture(`${name}.onnx`));
    const pipeline = readOnnx(bytes);
    const golden = readDocument(goldenDocument, fixture(`${name}.golden.json`).toString(), name);
    expect(checkGolden(pipelineScorer(pipeline), golden)).toEqual({ kind: 'equal' });
    expect(writeOnnx(pipeline, older.includes(name) ? 'float' : 'double')).toEqual(bytes);
  });
});
