import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dealFolds, givenFolds, strataOf, windowFolds } from '../../../src/data/folds.ts';
import {
  hexOf,
  identitiesOf,
  labelChecksOf,
  splitColumnsOf,
  vanishedShare,
} from '../../../src/data/identity.ts';
import { readRawCsv } from '../../../src/data/read-csv.ts';
import {
  drawList,
  latestOfUnit,
  splitByIdentity,
  splitByList,
  splitByTime,
} from '../../../src/data/split.ts';

const raw = (text: string) => readRawCsv([new TextEncoder().encode(text)], { file: 'a.csv' });
const upTo = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);
const hexes = (identities: Uint8Array) =>
  Array.from({ length: identities.length / 16 }, (_, row) => hexOf(identities, row));
const numbered = async (ids: readonly number[]) => {
  const table = await raw(`id,y\n${ids.map((id) => `${id},1`).join('\n')}\n`);
  return identitiesOf(table, upTo(ids.length), ['id'], 'salt');
};

describe('identitiesOf', () => {
  it('does not change with a new column, the order of columns in the file, or the label', async () => {
    const before = await raw('a,b,y\n1,x,0\n2.50,"q,r",1\n');
    const after = await raw('y,new,b,a\n1,7,x,1\n1,8,"q,r",2.50\n');
    const columns = splitColumnsOf(before, { target: 'y' });
    expect(columns).toEqual(['a', 'b']);
    expect(identitiesOf(after, upTo(2), columns, 's')).toEqual(identitiesOf(before, upTo(2), columns, 's'));
  });

  it('takes numbers by value and names made of digits as they are written', async () => {
    const keys = await raw('k,n\n1,a\n1.0,a\n1e0,a\n"1",a\n001,a\n-0,b\n0.00,b\nNA,c\nna,c\n');
    const [one, ...others] = hexes(identitiesOf(keys, upTo(9), ['k'], 's'));
    expect(others.slice(0, 3)).toEqual([one, one, one]);
    expect(new Set([one, ...others]).size).toBe(5);
  });

  it('is one row each, in any order', async () => {
    const rows = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 3 }), fc.integer()), {
      minLength: 1,
      maxLength: 30,
      selector: ([text, number]) =>
        `${text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)}|${number}`,
    });
    const quoted = (cells: readonly unknown[]) =>
      cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',');
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        fc.pre(cells.every(([text]) => !text.includes('\0')));
        const table = await raw(['a,b', ...cells.map(quoted)].join('\n'));
        const turned = await raw(['b,a', ...cells.toReversed().map(([a, b]) => quoted([b, a]))].join('\n'));
        const columns = ['a', 'b'];
        const identities = hexes(identitiesOf(table, upTo(cells.length), columns, 's'));
        expect(hexes(identitiesOf(turned, upTo(cells.length), columns, 's')).reverse()).toEqual(identities);
        expect(new Set(identities).size).toBe(cells.length);
      }),
    );
  });

  it('counts known identities that vanished', async () => {
    const known = await numbered([1, 2, 2, 3, 4]);
    expect(vanishedShare(known, await numbered([4, 9, 2]))).toBe(0.5);
    expect(vanishedShare(known, await numbered([4, 3, 2, 1]))).toBe(0);
  });

  it('tells cells apart that join to the same text, and salts apart', async () => {
    const table = await raw('a,b\nx,yz\nxy,z\n');
    const [first, second] = hexes(identitiesOf(table, upTo(2), ['a', 'b'], 's'));
    expect(first).not.toBe(second);
    expect(hexes(identitiesOf(table, upTo(2), ['a', 'b'], 't'))).not.toContain(first);
  });

  it('notices a changed label and only that', async () => {
    const identities = await numbered([1, 2]);
    const [a, b] = labelChecksOf(identities, (row) => ['yes', 'no'][row]!, 's');
    const [c, d] = labelChecksOf(identities, () => 'yes', 's');
    expect([a === c, b === d]).toEqual([true, false]);
  });
});

