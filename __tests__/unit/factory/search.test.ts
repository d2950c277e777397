import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makePlan } from '../../../src/factory/plan.ts';
import { openProject } from '../../../src/factory/project.ts';
import { prepare } from '../../../src/factory/prepare.ts';
import type { Prepared } from '../../../src/factory/prepared.ts';
import type { Fit } from '../../../src/factory/all-fits.ts';
import { halvingLane, halvingRounds } from '../../../src/factory/search/halving.ts';
import { partOfRows, resourceOf } from '../../../src/factory/search/part.ts';
import type { Step } from '../../../src/factory/search/lane.ts';
import { racingLane, type Runner } from '../../../src/factory/search/racing.ts';
import { refereeOf } from '../../../src/factory/search/referee.ts';
import { trainCandidates } from '../../../src/factory/train.ts';
import { Random } from '../../../src/numeric/random.ts';

const adult = fileURLToPath(new URL('../../fixtures/data/adult-3000.csv', import.meta.url));
const worker = fileURLToPath(new URL('../../../src/fit-worker.ts', import.meta.url));
const quiet = () => undefined;

describe('searches that stop early', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-search-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function open(candidates: string): Promise<Prepared> {
    writeFileSync(
      join(folder, 'people.csv'),
      readFileSync(adult, 'utf8').split('\n').slice(0, 1501).join('\n'),
    );
    const text = [
      'version: 1',
      'model: income',
      'data: { source: people.csv, target: income, positive: ">50K" }',
      `candidates: { ${candidates} }`,
    ];
    writeFileSync(join(folder, 'model-factory.yml'), text.join('\n'));
    const { loaded } = await openProject(join(folder, 'model-factory.yml'));
    return prepare({ config: loaded.config, folder, epoch: null });
  }

  async function train(prepared: Prepared, threads = 1) {
    const plan = makePlan(prepared, {
      ...{ configFile: 'model-factory.yml', question: 'merge', commit: null, base: null, policyCommit: null },
      ...{ champion: null, maxShards: 256, latestRun: null, skip: null },
    });
    const trained = await trainCandidates(prepared, plan.candidates, {
      workers: { threads, entry: worker },
      progress: { update: quiet, finished: quiet, end: quiet },
      environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
      runUrl: null,
      now: () => new Date(0),
    });
    return {
      plan,
      told: trained.map(({ result: { candidate, status, stopped, metrics, modelSha256 } }) => ({
        ...{ candidate, status, stopped, modelSha256, folds: metrics['log_loss']?.folds },
      })),
    };
  }

  const trees = (search: string) =>
    `trees: { trainer: gradient-boosting, params: { max_iter: 30 }, search: { ${search} space: { learning_rate: [0.0001, 0.1, 0.001, 0.12] } } }`;

  it('races: stops whoever can not win any more, and changes nothing for the others', async () => {
    const whole = await train(await open(trees('')));
    const raced = await train(await open(trees('method: racing,')));
    expect(raced.told.map(({ status, stopped }) => [status, stopped])).toEqual([
      ['stopped', expect.stringMatching(/^after 2 of 5 folds: could not win any more against trees-[24]$/)],
      ['ok', null],
      ['stopped', expect.stringMatching(/^after 2 of 5 folds: could not win any more against trees-[24]$/)],
      ['ok', null],
    ]);
    expect(raced.told[0]!.folds).toEqual([...whole.told[0]!.folds!.slice(0, 2), null, null, null]);
    for (const i of [1, 3]) expect(raced.told[i]).toEqual(whole.told[i]);
    expect(raced.plan.shards).toHaveLength(1);
  });

  it('halves: the best of each round go on', async () => {
    const prepared = await open(trees('method: halving, factor: 2,'));
    const { told } = await train(prepared);
    expect(told.filter(({ status }) => status === 'ok').length).toBeGreaterThan(0);
    expect(told.filter(({ status }) => status === 'stopped').map(({ stopped }) => stopped)).toContain(
      'in round 1 of 3, with 1/4 of the rows: not among the best 2 of 4',
    );
    expect(await train(prepared, 2)).toMatchObject({ told });
  });

  it('gives the same on any number of threads', async () => {
    const prepared = await open(
      `${trees('method: racing,')}, plain: { trainer: logistic-regression, grid: { C: [1, 2] } }`,
    );
    const one = await train(prepared, 1);
    expect((await train(prepared, 3)).told).toEqual(one.told);
  });

  it('keeps a search in one job', async () => {
    const prepared = await open(
      'trees: { trainer: random-forest, params: { n_estimators: 100000 }, search: { method: racing, space: { max_leaf_nodes: [4, 8, 16] } } }, ' +
        'more: { trainer: random-forest, params: { n_estimators: 100000 }, grid: { max_leaf_nodes: [4, 8, 16] } }',
    );
    const { shards, candidates } = makePlan(prepared, {
      ...{ configFile: 'model-factory.yml', question: 'merge', commit: null, base: null, policyCommit: null },
      ...{ champion: null, maxShards: 256, latestRun: null, skip: null },
    });
    expect(shards.map((shard) => shard.candidates.toSorted())).toEqual([
      ['trees-1', 'trees-2', 'trees-3'],
      ['more-1'],
      ['more-2'],
      ['more-3'],
    ]);
    expect(candidates.find(({ name }) => name === 'trees-2')?.race).toMatchObject({
      method: 'racing',
      group: 'trees',
    });
  });

  describe('racing', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await open('guess: { trainer: dummy }');
    });

    /** A race of candidates whose probabilities of the truth are drawn around `levels`. */
    function race(levels: readonly number[], seed: number, exempt = -1): (string | null)[] {
      const random = new Random(seed);
      const { folds, dataset } = prepared;
      const runners = levels.map((_, candidate): Runner => ({
        ...{ candidate, name: `c${candidate}`, exempt: candidate === exempt, refit: true },
        trial: { fits: [], rounds: [], stopped: null },
      }));
      const predictions = folds.map(({ test }) => {
        // Rows are hard or easy for all models alike.
        const common = Float64Array.from(test, () => 0.12 * random.normal());
        return levels.map((level) =>
          Float64Array.from(test).reduce(
            (p, row, i) => {
              const truth = Math.min(0.98, Math.max(0.02, level + common[i]! + 0.1 * random.normal()));
              const positive = dataset.y[row] === 1 ? truth : 1 - truth;
              p.set([1 - positive, positive], 2 * i);
              return p;
            },
            new Float64Array(2 * test.length),
          ),
        );
      });
      const lane = racingLane(runners, folds.length, refereeOf(prepared));
      const fitOf = ({ candidate, fold }: Step): Fit => ({
        ...{
          kind: 'fitted',
          model: null,
          predictMsPer1k: null,
          warnings: [],
          fitMs: 1,
          lines: [],
          iterations: 1,
        },
        predictions: fold === null ? new Float64Array(0) : predictions[fold]![candidate]!,
      });
      const waiting = lane.begin();
      for (let step = waiting.shift(); step; step = waiting.shift())
        waiting.push(...lane.ended(step, fitOf(step)));
      return runners.map(({ trial }) => trial.stopped);
    }

    it('stops the best in at most one search of twenty, though others are as good', () => {
      const races = Array.from({ length: 40 }, (_, seed) => race([0.7, 0.7, 0.7, 0.7, 0.7], seed));
      expect(races.filter(([first]) => first !== null).length).toBeLessThanOrEqual(2);
    });

    it('stops the clearly worse early, but never an exempt one', () => {
      expect(race([0.7, 0.6, 0.69], 1)[1]).toBe('after 2 of 5 folds: could not win any more against c0');
      expect(race([0.7, 0.6, 0.69], 1, 1)[1]).toBeNull();
    });
  });

  describe('halving', () => {
    it('takes the whole of a parameter from the recipe, or from the defaults of its trainer', () => {
      const trainer = 'tensorflow';
      expect(resourceOf({ trainer, params: { module: 'net.mjs', epochs: 8 } }, 'epochs')).toBe(8);
      expect(resourceOf({ trainer, params: { module: 'net.mjs' } }, 'epochs')).toBe(30);
      expect(resourceOf({ trainer: 'random-forest', params: {} }, 'n_estimators')).toBe(100);
      expect(resourceOf({ trainer: 'command', params: { epochs: 12 } }, 'epochs')).toBe(12);
    });

    it('begins as small as candidates and resource let it', () => {
      const shown = (candidates: number, whole: number, resource = 'rows') =>
        halvingRounds(candidates, { factor: 3, resource, whole }).map(
          (round) => `${round.shown}: ${round.goOn}`,
        );
      expect(shown(20, 100_000)).toEqual(['1/9: 7', '1/3: 3']);
      expect(shown(20, 500)).toEqual(['1/3: 7']);
      expect(shown(20, 100)).toEqual([]);
      expect(shown(2, 100_000)).toEqual([]);
      expect(shown(30, 60, 'max_iter')).toEqual(['1/9: 10', '1/3: 4']);
    });

    it('ends when everybody fails', () => {
      const runners = [0, 1, 2].map((candidate): Runner => ({
        ...{ candidate, name: `c${candidate}`, exempt: false, refit: true },
        trial: { fits: [], rounds: [], stopped: null },
      }));
      const referee = { score: () => 0, isWorse: () => false };
      const lane = halvingLane(runners, 2, { factor: 3, resource: 'rows', whole: 1000 }, referee);
      const failed: Fit = { kind: 'failed', code: 'TRAINING_FAILED', message: 'no', output: [], lines: [] };
      const steps = lane.begin();
      expect(steps).toHaveLength(6);
      expect(steps.flatMap((step) => lane.ended(step, failed))).toEqual([]);
    });

    it('takes the same share of each class, and more of the same with a larger one', async () => {
      const prepared = await open('guess: { trainer: dummy }');
      const rows = prepared.folds[0]!.train;
      const [small, large] = [partOfRows(prepared, rows, 1 / 9), partOfRows(prepared, rows, 1 / 3)];
      const positive = (of: Int32Array) => of.filter((row) => prepared.dataset.y[row] === 1).length;
      expect(small.every((row) => large.includes(row))).toBe(true);
      expect(positive(small)).toBe(Math.ceil(positive(rows) / 9));
      expect(large).toEqual(large.toSorted());
    });
  });
});
