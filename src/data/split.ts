import { UserError } from '../errors/user-error.ts';
import { hexOf, identityBytes } from './identity.ts';
import { numberIdentities } from './identity-table.ts';

/** Rows of a data set by side; row numbers ascend. */
export interface Split {
  readonly development: Int32Array;
  readonly holdout: Int32Array;
}

/** Everything is development: cross-validation decides. */
export function withoutHoldout(rows: number): Split {
  return { development: Int32Array.from({ length: rows }, (_, row) => row), holdout: new Int32Array(0) };
}

/** The first rows are development, the others a test set of their own. */
export function splitAt(development: number, rows: number): Split {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return { development: all.subarray(0, development), holdout: all.subarray(development) };
}

/**
 * The side depends on the row's identity (or its group's) and the salt in it alone: the first 48 bits as a fraction.
 * So appended rows move no other row.
 * @param identities rows × 16 bytes
 */
export function splitByIdentity(identities: Uint8Array, fraction: number): Split {
  return splitWhere(identities.length / identityBytes, (row) => uniformOf(identities, row) < fraction);
}

/** Hold-out are the units that a list names by their first 16 hexadecimal digits; later rows are development. */
export function splitByList(units: Uint8Array, listed: ReadonlySet<string>): Split {
  return splitWhere(units.length / identityBytes, (row) => listed.has(listKey(units, row)));
}

/**
 * A list of whole units among the given rows, in the order of their salted digests, with at least `count` rows.
 * @param units one identity a row, 16 bytes: the group's, or the row's own
 */
export function drawList(units: Uint8Array, among: Int32Array, count: number): string[] {
  const rowsOf = new Map<string, number>();
  for (const row of among) {
    const key = listKey(units, row);
    rowsOf.set(key, (rowsOf.get(key) ?? 0) + 1);
  }
  const order = [...rowsOf.keys()].sort();
  let rows = 0;
  const enough = order.findIndex((key) => (rows += rowsOf.get(key)!) >= count);
  return enough < 0 ? order : order.slice(0, enough + 1);
}

function listKey(units: Uint8Array, row: number): string {
  return hexOf(units, row).slice(0, 16);
}

/**
 * The latest `fraction` of the rows is hold-out; rows of one moment stay together, so it may be more. A missing time
 * counts as earliest.
 * @param times one number a row, any unit; `latestOfUnit` first where identities or groups have several rows
 * @throws UserError DATA_TOO_SMALL when so many rows are of the latest moment that most would be hold-out
 */
export function splitByTime(times: Float64Array, fraction: number): Split {
  const order = timeOrder(times);
  const at = (index: number): number => timeOf(times, order[index]!);
  let start = Math.floor(order.length * (1 - fraction));
  while (start > 0 && at(start) === at(start - 1)) start--;
  const share = 1 - start / order.length;
  if (share > Math.max(0.5, 1.5 * fraction))
    throw new UserError({
      code: 'DATA_TOO_SMALL',
      message: `${Math.round(100 * share)}% of the rows are of the latest time: they can not be split at ${fraction}.`,
      fix:
        'Name a finer column in data.time, remove data.group or a data.key that repeats over time, ' +
        'or remove data.time to split by row identity.',
    });
  return splitWhere(times.length, (row) => timeOf(times, row) >= at(start));
}

/**
 * Each row's time replaced by the latest one of its unit, so that a unit falls on one side whole.
 * @param units one identity a row (16 bytes): the group's, or the row's own
 */
export function latestOfUnit(times: Float64Array, units: Uint8Array): Float64Array {
  const { numbers: unitOf, count } = numberIdentities(units, Int32Array.from(times.keys()));
  const latest = new Float64Array(count).fill(NaN);
  unitOf.forEach((unit, row) => {
    const time = times[row]!;
    if (!(time <= latest[unit]!) && !Number.isNaN(time)) latest[unit] = time;
  });
  return Float64Array.from(unitOf, (unit) => latest[unit]!);
}

/** Rows from earliest to latest; missing times first, ties in row order. */
export function timeOrder(times: Float64Array): Int32Array {
  return Int32Array.from(times.keys()).sort((a, b) => {
    const first = timeOf(times, a);
    const second = timeOf(times, b);
    return first < second ? -1 : first > second ? 1 : a - b;
  });
}

function timeOf(times: Float64Array, row: number): number {
  const time = times[row]!;
  return Number.isNaN(time) ? -Infinity : time;
}

function splitWhere(rows: number, isHoldout: (row: number) => boolean): Split {
  const sides = { development: new Int32Array(rows), holdout: new Int32Array(rows) };
  let held = 0;
  for (let row = 0; row < rows; row++)
    if (isHoldout(row)) sides.holdout[held++] = row;
    else sides.development[row - held] = row;
  return {
    development: sides.development.slice(0, rows - held),
    holdout: sides.holdout.slice(0, held),
  };
}

/** The first 48 bits of a row's identity as a number in [0, 1). */
function uniformOf(identities: Uint8Array, row: number): number {
  const at = row * identityBytes;
  let high = 0;
  for (let i = 0; i < 6; i++) high = 256 * high + identities[at + i]!;
  return high / 281474976710656;
}
