import type { HessianPacking } from './packing.ts';

/** 1.5 * 2^52: adding it and taking it off again rounds to a whole number. */
export const ROUNDER = 6755399441055744;

/**
 * Gradients up to 1 are rounded to 2^-30 by adding and taking off 1.5 * 2^22: sums over up to eight million rows are
 * then exact in any order, so that parent - child is the sibling to the last bit.
 */
const GRADIENT_ROUNDER = 6291456;

/** What to add to gradients of at most `largest` and take off again. */
export function gradientRounder(largest: number): number {
  return GRADIENT_ROUNDER * powerOfTwoAbove(largest);
}

/** A row with its hessian in whole steps. */
export function packedHessian({ unit, step }: HessianPacking, hessian: number): number {
  return step === 0 ? unit : unit + (hessian / step + ROUNDER - ROUNDER);
}

/** The least power of two that is at least `value`; 1 for 0. */
function powerOfTwoAbove(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  while (value > 0 && power / 2 >= value) power /= 2;
  return power;
}
