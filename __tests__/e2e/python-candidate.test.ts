import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { goldenDocument } from '../../src/contracts/golden.ts';
import { openExample, type PythonExample } from './python-example.ts';
import { python, pythonInstalled } from './python.ts';

/** Fits scikit-learn's model again, as the final fit does, and prints its probabilities for the golden rows. */
const again = `
import json, os, pathlib, sys
import pandas as pd
golden = json.load(open(sys.argv[1]))
train = pd.read_csv("data/penguins.csv")
evidence = json.load(open(sys.argv[2]))
features = evidence["plan"]["data"]["features"]
classes = evidence["plan"]["classes"]
folder = pathlib.Path(sys.argv[3])
os.environ.update(FACTORY_IN=str(folder), FACTORY_OUT=str(folder))
train[[f["name"] for f in features] + ["species"]].to_csv(folder / "train.csv", index=False)
pd.DataFrame(golden["rows"], columns=golden["columns"]).to_csv(folder / "test.csv", index=False)
fit = {"features": features, "classes": classes, "target": "species", "fit": "fold", "seed": 1}
(folder / "params.json").write_text(json.dumps(fit))
sys.argv = ["train.py", "--model", "logistic", "--c", "1"]
exec(open("train.py").read())
print(json.dumps(pd.read_csv(folder / "predictions.csv").values.tolist()))
`;

(pythonInstalled ? describe : describe.skip)('the Python example', () => {
  let example: PythonExample;
  beforeAll(() => {
    example = openExample('python-candidate', (config) =>
      config
        .replace(/ {2}logistic:.*\n/, '')
        .replace(/ {2}forest:[^]*?(?=card:)/, '')
        .replace('C: [0.1, 1]', 'C: [1]'),
    );
  });
  afterAll(() => example.remove());

  it('promotes a model of scikit-learn, whose ONNX file says what scikit-learn says, and keeps it', () => {
    expect(example.judge()).toMatchObject({
      conclusion: 'promote',
      reason: 'first-run',
      winner: 'sklearn-1',
    });
    const { folder } = example;
    const release = join(folder, 'history/releases/penguins@v1.0.0');
    const goldenFile = join(release, 'golden.json');
    const golden = readDocument(goldenDocument, readFileSync(goldenFile, 'utf8'), 'golden.json');
    const scratch = mkdtempSync(join(tmpdir(), 'model-factory-again-'));
    const printed = execFileSync(python, ['-c', again, goldenFile, join(release, 'evidence.json'), scratch], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: folder },
    });
    rmSync(scratch, { recursive: true });
    const expected = JSON.parse(printed) as number[][];
    expect(expected.length).toBe(golden.outputs.length);
    golden.outputs.forEach((row, i) =>
      row.forEach((value, k) => expect(Math.abs(value - expected[i]![k]!)).toBeLessThan(1e-5)),
    );
    expect(example.judge()).toMatchObject({ conclusion: 'keep' });
  }, 600_000);
});
