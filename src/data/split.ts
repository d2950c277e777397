import { hexOf, identityBytes } from './identity.ts';

/** Rows of a data set by side; row numbers ascend. */
export interface Split {
  readonly development: Int32Array;
  readonly holdout: Int32Array;
}

/** Everything is development: cross-validation decides. */
export function withoutHoldout(rows: number): Split {
  return { development: Int32Array.from({ length: rows }, (_, row) => row), holdout: new Int32Array(0) };
}

/**
 * The side depends on the row's identity (or its group's) and the salt in it alone: the first 48 bits as a fraction.
 * So appended rows move no other row.
 * @param identities rows × 16 bytes
 */
export function splitByIdentity(identities: Uint8Array, fraction: number): Split {
  return splitWhere(identities.length / identityBytes, (row) => uniformOf(identities, row) < fraction);
}

/**
 * The latest `fraction` of the rows is hold-out; rows of one moment stay together. A missing time counts as earliest.
 * @param times one number a row, any unit
 */
export function splitByTime(times: Float64Array, fraction: number): Split {
  const order = timeOrder(times);
  const start = Math.floor(order.length * (1 - fraction));
  const first = order[start];
  if (first === undefined) return withoutHoldout(times.length);
  const border = times[first]!;
  return splitWhere(times.length, (row) => times[row]! >= border);
}

/** Rows from earliest to latest; missing times first, ties in row order. */
export function timeOrder(times: Float64Array): Int32Array {
  const at = (row: number): number => (Number.isNaN(times[row]!) ? -Infinity : times[row]!);
  return Int32Array.from(times.keys()).sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b));
}

function splitWhere(rows: number, isHoldout: (row: number) => boolean): Split {
  const development: number[] = [];
  const holdout: number[] = [];
  for (let row = 0; row < rows; row++) (isHoldout(row) ? holdout : development).push(row);
  return { development: Int32Array.from(development), holdout: Int32Array.from(holdout) };
}

/** The first 48 bits of a row's identity as a number in [0, 1). */
function uniformOf(identities: Uint8Array, row: number): number {
  return parseInt(hexOf(identities, row).slice(0, 12), 16) / 281474976710656;
}
