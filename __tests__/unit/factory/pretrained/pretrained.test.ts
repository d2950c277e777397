import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../src/config/load.ts';
import { UserError } from '../../../../src/errors/user-error.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { makePlan } from '../../../../src/factory/plan.ts';
import { prepare } from '../../../../src/factory/prepare.ts';
import type { Prepared } from '../../../../src/factory/prepared.ts';
import { contradiction } from '../../../../src/factory/pretrained/class-order.ts';
import { pretrainedFits } from '../../../../src/factory/pretrained/fit.ts';
import { requireModels } from '../../../../src/factory/pretrained/require-models.ts';
import { scoreWithOnnxruntime } from '../../../../src/platform/onnxruntime.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import { pipelineScorer } from '../../../../src/model/scorer.ts';
import { runFit } from '../../../../src/training/fit.ts';
import { findColumn } from '../../../../src/data/table.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const answers = readFileSync(join(fixtures, 'pretrained/answers.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(','));
const answersOf = (name: string): number[] =>
  answers.slice(1).map((line) => Number(line[answers[0]!.indexOf(name)]));

describe('a pre-trained model', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pretrained-'));
    cpSync(join(fixtures, 'pretrained'), folder, { recursive: true });
    cpSync(join(fixtures, 'data/adult-3000.csv'), join(folder, 'people.csv'));
    writeFileSync(join(folder, 'pointer.onnx'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n');
    writeFileSync(join(folder, 'pickle.onnx'), Buffer.from([0x80, 4, 1, 2, 3]));
    writeFileSync(join(folder, 'text.onnx'), 'no model at all');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const prepareWith = (candidate: string, { target = 'income', data = '' } = {}): Promise<Prepared> => {
    const text = [
      ...['version: 1', 'model: income', `data: { source: people.csv, target: ${target}${data} }`],
      `candidates: { bought: { trainer: onnx, ${candidate} } }`,
    ].join('\n');
    const { config } = loadConfig(text, 'model-factory.yml', catalogue);
    return prepare({ config, folder, epoch: null });
  };
  const planned = (prepared: Prepared) => {
    const request = { configFile: 'f.yml', question: 'merge' as const, maxShards: 1, champion: null };
    const plan = makePlan(prepared, { ...request, commit: null, base: null, policyCommit: null });
    return { plan, pretrained: plan.candidates[0]!.pretrained! };
  };
  /** What it says of the first 40 rows, all as one fold. */
  const scores = (prepared: Prepared) => {
    const test = Int32Array.from({ length: 40 }, (_, row) => row);
    const once = { ...prepared, folds: [{ repeat: 0, train: test, test }] };
    requireModels(prepared);
    const [fit] = pretrainedFits(once, planned(prepared).pretrained);
    if (fit?.kind !== 'fitted') throw new Error(fit?.message);
    return fit.predictions;
  };
  const faults = async (candidate: string, more = {}): Promise<string[]> => {
    const prepared = await prepareWith(candidate, more);
    try {
      requireModels(prepared);
    } catch (error) {
      if (error instanceof UserError)
        return [error, ...error.more].map(({ code, message }) => `${code}: ${message}`);
      throw error;
    }
    return [];
  };

  it.each([
    ['columns', 'model: income-columns.onnx', ''],
    ['columns', 'model: income-columns.onnx', ', positive: "<=50K"'],
    [
      'matrix',
      'model: income-matrix.onnx, columns: [age, education-num, capital-gain], classes: ["<=50K", ">50K"]',
      '',
    ],
    ['named', 'model: income-named.onnx, columns: [age, education-num, capital-gain]', ''],
    ['named', 'model: income-named.onnx, columns: [age, education-num, capital-gain]', ', positive: "<=50K"'],
  ])('says what scikit-learn says (%s: %s%s)', async (name, candidate, data) => {
    const prepared = await prepareWith(candidate, { data });
    const richer = prepared.dataset.classes.indexOf('>50K');
    const found = scores(prepared).filter((_, i) => i % 2 === richer);
    answersOf(name).forEach((expected, row) => expect(found[row]).toBeCloseTo(expected, 5));
  });

  it('gives numbers for a regression', async () => {
    const prepared = await prepareWith('model: hours.onnx, columns: [age, education-num]', {
      target: 'hours-per-week',
    });
    const found = scores(prepared);
    answersOf('hours').forEach((expected, row) => expect(found[row]).toBeCloseTo(expected, 3));
  });

  it('is the bytes of its file, and its digest counts', async () => {
    const first = await prepareWith('model: income-columns.onnx');
    const own = planned(first);
    const fits = pretrainedFits(first, own.pretrained);
    expect(fits).toHaveLength(first.folds.length + 1);
    const last = fits.at(-1);
    expect(last?.kind === 'fitted' && last.model).toEqual(readFileSync(join(folder, 'income-columns.onnx')));
    const other = planned(await prepareWith('model: income-named.onnx'));
    expect(other.plan.candidates[0]!.fingerprint).not.toBe(own.plan.candidates[0]!.fingerprint);
    expect(own.plan.data.notices[0]).toMatchObject({ code: 'PRETRAINED' });
  });

  it.each([
    ['model: none.onnx', ['MODEL_MISSING: there is no file none.onnx']],
    ['model: pointer.onnx', ['MODEL_LFS_POINTER: the file is a Git LFS pointer, not the model']],
    ['model: pickle.onnx', [/^MODEL_INVALID: the file is a Python pickle/]],
    [
      'model: income-matrix.onnx',
      [/its input "X" is a matrix of 3 columns, \[N, 3\], and nothing says which/],
    ],
    [
      'model: income-matrix.onnx, columns: [age, sex, salary, hours-per-week]',
      [
        /its matrix "X" takes 3 columns, and columns names 4/,
        /its input "X" is float, but the column "sex" holds text; string was expected/,
        /it takes "salary", which is no feature of the data/,
      ],
    ],
    [
      'model: income-columns.onnx, columns: [age, occupation]',
      [/it has 6 inputs \(age, .*\), and columns names 2/],
    ],
    [
      'model: income-columns.onnx, classes: ["no", "yes"]',
      [/its classes are no, yes; the data's are <=50K, >50K/],
    ],
    [
      'model: hours.onnx, columns: [age, capital-gain]',
      [/it gives variable \(float \[N, 1\]\)/, /which class/],
    ],
  ])('is refused where it does not fit: %s', async (candidate, expected) => {
    const found = await faults(candidate);
    expect(found).toHaveLength(expected.length);
    expected.forEach((message, i) => expect(found[i]).toMatch(message));
  });

  it('names every mismatch at once', async () => {
    const data = ', drop: [age], types: { education-num: categorical }';
    expect(await faults('model: income-columns.onnx', { data, target: 'occupation' })).toEqual([
      expect.stringContaining('it takes "age", which is no feature'),
      expect.stringContaining('"education_num" is float, but the column "education-num" holds text'),
      expect.stringContaining('it takes "occupation", the target'),
      expect.stringContaining("its classes are <=50K, >50K; the data's are"),
    ]);
  });

  it('is no model for another task', async () => {
    const found = await faults('model: income-columns.onnx', { target: 'capital-gain' });
    expect(found).toContainEqual(expect.stringContaining('it tells classes apart (<=50K, >50K)'));
  });

  it('fails as a candidate where it calls rows by other names than the data', async () => {
    const columns = 'columns: [age, education-num, capital-gain]';
    const prepared = await prepareWith(`model: income-matrix.onnx, ${columns}`);
    const [fit, ...rest] = pretrainedFits(prepared, planned(prepared).pretrained);
    expect(rest).toEqual([]);
    expect(fit).toMatchObject({ kind: 'failed', code: 'MODEL_SIGNATURE' });
    expect(fit?.kind === 'failed' && fit.message).toMatch(
      /it calls rows 0, 1; the data's classes are <=50K, >50K/,
    );
  });

  it('is found out where its probabilities stand in another order than its labels say', () => {
    const classes = ['no', 'yes'];
    const values = Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7);
    expect(contradiction(classes, values, ['no', 'no', 'yes'])).toBeNull();
    expect(contradiction(classes, values, ['yes', 'yes', 'no'])).toEqual({ said: 'yes', largest: 'no' });
  });

  it('is read as our own where this factory wrote it', async () => {
    const prepared = await prepareWith('model: own.onnx');
    const { dataset, development: train, holdout } = prepared;
    const { pipeline } = runFit(dataset, {
      ...{ trainer: 'logistic-regression', params: {}, seed: 1, train, test: holdout },
    });
    writeFileSync(join(folder, 'own.onnx'), writeOnnx(pipeline));
    const own = await prepareWith('model: own.onnx');
    const rows = Int32Array.from({ length: 40 }, (_, row) => row);
    expect(scores(own)).toEqual(pipelineScorer(pipeline).score(dataset.table, rows));
    expect(await faults('model: own.onnx, classes: [a, b]', { data: ', drop: [age]' })).toEqual([
      'MODEL_SIGNATURE: a model of this factory says its classes itself',
      expect.stringContaining('it takes "age", which is no feature of the data'),
    ]);
    expect(await faults('model: own.onnx', { target: 'age' })).toEqual([
      'MODEL_SIGNATURE: it is for the task binary, and this is regression',
    ]);
  });

  it('names the package where onnxruntime is not installed', async () => {
    const { dataset } = await prepareWith('model: hours.onnx, columns: [age, education-num]');
    const column = findColumn(dataset.table, 'age');
    if (column?.kind !== 'numeric') throw new Error('age is a number');
    const values = column.values.subarray(0, 2);
    const request = {
      model: readFileSync(join(folder, 'hours.onnx')),
      name: 'hours.onnx',
      rows: 2,
      outputs: 1,
    };
    const columns = [
      { name: 'age', values },
      { name: 'education-num', values },
    ];
    const score = () => scoreWithOnnxruntime({ ...request, columns, matrix: true, folders: [folder] });
    expect(score).toThrow(expect.objectContaining({ code: 'ONNXRUNTIME_MISSING' }));
    expect(score).toThrow(/onnxruntime-node, which scores it, is not installed/);
  });

  it.each([
    ['trainer: onnx', /says not which model/],
    ['trainer: dummy, model: a.onnx', /"model" has no meaning for the trainer dummy/],
    ['trainer: onnx, model: a.onnx, columns: [x, x]', /"x" stands twice in columns/],
    ['trainer: onnx, model: a.onnx, params: { C: 1 }', /unknown/],
  ])('is refused in the configuration: %s', (candidate, message) => {
    const text = `version: 1\nmodel: mine\ndata: { source: d.csv, target: y }\ncandidates: { bought: { ${candidate} } }`;
    expect(() => loadConfig(text, 'f.yml', catalogue)).toThrow(message);
  });
});