describe('splitByIdentity', () => {
  it('takes about the fraction, and appended rows move no other row', async () => {
    const ids = Array.from({ length: 3000 }, (_, id) => id);
    const small = splitByIdentity(await numbered(ids.slice(0, 2000)), 0.2);
    const grown = splitByIdentity(await numbered(ids), 0.2);
    expect(small.holdout.length / 2000).toBeGreaterThan(0.16);
    expect(small.holdout.length / 2000).toBeLessThan(0.24);
    expect([...grown.holdout.filter((row) => row < 2000)]).toEqual([...small.holdout]);
    expect(grown.holdout.length + grown.development.length).toBe(3000);
  });
});

describe('a listed hold-out', () => {
  const cases = fc.record({
    ids: fc.array(fc.nat(80), { minLength: 1, maxLength: 120 }),
    unseenFrom: fc.nat(80),
    count: fc.integer({ min: 1, max: 40 }),
    later: fc.array(fc.integer({ min: 81, max: 200 }), { maxLength: 40 }),
  });

  it('is whole units among the given rows, just as many as asked for, and later rows change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ ids, unseenFrom, count, later }) => {
        const units = await numbered(ids);
        const among = upTo(ids.length).filter((row) => ids[row]! >= unseenFrom);
        const list = drawList(units, among, count);
        const { development, holdout } = splitByList(units, new Set(list));
        expect([...development, ...holdout].sort((a, b) => a - b)).toEqual([...upTo(ids.length)]);
        expect(holdout.every((row) => ids[row]! >= unseenFrom)).toBe(true);
        const sides = new Map([...holdout].map((row) => [ids[row]!, 'holdout']));
        expect(development.some((row) => sides.has(ids[row]!))).toBe(false);
        expect(holdout.length).toBeGreaterThanOrEqual(Math.min(count, among.length));
        const lastUnit = ids.filter(
          (id) => id === ids[holdout.find((row) => last(units, row, list))!],
        ).length;
        expect(holdout.length - lastUnit).toBeLessThan(count);
        const grown = await numbered([...later, ...ids]);
        const moved = splitByList(grown, new Set(list)).holdout.map((row) => row - later.length);
        expect([...moved]).toEqual([...holdout]);
      }),
    );
  });

  const last = (units: Uint8Array, row: number, list: readonly string[]): boolean =>
    hexOf(units, row).slice(0, 16) === list.at(-1);
});

