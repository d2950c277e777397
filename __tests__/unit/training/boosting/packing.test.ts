import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countOf,
  hessianOf,
  probabilityHessians,
  unitHessians,
} from '../../../../src/training/boosting/packing.ts';

describe('probabilityHessians', () => {
  it('keeps count and hessian apart in any sum of any rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.25, noNaN: true }), { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 0, max: 5_000_000 }),
        (hessians, further) => {
          const packing = probabilityHessians(hessians.length + further);
          const steps = hessians.map((hessian) => Math.round(hessian / packing.step));
          const packed = steps.reduce((total, step) => total + packing.unit + step, 0);
          expect(countOf(packed, packing)).toBe(hessians.length);
          expect(hessianOf(packed, packing)).toBe(
            steps.reduce((total, step) => total + step, 0) * packing.step,
          );
        },
      ),
    );
  });

  it.each([1, 2, 3, 1000, 65_535, 65_536, 4_000_000, 60_000_000])(
    'sums %d rows of the largest hessian exactly',
    (rows) => {
      const packing = probabilityHessians(rows);
      const packed = rows * (packing.unit + 0.25 / packing.step);
      expect(packed).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
      expect(countOf(packed, packing)).toBe(rows);
      expect(hessianOf(packed, packing)).toBe(rows / 4);
    },
  );

  it('has steps below a ten-thousandth for a million rows', () => {
    expect(probabilityHessians(1e6).step).toBeLessThan(1e-4);
    expect(probabilityHessians(1e5).step).toBeLessThan(1e-6);
  });
});

describe('unitHessians', () => {
  it('counts', () => {
    expect([countOf(17, unitHessians), hessianOf(17, unitHessians)]).toEqual([17, 17]);
  });
});
