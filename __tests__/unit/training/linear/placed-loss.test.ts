import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../../src/numeric/random.ts';
import { binomialLoss } from '../../../../src/training/linear/binomial.ts';
import { multinomialLoss } from '../../../../src/training/linear/multinomial.ts';
import { PlacedLoss, type LossData } from '../../../../src/training/linear/placed-loss.ts';
import { sparseRows } from '../../../../src/training/linear/sparse-rows.ts';
import { largestDifference } from '../fixture.ts';
import { trainingSetOf } from './given-rows.ts';

/** Rows of random numbers, a share of which is 0. */
const cases = fc.record({
  rows: fc.integer({ min: 1, max: 90 }),
  features: fc.integer({ min: 1, max: 9 }),
  classes: fc.integer({ min: 2, max: 5 }),
  filled: fc.constantFrom(0.1, 0.5, 1),
  scale: fc.constantFrom(0.1, 1, 30, 1000),
  intercept: fc.boolean(),
  seed: fc.nat(),
});
type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function made({ rows, features, classes, filled, scale, intercept, seed }: Case) {
  const random = new Random(seed);
  const x = Float32Array.from({ length: rows * features }, () =>
    random.next() < filled ? random.normal() : 0,
  );
  const y = Float64Array.from({ length: rows }, () => random.integer(classes));
  const costs = Float64Array.from({ length: rows }, () => random.next());
  const given: LossData = { x, rows, features, intercept, y, costs };
  const outputs = classes === 2 ? 1 : classes;
  const size = outputs * (features + (intercept ? 1 : 0));
  const weights = Float64Array.from({ length: size }, () => scale * random.normal());
  return { given, outputs, weights };
}

const lower = (matrix: Float64Array): Float64Array => {
  const size = Math.sqrt(matrix.length);
  return matrix.filter((_, at) => at % size <= Math.floor(at / size));
};

describe('PlacedLoss', () => {
  it('gives the same bits in WebAssembly and JavaScript', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { given, outputs, weights } = made(one);
        const [wasm, javascript] = (['wasm', 'javascript'] as const).map((kind) => {
          const loss = new PlacedLoss(given, outputs, kind);
          const point = loss.at(weights);
          const { value, gradient } = point;
          return { value, gradient, diagonal: point.diagonal(), hessian: lower(point.hessian()) };
        });
        expect(wasm).toEqual(javascript);
      }),
    );
  });

  it('is the loss of rows without their zeros, with its derivatives', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { given, outputs, weights } = made(one);
        const x = sparseRows(trainingSetOf(given), given.intercept);
        const penalty = new Float64Array(x.width).fill(1, 0, given.features);
        const rows = { x, y: given.y, costs: given.costs };
        const wanted = (
          outputs === 1 ? binomialLoss(rows, penalty) : multinomialLoss(rows, outputs, penalty)
        )(weights);
        const placed = new PlacedLoss(given, outputs);
        const found = placed.at(weights);
        expect(found.value).toBeCloseTo(wanted.value, 6 - Math.ceil(Math.log10(wanted.value + 1)));
        expect(largestDifference(found.gradient, wanted.gradient)).toBeLessThan(1e-8);
        expect(largestDifference(found.diagonal(), wanted.diagonal())).toBeLessThan(1e-8);
        const hessian = found.hessian();
        expect(largestDifference(lower(hessian), lower(wanted.hessian()))).toBeLessThan(1e-8);
        placed.at(weights.map((weight) => weight + 1));
        expect(found.hessian()).toEqual(hessian);
      }),
    );
  });

  it('counts each row several times on demand', () => {
    const { given, outputs, weights } = made({
      ...{ rows: 40, features: 3, classes: 3, filled: 1, scale: 1, intercept: true, seed: 4 },
    });
    const found = new PlacedLoss(given, outputs).hessian(weights, 7);
    const costs = given.costs.map((cost) => 7 * cost);
    const wanted = new PlacedLoss({ ...given, costs }, outputs).hessian(weights);
    expect(largestDifference(found, wanted)).toBeLessThan(1e-10);
  });

  it('stops at a missing value, which an encoding should have filled', () => {
    const { given, outputs, weights } = made({
      ...{ rows: 4, features: 3, classes: 2, filled: 1, scale: 1, intercept: true, seed: 4 },
    });
    given.x[5] = NaN;
    expect(() => new PlacedLoss(given, outputs).at(weights)).toThrow('its encoding must impute');
  });
});
