import { describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../../../src/contracts/ledger.ts';
import { withinBudget, type Offer } from '../../../src/factory/budget.ts';
import { costModel, timingsOf, typicalMs } from '../../../src/factory/cost.ts';
import { packShards, type Load } from '../../../src/factory/pack.ts';
import { exp } from '../../../src/numeric/elementary.ts';
import { Random } from '../../../src/numeric/random.ts';

const size = { rows: 10_000, features: 20, fits: 6 };

function run(candidates: readonly Partial<RunRecord['candidates'][number]>[], more: Partial<RunRecord> = {}) {
  return {
    ...{ rows: 10_000, features: 20, fits: 6, winner: null },
    candidates: candidates.map((own) => ({
      ...{ name: 'a', trainer: 'gradient-boosting', params: {}, status: 'ok', metrics: {}, trainMs: 0 },
      ...{ modelBytes: null, ...own },
    })),
    ...more,
  } as RunRecord;
}

describe('the predicted time of a candidate', () => {
  const predict = (record: RunRecord | null, trainer: string, params = {}, name = 'x') =>
    costModel(timingsOf(record, size, 1))({ name, trainer, params }, size);

  it('is what the same recipe took, in proportion to rows, features and fits', () => {
    const measured = run([{ params: { max_iter: 50 }, trainMs: 9000 }], {
      rows: 5000,
      features: 10,
      fits: 11,
    });
    expect(predict(measured, 'gradient-boosting', { max_iter: 50 })).toBeCloseTo((9000 * 4 * 6) / 11, 6);
  });

  it('is corrected by how the trainer did where the parameters are new', () => {
    const typical = typicalMs({ trainer: 'gradient-boosting', params: {} }, size);
    const measured = run([{ trainMs: 3 * typical }]);
    const wanted = { trainer: 'gradient-boosting', params: { max_iter: 700 } };
    expect(predict(measured, wanted.trainer, wanted.params)).toBeCloseTo(3 * typicalMs(wanted, size), 6);
    expect(predict(measured, 'random-forest')).toBe(
      typicalMs({ trainer: 'random-forest', params: {} }, size),
    );
  });

  it('leaves out what was not trained to the end, and tells programs apart by name', () => {
    const stopped = run([{ trainMs: 5, status: 'stopped' }]);
    expect(predict(stopped, 'gradient-boosting')).toBe(predict(null, 'gradient-boosting'));
    const cached = run([{ trainMs: 9000, status: 'cached' }]);
    expect(predict(cached, 'gradient-boosting')).toBeCloseTo(9000, 6);
    const programs = run([
      { name: 'slow', trainer: 'command', trainMs: 9000 },
      { name: 'quick', trainer: 'command', trainMs: 10 },
    ]);
    expect(predict(programs, 'command', {}, 'slow')).toBeCloseTo(9000, 6);
    expect(predict(programs, 'command', {}, 'quick')).toBeCloseTo(10, 6);
    expect(predict(programs, 'command', {}, 'new')).toBe(predict(null, 'command'));
  });

  it("takes today's features and fits where an older record doesn't tell them", () => {
    const old = run([{ trainMs: 9000 }], { features: null, fits: null });
    expect(predict(old, 'gradient-boosting')).toBeCloseTo(9000, 6);
  });
});

describe('jobs of equal length', () => {
  const minute = 60_000;
  const load = (ms: number, i: number, runsOn: string | null = null): Load => ({
    names: [`c-${i}`],
    ms,
    runsOn,
  });
  const longest = (shards: readonly { predictedMs: number }[]) =>
    Math.max(...shards.map(({ predictedMs }) => predictedMs));

  /** No schedule can be shorter. */
  function lowerBound(times: readonly number[], jobs: number): number {
    const sorted = times.toSorted((a, b) => b - a);
    const total = sorted.reduce((sum, ms) => sum + ms, 0);
    return Math.max(total / jobs, sorted[0]!, (sorted[jobs - 1] ?? 0) + (sorted[jobs] ?? 0));
  }

  const worlds: Record<string, (random: Random, i: number) => number> = {
    'all alike': () => 8 * minute,
    'evenly spread': (random) => (1 + 20 * random.next()) * minute,
    'log-normal': (random) => 6 * minute * exp(random.normal()),
    'heavy-tailed': (random) => (2 * minute) / Math.sqrt(1 - random.next()),
    'a grid of five trainers': (_, i) =>
      typicalMs(
        {
          trainer: [
            'gradient-boosting',
            'random-forest',
            'logistic-regression',
            'extra-trees',
            'neural-network',
          ][i % 5]!,
          params: {
            max_iter: 50 * (1 + (i % 9)),
            n_estimators: 50 * (1 + (i % 7)),
            hidden_layer_sizes: [32 * (1 + (i % 4))],
          },
        },
        { rows: 500_000, features: 30, fits: 6 },
      ),
  };

  it.each(Object.entries(worlds))(
    '1,000 candidates over 256 jobs, %s: within 15% of the best possible',
    (_, time) => {
      const random = new Random(5);
      const times = Array.from({ length: 1000 }, (_, i) => time(random, i));
      const shards = packShards(
        times.map((ms, i) => load(ms, i)),
        256,
      );
      expect(shards.length).toBe(256);
      expect(shards.flatMap(({ candidates }) => candidates)).toHaveLength(1000);
      expect(longest(shards)).toBeLessThanOrEqual(1.15 * lowerBound(times, 256));
    },
  );

  it('one job for what takes less than five minutes, and never more than allowed', () => {
    expect(
      packShards(
        [1, 1, 2].map((m, i) => load(m * minute, i)),
        20,
      ),
    ).toHaveLength(1);
    expect(
      packShards(
        [3, 3, 3].map((m, i) => load(m * minute, i)),
        20,
      ),
    ).toHaveLength(2);
    expect(
      packShards(
        Array.from({ length: 50 }, (_, i) => load(60 * minute, i)),
        20,
      ),
    ).toHaveLength(20);
  });

  it('shares jobs among runner labels by the time that each needs', () => {
    const loads = [
      ...Array.from({ length: 30 }, (_, i) => load(30 * minute, i, 'big')),
      ...Array.from({ length: 30 }, (_, i) => load(10 * minute, 100 + i)),
      load(1, 999, 'gpu'),
    ];
    const shards = packShards(loads, 20);
    expect(shards.map(({ index }) => index)).toEqual([...shards.keys()]);
    const of = (label: string | null) => shards.filter(({ runsOn }) => runsOn === label).length;
    expect([of('big'), of(null), of('gpu')]).toEqual([14, 5, 1]);
    expect(packShards(loads, 1)).toHaveLength(3);
  });
});

describe('a budget', () => {
  const offer = (name: string, ms: number, more: Partial<Offer> = {}): Offer => ({
    ...{ name, configured: name.split('-')[0]!, ms, required: false, proven: false },
    ...more,
  });
  const offers = [
    offer('boost-1', 50),
    offer('boost-2', 20),
    offer('boost-3', 30),
    offer('line-1', 5),
    offer('line-2', 6),
    offer('net', 100),
  ];
  const taken = (totalMs: number, more: readonly Offer[] = offers, searches: [string, number][] = []) =>
    [...withinBudget(more, { totalMs, searchMs: new Map(searches) })].toSorted();

  it('gives every configured candidate one before any gets a second, the quickest first', () => {
    expect(taken(40)).toEqual(['boost-2', 'line-1', 'line-2']);
    expect(taken(130)).toEqual(['boost-2', 'line-1', 'net']);
    expect(taken(1000)).toHaveLength(6);
  });

  it("takes the champion's recipe in any case, and last run's best before the rest", () => {
    const known = offers.map((own) => ({
      ...own,
      required: own.name === 'net',
      proven: own.name === 'boost-1',
    }));
    expect(taken(10, known)).toEqual(['net']);
    expect(taken(155, known)).toEqual(['boost-1', 'line-1', 'net']);
  });

  it('may limit one search', () => {
    expect(taken(Infinity, offers, [['boost', 55]])).toEqual([
      'boost-2',
      'boost-3',
      'line-1',
      'line-2',
      'net',
    ]);
  });

  it('never leaves nobody', () => {
    expect(taken(1)).toEqual(['line-1']);
  });
});
