import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exp, expm1, log, log1p, sigmoid, tanh } from '../../../src/numeric/elementary.ts';

const functions = { exp, log, log1p, expm1 };
const fixture = new URL('../../fixtures/elementary.json', import.meta.url);
const reference = JSON.parse(readFileSync(fixture, 'utf8')) as Record<keyof typeof functions, number[][]>;

const float = new Float64Array(1);
const integer = new BigInt64Array(float.buffer);

/** Position of a double on the line of all doubles, so that neighbours differ by 1. */
function position(x: number): bigint {
  float[0] = x;
  const bits = integer[0]!;
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

const ulps = (a: number, b: number): number => Math.abs(Number(position(a) - position(b)));

describe.each(Object.entries(functions))('%s', (name, ours) => {
  it('is within 1 ULP of the correctly rounded value', () => {
    const pairs = reference[name as keyof typeof functions];
    const worst = pairs.map(([x, expected]) => ({ x, ulps: ulps(ours(x!), expected!) }));
    expect(worst.filter((one) => one.ulps > 1)).toEqual([]);
    expect(pairs.length).toBeGreaterThan(100);
  });

  it('stays within 1 ULP of the engine over all doubles', () => {
    const engine = Math[name as keyof typeof functions];
    fc.assert(
      fc.property(fc.double(), (x) => {
        const expected = engine(x);
        if (Number.isNaN(expected)) expect(ours(x)).toBeNaN();
        else expect(ulps(ours(x), expected)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5000, seed: 1 },
    );
  });
});

describe('edges', () => {
  it('has the limits of IEEE 754', () => {
    expect([exp(0), exp(-0), exp(Infinity), exp(-Infinity), exp(710), exp(-746)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect([log(1), log(0), log(-0), log(Infinity)]).toEqual([0, -Infinity, -Infinity, Infinity]);
    expect([log1p(0), log1p(-0), log1p(-1), log1p(Infinity)]).toEqual([0, -0, -Infinity, Infinity]);
    expect([expm1(0), expm1(-Infinity), expm1(Infinity), expm1(-100)]).toEqual([0, -1, Infinity, -1]);
    for (const f of [exp, log, log1p, expm1, sigmoid]) expect(f(NaN)).toBeNaN();
    expect([log(-1), log1p(-1.5)]).toEqual([NaN, NaN]);
  });

  it('squashes to (0, 1), symmetric around 0', () => {
    expect([sigmoid(0), sigmoid(800), sigmoid(-800)]).toEqual([0.5, 1, 0]);
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 14);
      }),
    );
  });

  it('bends tanh to (-1, 1), close to the engine, odd and without loss near 0', () => {
    expect([tanh(0), tanh(-0), tanh(30), tanh(-30), tanh(Infinity), tanh(NaN)]).toEqual([
      0,
      -0,
      1,
      -1,
      1,
      NaN,
    ]);
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(ulps(tanh(x), Math.tanh(x))).toBeLessThanOrEqual(3);
        expect(tanh(-x)).toBe(-tanh(x));
      }),
      { numRuns: 5000, seed: 1, examples: [[1e-300], [-0.3], [20]] },
    );
  });

  it('gives the bits that are recorded here, on every machine', () => {
    const bits = [exp(1), exp(-0.3), log(10), log(0.7), log1p(0.5), expm1(-1.5), sigmoid(0.1)];
    expect(bits).toEqual([
      2.7182818284590455, 0.7408182206817179, 2.302585092994046, -0.35667494393873245, 0.4054651081081644,
      -0.7768698398515702, 0.52497918747894,
    ]);
  });
});
