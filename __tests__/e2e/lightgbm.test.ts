import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openExample, type PythonExample } from './python-example.ts';
import { pythonInstalled } from './python.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const read = (path: string): string => readFileSync(join(examples, path), 'utf8');

(pythonInstalled ? describe : describe.skip)('the LightGBM example', () => {
  let example: PythonExample;
  beforeAll(() => {
    example = openExample('lightgbm', (config) =>
      config
        .replace(/ {2}linear:.*\n/, '')
        .replace(/ {2}boosting:.*\n/, '')
        .replace('leaves: [7, 15]', 'leaves: [15]')
        .replace('candidates:', 'validation: { folds: 2 }\ncandidates:'),
    );
  });
  afterAll(() => example.remove());

  it('promotes a model of LightGBM, whose ONNX file says what LightGBM says', () => {
    // The final fit fails where they differ.
    const verdict = example.judge();
    expect(verdict).toMatchObject({ conclusion: 'promote', reason: 'first-run', winner: 'lightgbm-1' });
    const release = join(example.folder, 'history/releases/miles-per-gallon@v1.0.0');
    const signature = JSON.parse(readFileSync(join(release, 'signature.json'), 'utf8')) as unknown;
    expect(signature).toMatchObject({ format: 'foreign-onnx', task: 'regression' });
    const result = JSON.parse(
      readFileSync(join(example.folder, 'model-factory-out/results/lightgbm-1.json'), 'utf8'),
    ) as { metrics: { r2: { mean: number } } };
    expect(result.metrics.r2.mean).toBeGreaterThan(0.75);
  }, 600_000);
});

describe('the examples in Python', () => {
  it('have the same workflow, in which a pull request can write no more than its comment', () => {
    const [first, second] = ['lightgbm', 'python-candidate'].map((name) =>
      read(`${name}/.github/workflows/model-factory.yml`).replace(/^# \S+ /, '# '),
    );
    expect(first).toBe(second);
  });

  it('pin what they install, in the versions that the tests have', () => {
    const tools = readFileSync(join(examples, '../scripts/install-tools.sh'), 'utf8');
    const pins = ['lightgbm', 'python-candidate'].flatMap((name) =>
      read(`${name}/requirements.txt`).trim().split('\n'),
    );
    expect(pins.filter((pin) => !/^[\w-]+==[\d.]+$/.test(pin) || !tools.includes(pin))).toEqual([]);
  });
});
