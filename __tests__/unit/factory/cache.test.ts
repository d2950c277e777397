import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/contracts/digest.ts';
import type { PlannedCandidate } from '../../../src/contracts/plan.ts';
import {
  decodePredictions,
  encodePredictions,
  type PredictionsFile,
} from '../../../src/contracts/predictions.ts';
import type { Result } from '../../../src/contracts/result.ts';
import { readEntry, type Entry } from '../../../src/factory/cache/entry.ts';
import { resultKeyOf } from '../../../src/factory/cache/key.ts';
import { sealed } from '../../../src/factory/cache/seal.ts';
import { takeCached } from '../../../src/factory/cache/take.ts';
import { saveTrained } from '../../../src/factory/handover.ts';
import { makePlan } from '../../../src/factory/plan.ts';
import { prepare } from '../../../src/factory/prepare.ts';
import type { Prepared } from '../../../src/factory/prepared.ts';
import { openProject } from '../../../src/factory/project.ts';
import { trainCandidates, type TrainedCandidate } from '../../../src/factory/train.ts';

const adult = fileURLToPath(new URL('../../fixtures/data/adult-3000.csv', import.meta.url));
const worker = fileURLToPath(new URL('../../../src/fit-worker.ts', import.meta.url));
const people = readFileSync(adult, 'utf8').split('\n').slice(0, 501).join('\n');
const quiet = () => undefined;
const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-cache-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function open(table: string, data: string, ...more: readonly string[]): Promise<Prepared> {
  const folder = newFolder();
  writeFileSync(join(folder, 'rows.csv'), table);
  const text = ['version: 1', 'model: income', `data: { source: rows.csv, ${data} }`, ...more].join('\n');
  writeFileSync(join(folder, 'model-factory.yml'), text);
  const { loaded } = await openProject(join(folder, 'model-factory.yml'));
  return prepare({ config: loaded.config, folder, epoch: null });
}

function planned(prepared: Prepared): PlannedCandidate[] {
  return makePlan(prepared, {
    ...{ configFile: 'model-factory.yml', question: 'merge', commit: null, base: null, policyCommit: null },
    ...{ champion: null, maxShards: 1, latestRun: null, skip: null },
  }).candidates;
}

const train = (prepared: Prepared): Promise<TrainedCandidate[]> =>
  trainCandidates(prepared, planned(prepared), {
    workers: { threads: 1, entry: worker },
    progress: { update: quiet, finished: quiet, end: quiet },
    environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
    runUrl: null,
    now: () => new Date(0),
  });

const income = 'target: income, positive: ">50K"';
const two = 'candidates: { one: { trainer: logistic-regression }, other: { trainer: dummy } }';

describe('what is believed of an earlier result', () => {
  let prepared: Prepared;
  let candidate: PlannedCandidate;
  let key: string;
  let one: TrainedCandidate;
  let other: TrainedCandidate;

  beforeAll(async () => {
    prepared = await open(people, income, two);
    [candidate] = planned(prepared) as [PlannedCandidate];
    key = resultKeyOf(prepared, candidate)!;
    [one, other] = (await train(prepared)) as [TrainedCandidate, TrainedCandidate];
  });

  /** The entry as somebody leaves it who knows the format: every digest and the seal are right. */
  async function forged(change: Partial<TrainedCandidate>, about: Partial<Result> = {}): Promise<Entry> {
    const { predictions, model } = { ...one, ...change };
    const digests = {
      predictionsSha256: predictions && sha256(predictions),
      modelSha256: model && sha256(model),
      modelBytes: model?.length ?? null,
    };
    const folder = newFolder();
    const result = sealed({ ...one.result, ...digests, ...about }, key);
    await saveTrained(folder, [{ ...one, predictions, model, result }]);
    return readEntry(prepared, candidate, key, folder);
  }

  const rewritten = (change: (file: PredictionsFile) => Partial<PredictionsFile>): Uint8Array => {
    const file = decodePredictions(one.predictions!, 'one.bin');
    return encodePredictions({ ...file, ...change(file) });
  };

  it('what was left untouched, and scoring is timed anew', async () => {
    const entry = await forged({}, { predictMsPer1k: 1e9 });
    expect(entry).toMatchObject({ kind: 'found', trained: { result: { status: 'ok' } } });
    expect(entry.kind === 'found' && entry.trained.result.predictMsPer1k).toBeLessThan(1e9);
  });

  it.each<[string, () => Uint8Array]>([
    ["another candidate's predictions", () => other.predictions!],
    ['rows in another order', () => rewritten(({ identities }) => ({ identities: identities.toReversed() }))],
    [
      'other labels',
      () => rewritten(({ labelChecks }) => ({ labelChecks: labelChecks.map((check) => check ^ 1) })),
    ],
    ['other folds', () => rewritten(({ folds }) => ({ folds: folds.map((fold) => (fold + 1) % 5) }))],
    [
      'a row less',
      () => rewritten(({ rows, outputs, values }) => ({ rows: rows - 1, values: values.slice(outputs) })),
    ],
    ['another model', () => rewritten(() => ({ model: 'churn' }))],
    ['another fingerprint', () => rewritten(() => ({ fingerprint: sha256('x') }))],
    [
      'better predictions than the scores say',
      () => rewritten(({ values }) => ({ values: values.map((p) => (p > 0.5 ? 0.99 : 0.01)) })),
    ],
  ])('not %s', async (_, predictions) => {
    expect(await forged({ predictions: predictions() })).toEqual({
      kind: 'damaged',
      why: 'has predictions of other rows, labels or folds',
    });
  });

  it.each<[string, Partial<TrainedCandidate>, Partial<Result>, string]>([
    ['no predictions', { predictions: null }, {}, 'has no predictions beside it'],
    ['no model', { model: null }, {}, 'has no model beside it'],
    ['a model that is none', { model: new Uint8Array([1, 2, 3]) }, {}, "can't be"],
    ['better scores', {}, { metrics: {} }, 'has predictions of other rows, labels or folds'],
    [
      'that it was stopped, without a race',
      {},
      { status: 'stopped', stopped: 'x' },
      'is about another candidate',
    ],
    ['that it is the champion', {}, { role: 'champion' }, 'is about another candidate'],
    ['another seed', {}, { seed: 1 }, 'is about another candidate'],
  ])('not %s', async (_, files, about, why) => {
    expect(await forged(files, about)).toEqual({ kind: 'damaged', why: expect.stringContaining(why) });
  });

  it('not a model of other columns', async () => {
    const table = people.replace(/^age,/, 'years,');
    const [foreign] = await train(await open(table, income, two));
    expect(await forged({ model: foreign!.model })).toMatchObject({ kind: 'damaged' });
  });

  it('nothing with another key, and it is no damage', async () => {
    const folder = newFolder();
    await saveTrained(folder, [one]);
    expect(await readEntry(prepared, candidate, sha256('x'), folder)).toEqual({ kind: 'none' });
    const renamed = { ...one, result: sealed({ ...one.result, status: 'failed' }, key) };
    await saveTrained(folder, [renamed]);
    expect(await readEntry(prepared, candidate, key, folder)).toMatchObject({ kind: 'damaged' });
  });

  it('a place is asked only as long as something is missing', async () => {
    const folder = newFolder();
    await saveTrained(folder, [one, other]);
    const asked: string[] = [];
    const places = (function* () {
      for (const from of ['first', 'second']) {
        asked.push(from);
        yield { from, folderOf: () => folder };
      }
    })();
    const taken = await takeCached(prepared, planned(prepared), places, { info: quiet });
    expect(taken.map(({ result: { status, reuse } }) => [status, reuse?.from])).toEqual([
      ['cached', 'first'],
      ['cached', 'first'],
    ]);
    expect(asked).toEqual(['first']);
  });
});

