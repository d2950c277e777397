import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveSeed, Random } from '../../../src/numeric/random.ts';

const draws = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);

describe('Random', () => {
  it('gives the numbers that are recorded here, on every machine', () => {
    const random = new Random(7);
    expect(draws(4, () => random.uint32())).toMatchInlineSnapshot(`
      [
        1004282400,
        2200021487,
        1928073449,
        741806228,
      ]
    `);
    expect(draws(2, () => random.next())).toMatchInlineSnapshot(`
      [
        0.5656696667785289,
        0.5132114466788618,
      ]
    `);
    expect(draws(3, () => random.normal())).toMatchInlineSnapshot(`
      [
        1.170719761828895,
        0.22119921662173933,
        -0.8068733903337908,
      ]
    `);
    expect(random.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toMatchInlineSnapshot(`
      [
        1,
        5,
        6,
        3,
        4,
        2,
        7,
        0,
      ]
    `);
  });

  it('differs between neighbouring seeds from the first number on', () => {
    const first = new Set(Array.from({ length: 10000 }, (_, seed) => new Random(seed).uint32()));
    expect(first.size).toBeGreaterThan(9990);
  });

  it('is uniform: chi-squared over 64 cells stays below its 99.99% quantile', () => {
    const random = new Random(1);
    const cells = new Float64Array(64);
    for (let i = 0; i < 64000; i++) cells[Math.floor(random.next() * 64)]! += 1;
    const chi2 = cells.reduce((total, count) => total + ((count - 1000) * (count - 1000)) / 1000, 0);
    expect(chi2).toBeLessThan(114);
    expect(chi2).toBeGreaterThan(25);
  });

  it('draws normal numbers with mean 0, variance 1 and normal tails', () => {
    const random = new Random(2);
    const sample = draws(100000, () => random.normal());
    const mean = sample.reduce((a, b) => a + b, 0) / sample.length;
    const variance = sample.reduce((a, b) => a + (b - mean) * (b - mean), 0) / sample.length;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(sample.filter((x) => Math.abs(x) > 1.959964).length / sample.length).toBeCloseTo(0.05, 2);
  });

  it('keeps whole numbers below n and shuffles without losing anything', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(fc.integer()),
        (seed, n, array) => {
          const random = new Random(seed);
          const draw = random.integer(n);
          expect(Number.isInteger(draw) && draw >= 0 && draw < n).toBe(true);
          const ascending = (a: number, b: number): number => a - b;
          expect(random.shuffle([...array]).sort(ascending)).toEqual([...array].sort(ascending));
        },
      ),
    );
  });

  it('puts each element at each place equally often', () => {
    const random = new Random(3);
    const seen = new Float64Array(16);
    for (let i = 0; i < 40000; i++) {
      random.shuffle([0, 1, 2, 3]).forEach((element, place) => (seen[4 * place + element]! += 1));
    }
    for (const count of seen) expect(Math.abs(count - 10000)).toBeLessThan(400);
  });
});

describe('deriveSeed', () => {
  it('is fixed, and differs by seed and by name', () => {
    expect(deriveSeed(7, 'boosting')).toMatchInlineSnapshot(`945518860`);
    const seeds = [
      deriveSeed(7, 'a'),
      deriveSeed(7, 'b'),
      deriveSeed(8, 'a'),
      deriveSeed(7, ''),
      deriveSeed(7, 'ā'),
    ];
    expect(new Set(seeds).size).toBe(5);
  });

  it('rarely collides', () => {
    const seeds = new Set(Array.from({ length: 20000 }, (_, i) => deriveSeed(1, `candidate-${i}`)));
    expect(seeds.size).toBeGreaterThan(19990);
  });
});