describe('splitByTime', () => {
  it('takes the latest rows and keeps one moment together', () => {
    const { development, holdout } = splitByTime(Float64Array.of(5, 1, 4, 4, 2, NaN, 3, 4, 0, 6), 0.3);
    expect([...holdout]).toEqual([0, 2, 3, 7, 9]);
    expect([...development]).toEqual([1, 4, 5, 6, 8]);
  });

  it('keeps a unit whole, on the side of its latest row', async () => {
    const times = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const units = await numbered([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
    const { holdout } = splitByTime(latestOfUnit(times, units), 0.2);
    expect([...holdout]).toEqual([0, 9]);
  });

  it('does not hold out most of the data because it is of one time', () => {
    const times = Float64Array.of(1, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    expect(() => splitByTime(times, 0.2)).toThrow('80% of the rows are of the latest time');
  });
});

describe('dealFolds', () => {
  const cases = fc.record({
    ids: fc.array(fc.nat(60), { minLength: 10, maxLength: 80 }),
    folds: fc.integer({ min: 2, max: 6 }),
    repeats: fc.integer({ min: 1, max: 3 }),
  });

  it('tests every row once a repeat and never splits an identity', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ ids, folds, repeats }) => {
        fc.pre(new Set(ids).size >= folds);
        const rows = upTo(ids.length);
        const dealt = dealFolds({
          rows,
          identities: await numbered(ids),
          strata: new Uint8Array(ids.length),
          folds,
          repeats,
        });
        for (let repeat = 0; repeat < repeats; repeat++) {
          const own = dealt.filter((fold) => fold.repeat === repeat);
          expect(own.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual([...rows]);
          for (const { train, test } of own) {
            const trained = new Set(Array.from(train, (row) => ids[row]));
            expect(Array.from(test, (row) => trained.has(ids[row]))).not.toContain(true);
            expect(train.length + test.length).toBe(ids.length);
          }
        }
      }),
    );
  });

  it('deals each class evenly, does not depend on row order, and differs between repeats', async () => {
    const ids = Array.from({ length: 103 }, (_, id) => id);
    const classOf = (id: number) => (id % 3 === 0 ? 1 : 0);
    const deal = async (order: readonly number[]) => {
      const folds = dealFolds({
        rows: upTo(order.length),
        identities: await numbered(order),
        strata: Float64Array.from(order, classOf),
        folds: 5,
        repeats: 2,
      });
      return folds.map(({ test }) => Array.from(test, (row) => order[row]!).sort((a, b) => a - b));
    };
    const dealt = await deal(ids);
    expect(await deal([...ids].reverse())).toEqual(dealt);
    const ones = dealt.slice(0, 5).map((test) => test.filter((id) => classOf(id) === 1).length);
    expect(Math.max(...ones) - Math.min(...ones)).toBeLessThanOrEqual(1);
    const sizes = dealt.slice(0, 5).map((test) => test.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(dealt.slice(5)).not.toEqual(dealt.slice(0, 5));
  });

  it('leaves identities in the fold that the base gave them', async () => {
    const identities = await numbered(Array.from({ length: 30 }, (_, id) => id));
    const known = [
      new Map(
        hexes(identities)
          .slice(0, 20)
          .map((key, i) => [key, i % 2]),
      ),
    ];
    const folds = dealFolds({
      rows: upTo(30),
      identities,
      strata: new Uint8Array(30),
      folds: 2,
      repeats: 1,
      known,
    });
    expect(Array.from(folds[0]!.test).filter((row) => row < 20)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(folds[0]!.test.length).toBe(15);
  });
});

describe('windowFolds', () => {
  it('never trains on the future, keeps a moment together and leaves the gap out', () => {
    const times = Float64Array.from({ length: 60 }, (_, row) => Math.floor(((row * 17) % 60) / 2));
    for (const { train, test } of windowFolds(upTo(60), times, 4, 3)) {
      const latest = Math.max(...Array.from(train, (row) => times[row]!));
      const earliest = Math.min(...Array.from(test, (row) => times[row]!));
      expect(latest).toBeLessThanOrEqual(earliest - 3);
      expect(test.length).toBeGreaterThan(8);
    }
  });
});

describe('folds that can not be made', () => {
  it('say that there is too little', async () => {
    const few = { identities: await numbered([1, 1, 1, 2]), strata: new Uint8Array(4), folds: 3, repeats: 1 };
    expect(() => dealFolds({ rows: upTo(4), ...few })).toThrow('for 3 folds');
    expect(() => windowFolds(upTo(4), Float64Array.of(1, 1, 1, 2), 2, 0)).toThrow('for 2 folds');
    expect(() => givenFolds(upTo(2), [3, 3])).toThrow('all in one fold');
  });
});

describe('givenFolds and strataOf', () => {
  it('uses the numbers as written', () => {
    const folds = givenFolds(Int32Array.of(0, 1, 3), [2, 0, 9, 2]);
    expect(folds.map(({ test }) => [...test])).toEqual([[1], [0, 3]]);
  });

  it('cuts a numeric target into deciles', () => {
    const strata = strataOf(
      Float64Array.from({ length: 100 }, (_, i) => i),
      upTo(100),
      0,
    );
    expect([strata[0], strata[9], strata[10], strata[99]]).toEqual([0, 0, 1, 9]);
  });
});