describe('the key of a result', () => {
  const keysOf = (prepared: Prepared) => planned(prepared).map((own) => resultKeyOf(prepared, own));
  const lineUp = (n: number): string =>
    [
      'id,day,a,b,x',
      ...Array.from({ length: n }, (_, i) => `k${i},${i},${(i * 7) % 13},${(i * 5) % 17},${i % 9}`),
    ].join('\n');

  it('tells the target, as the fingerprint does', async () => {
    const rest = 'key: id, time: day, drop: [';
    const one = 'candidates: { one: { trainer: linear-regression } }';
    const [a, b] = [
      await open(lineUp(300), `target: a, ${rest}b]`, 'task: regression', one),
      await open(lineUp(300), `target: b, ${rest}a]`, 'task: regression', one),
    ];
    expect(planned(a)[0]!.fingerprint).not.toBe(planned(b)[0]!.fingerprint);
    expect(keysOf(a)).not.toEqual(keysOf(b));
  });

  it('tells factory, metrics, name, role and race', async () => {
    const prepared = await open(people, income, two);
    const [candidate] = planned(prepared) as [PlannedCandidate];
    const race = { method: 'racing', group: 'one', exempt: false, digest: sha256('x') } as const;
    const { settings } = prepared;
    const keys = [
      resultKeyOf(prepared, candidate),
      resultKeyOf(prepared, candidate, { factoryVersion: '99.0.0' }),
      resultKeyOf({ ...prepared, settings: { ...settings, metrics: ['log_loss'] } }, candidate),
      resultKeyOf(prepared, { ...candidate, name: 'two' }),
      resultKeyOf(prepared, { ...candidate, role: 'champion' }),
      resultKeyOf(prepared, { ...candidate, race }),
      resultKeyOf(prepared, { ...candidate, race: { ...race, exempt: true } }),
      resultKeyOf(prepared, { ...candidate, race: { ...race, digest: sha256('y') } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(resultKeyOf(prepared, { ...candidate, shard: 3 })).toBe(keys[0]);
  });

  it('is not there where nobody knows all that a result depends on', async () => {
    const prepared = await open(people, income, two);
    const [candidate] = planned(prepared) as [PlannedCandidate];
    const program = {
      run: 'python train.py',
      predict: null,
      timeoutMinutes: 1,
      env: [],
      tables: 'csv' as const,
    };
    const pretrained = { model: 'm.onnx', sha256: sha256('x'), columns: null, classes: null };
    const member = { name: 'm', trainer: 'tensorflow', params: {}, seed: 1 };
    for (const more of [{ program }, { pretrained }, { update: true as const }, { members: [member] }])
      expect(resultKeyOf(prepared, { ...candidate, ...more })).toBeNull();
  });
});
