import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sha256 } from '../../../src/contracts/digest.ts';
import type { Result } from '../../../src/contracts/result.ts';
import { loadTrained, saveTrained } from '../../../src/factory/handover.ts';

const predictions = new Uint8Array([1, 2, 3]);
const onnx = new Uint8Array([4, 5]);
const result: Result = {
  schema: 'result/1',
  ...{ candidate: 'logistic', role: 'candidate', trainer: 'dummy', params: {}, seed: 1 },
  ...{
    fingerprint: sha256('x'),
    status: 'ok',
    failure: null,
    stopped: null,
    metrics: {},
    confusion: null,
    iterations: [],
    warnings: [],
  },
  ...{ startedAt: '2026-01-01T00:00:00Z', runUrl: null, trainMs: 1, predictMsPer1k: 1, modelBytes: 2 },
  peakMemoryBytes: null,
  environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
  ...{ modelSha256: sha256(onnx), predictionsSha256: sha256(predictions), reuse: null },
};

it.each(['predictions/logistic.bin', 'candidates/logistic.onnx'])('refuses a forged %s', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'handover-'));
  try {
    await saveTrained(folder, [{ result, predictions, model: onnx, log: null }]);
    expect((await loadTrained(folder))[0]!.result).toEqual(result);
    await writeFile(join(folder, name), new Uint8Array([9]));
    await expect(loadTrained(folder)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', at: { file: name } });
  } finally {
    await rm(folder, { recursive: true });
  }
});
