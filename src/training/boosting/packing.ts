/**
 * Row counts travel inside the hessian sums, so that a histogram needs two numbers for each bin and
 * `min_samples_leaf` is still exact: a row's packed hessian is `unit` + its hessian in whole steps, where the steps
 * of all rows together stay below `unit`. All terms are whole numbers below 2^53, so sums are exact in any order.
 */
export interface HessianPacking {
  /** What one row adds for being there. */
  readonly unit: number;
  /** 1 / unit, exact. */
  readonly inverseUnit: number;
  /** Hessian of one step; 0 where all hessians are 1. */
  readonly step: number;
  /** Hessian of a row apart from its steps: 1 where all hessians are 1, else 0. */
  readonly constant: number;
}

/** All hessians are 1: the packed hessian is the count. */
export const unitHessians: HessianPacking = { unit: 1, inverseUnit: 1, step: 0, constant: 1 };

/** For hessians p (1 - p) <= 1/4; about 21 binary digits for 100,000 rows, 15 for a million. */
export function probabilityHessians(rows: number): HessianPacking {
  let unit = 1;
  let bits = 0;
  for (; unit <= rows; unit *= 2) bits++;
  const digits = Math.max(0, Math.min(30, 53 - 2 * bits));
  let step = 1 / 4;
  for (let i = 0; i < digits; i++) {
    unit *= 2;
    step /= 2;
  }
  return { unit, inverseUnit: 1 / unit, step, constant: 0 };
}

/** For hessians of any size whose sum is at most `total`. */
export function weightedHessians(rows: number, total: number): HessianPacking {
  const { unit, inverseUnit, step } = probabilityHessians(rows);
  // Half of the room below `unit` is for the sum, half for rounding each row's to a whole step.
  let own = step;
  while (total / own > unit / 2) own *= 2;
  while (total > 0 && (2 * total) / own <= unit / 2) own /= 2;
  return { unit, inverseUnit, step: own, constant: 0 };
}

/** Rows in a sum of packed hessians. */
export function countOf(packed: number, { inverseUnit }: HessianPacking): number {
  return Math.floor(packed * inverseUnit);
}

/** Hessian in a sum of packed hessians. */
export function hessianOf(packed: number, { unit, inverseUnit, step, constant }: HessianPacking): number {
  const count = Math.floor(packed * inverseUnit);
  return (packed - count * unit) * step + count * constant;
}
