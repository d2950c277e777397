import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../src/config/load.ts';
import { resolveSettings, type DataFacts } from '../../../../src/config/resolve.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { libraryFindings } from '../../../../src/factory/doctor/library-checks.ts';
import { findOnnxruntime } from '../../../../src/platform/onnxruntime.ts';

const facts: DataFacts = {
  task: 'binary',
  taskReason: 'y has 2 classes',
  classes: ['a', 'b'],
  rows: 5000,
  rarerClassRows: 2000,
};
const bytes = readFileSync(
  fileURLToPath(new URL('../../../fixtures/pretrained/income-named.onnx', import.meta.url)),
);
const given = { files: new Map([['models/bought.onnx', 'abc']]), bytes: new Map([['abc', bytes]]) };

/** What is found out about these candidates. */
function found(candidates: string, isInstalled: boolean) {
  const text = `version: 1\nmodel: churn\ndata: { source: a.csv, target: y }\n${candidates}`;
  const { config } = loadConfig(text, 'm.yml', catalogue);
  return libraryFindings({ settings: resolveSettings(config, facts), given }, isInstalled);
}

const program = 'sklearn: { trainer: command, run: python train.py }';
const own = 'forest: { trainer: command, run: python train.py, predict: python predict.py }';
const bought = 'bought: { trainer: onnx, model: models/bought.onnx }';

describe('onnxruntime-node before a run', () => {
  it("is asked for where a candidate may leave another tool's ONNX file", () => {
    expect(found(`candidates: { ${program}, ${own}, ${bought} }`, false)).toMatchObject([
      {
        level: 'warn',
        message:
          'onnxruntime-node, which scores ONNX files of other tools (sklearn, bought), is not installed here',
        fix: expect.stringMatching(/^npm install --no-save onnxruntime-node /),
      },
    ]);
    expect(found(`candidates: { ${program} }`, true)).toMatchObject([{ level: 'ok' }]);
  });

  it("is nobody's business elsewhere", () => {
    expect(found('', false)).toEqual([]);
    expect(found(`candidates: { ${own} }`, false)).toEqual([]);
  });

  it('is looked for in folders and above', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nothing-'));
    expect(findOnnxruntime([folder])).toBe(false);
    expect(findOnnxruntime([folder, import.meta.dirname])).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
