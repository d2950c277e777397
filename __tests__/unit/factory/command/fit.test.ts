import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../src/config/load.ts';
import type { TableFormat } from '../../../../src/contracts/fields.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { runCommandFit } from '../../../../src/factory/command/fit.ts';
import { openModel } from '../../../../src/factory/open-model.ts';
import { prepare } from '../../../../src/factory/prepare.ts';
import type { Prepared } from '../../../../src/factory/prepared.ts';
import { inputName } from '../../../../src/model/onnx/names.ts';
import { readOnnx } from '../../../../src/model/onnx/read.ts';
import { pipelineScorer } from '../../../../src/model/scorer.ts';
import { tableOfRows } from '../../../../src/model/rows.ts';

const lines = Array.from(
  { length: 3000 },
  (_, i) => `k${i},${i % 7},${i % 3 ? 'a,b' : ''},${i % 5 ? 'no' : 'yes'}`,
);
const csv = `id,x,kind,y\n${lines.join('\n').replaceAll('a,b', '"a,b"')}\n`;

describe('a fit of a program', () => {
  let folder: string;
  let prepared: Prepared;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'command-fit-'));
    writeFileSync(join(folder, 'd.csv'), csv);
    const text = 'version: 1\nmodel: mine\ndata: { source: d.csv, target: y, key: id }\n';
    const { config } = loadConfig(text, 'f.yml', catalogue);
    prepared = await prepare({ config, folder, epoch: null });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Options {
    final?: boolean;
    minutes?: number;
    env?: string[];
    tables?: TableFormat;
  }
  /** Runs lines of sh on the first fold, or as the final fit. */
  const run = (script: string, { final = false, minutes = 1, env = [], tables = 'csv' }: Options = {}) => {
    writeFileSync(join(folder, 'fit.sh'), script);
    const program = { run: 'sh fit.sh {C}', predict: null, timeoutMinutes: minutes, env, tables };
    const fit = { program, params: { C: 0.5 }, seed: 1, fold: final ? null : 0 };
    return runCommandFit(prepared, fit, () => undefined);
  };
  /** A constant prediction for every row of test.csv. */
  const constant = (row: string): string =>
    `{ echo no,yes; tail -n +2 "$FACTORY_IN/test.csv" | sed 's/.*/${row}/'; } > "$FACTORY_OUT/predictions.csv"`;

  it('finds the rows of the fold without key, and never one of the hold-out', async () => {
    const outcome = await run(`cp "$FACTORY_IN"/* .; echo "$1"; ${constant('0.8,0.2')}`);
    expect(outcome).toMatchObject({ kind: 'fitted', lines: ['0.5'] });
    const [train = [], test = []] = ['train.csv', 'test.csv'].map((name) =>
      readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'),
    );
    expect([train[0], test[0]]).toEqual(['x,kind,y', 'x,kind']);
    expect(train).toContain('1,"a,b",no');
    expect(prepared.holdout.length).toBeGreaterThan(500);
    expect(train.length + test.length - 2).toBe(prepared.development.length);
    const params: unknown = JSON.parse(readFileSync(join(folder, 'params.json'), 'utf8'));
    expect(params).toMatchObject({
      ...{ schema: 'command-fit/1', fit: 'fold', fold: 1, params: { C: 0.5 }, seed: 1, task: 'binary' },
      ...{ classes: ['no', 'yes'], positive: 'yes', target: 'y' },
      features: [
        { name: 'x', type: 'number' },
        { name: 'kind', type: 'category' },
      ],
    });
  });

  it.each([
    ['0.8,nan', /predictions\.csv, row 1, "yes": "nan" is not a finite number/],
    ['1.5,-0.5', /row 1, "no": 1\.5 is no probability/],
    ['0.8,0.1', /row 1: the probabilities have the sum 0\.9/],
  ])('refuses the prediction %s with row and column', async (row, message) => {
    const outcome = await run(constant(row));
    expect(outcome).toMatchObject({ kind: 'failed', code: 'COMMAND_OUTPUT' });
    expect(outcome.kind === 'failed' && outcome.message).toMatch(message);
  });

  it.each([
    ['exit 0', /ended well but wrote no predictions\.csv/],
    [
      'echo no; echo "ValueError: bad" >&2; exit 3',
      /on fold 1: .*ended with exit code 3, saying: ValueError: bad/,
    ],
    ['echo no,yes > "$FACTORY_OUT/predictions.csv"', /can not be read: The file has .*[^.]\. [A-Z]/],
  ])('says what became of `%s`', async (script, message) => {
    const outcome = await run(script);
    expect(outcome.kind === 'failed' && outcome.message).toMatch(message);
  });

  it('ends what takes too long', async () => {
    const outcome = await run('sleep 60', { minutes: 0.005 });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'COMMAND_FAILED' });
    expect(outcome.kind === 'failed' && outcome.message).toMatch(/took longer than 0\.005 minutes/);
  });

  it('finds its rows as Parquet where it asks for that', async () => {
    const outcome = await run('ls "$FACTORY_IN"; head -c 4 "$FACTORY_IN/train.parquet"; exit 1', {
      tables: 'parquet',
    });
    expect(outcome.lines).toEqual(['params.json', 'test.parquet', 'train.parquet', 'PAR1']);
  });

  it('hides the variables of the runner, and shows those that are asked for', async () => {
    const given = {
      GITHUB_TOKEN: 'ghs_x',
      INPUT_KEY: 'i',
      MY_KEY: 'k',
      OTHER_KEY: 'o',
      OMP_NUM_THREADS: '2',
    };
    Object.assign(process.env, given);
    try {
      const outcome = await run('env; exit 1', { env: ['MY_KEY'] });
      const names = outcome.lines.map((line) => line.split('=')[0]);
      expect(Object.keys(given).filter((name) => names.includes(name))).toEqual([
        'MY_KEY',
        'OMP_NUM_THREADS',
      ]);
    } finally {
      for (const name of Object.keys(given)) Reflect.deleteProperty(process.env, name);
    }
  });

  it('refuses a final fit whose model.onnx is none', async () => {
    const script = `${constant('0.8,0.2')}; echo '<html>not found' > "$FACTORY_OUT/model.onnx"`;
    const outcome = await run(script, { final: true });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'MODEL_INVALID' });
    expect(outcome.kind === 'failed' && outcome.message).toMatch(/on all development rows: .*no ONNX model/);
  });

  it('warns where the final fit leaves no model', async () => {
    const outcome = await run(constant('0.8,0.2'), { final: true });
    expect(outcome).toMatchObject({ kind: 'fitted', model: null });
    expect(outcome.kind === 'fitted' && outcome.warnings[0]).toMatch(/never published/);
  });
});

it("scores another tool's ONNX file as onnxruntime does", () => {
  const models = new URL('../../../fixtures/models/', import.meta.url);
  const own = readFileSync(new URL('multiclass-linear.onnx', models));
  const golden = JSON.parse(readFileSync(new URL('multiclass-linear.golden.json', models), 'utf8')) as {
    rows: (number | string | null)[][];
  };
  const foreign = Buffer.from(own.toString('latin1').replace('model-factory', 'other-factory'), 'latin1');
  const scorer = pipelineScorer(readOnnx(own, 'own.onnx'));
  const { task, classes } = scorer;
  const inputs = scorer.inputs.map((input) => ({ ...input, name: inputName(input.name) }));
  const folder = process.cwd();
  const other = openModel(foreign, 'foreign.onnx', {
    task,
    classes,
    inputs,
    folder,
    program: null,
    pretrained: null,
  });
  const rows = Int32Array.from(golden.rows.keys());
  const expected = scorer.score(tableOfRows(scorer.inputs, golden.rows), rows);
  expect(other.format).toBe('foreign-onnx');
  other
    .score(tableOfRows(inputs, golden.rows), rows)
    .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
});
