import { createHash } from 'node:crypto';
import { UserError } from '../errors/user-error.ts';
import { hexOf } from './identity.ts';
import { timeOrder } from './split.ts';

/** Rows of one fold; row numbers ascend. Within a repeat, test rows don't overlap. */
export interface FoldRows {
  readonly repeat: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface DealOptions {
  /** Rows to deal, ascending. */
  readonly rows: Int32Array;
  /** One identity a table row (16 bytes): rows that share it stay in one fold. Groups give their own here. */
  readonly identities: Uint8Array;
  /** Stratum of each table row: its class, or the decile of its target. */
  readonly strata: ArrayLike<number>;
  readonly folds: number;
  readonly repeats: number;
  /** Folds that identities had on the base side, by repeat; they keep them. */
  readonly known?: ReadonlyMap<string, number>[] | undefined;
}

/**
 * Stratified folds: within each stratum, identities sorted by hash are dealt to the folds in turn, whole identities
 * to the fold with the fewest rows of that stratum so far. Identities that the base side knows keep their fold.
 * @throws UserError DATA_TOO_SMALL when a fold stays empty
 */
export function dealFolds(options: DealOptions): FoldRows[] {
  const dealt = Array.from({ length: options.repeats }, (_, repeat) => repeat).flatMap((repeat) => {
    const foldOf = dealOnce(options, repeat);
    return Array.from({ length: options.folds }, (_, fold) => ({
      repeat,
      train: options.rows.filter((_, i) => foldOf[i] !== fold),
      test: options.rows.filter((_, i) => foldOf[i] === fold),
    }));
  });
  return requireRows(dealt, options.folds);
}

/** @throws UserError DATA_TOO_SMALL when a fold has nothing to learn from or nothing to be tested on */
function requireRows(dealt: FoldRows[], folds: number): FoldRows[] {
  if (dealt.every(({ train, test }) => train.length > 0 && test.length > 0)) return dealt;
  throw new UserError({
    code: 'DATA_TOO_SMALL',
    message: `There are too few different rows, groups or times for ${folds} folds.`,
    fix: 'Lower validation.folds (or validation.gap), or add rows.',
  });
}

/** Fold of each entry of `rows`. */
function dealOnce({ rows, identities, strata, folds, known }: DealOptions, repeat: number): Uint8Array {
  const members = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const key = hexOf(identities, row);
    const list = members.get(key);
    if (list) list.push(i);
    else members.set(key, [i]);
  });
  const units = [...members].map(([key, list]) => ({
    key,
    order: orderKey(key, repeat),
    stratum: commonest(list.map((i) => strata[rows[i]!]!)),
    members: list,
  }));
  units.sort((a, b) => a.stratum - b.stratum || (a.order < b.order ? -1 : 1));
  const foldOf = new Uint8Array(rows.length);
  const filled = new Map<number, number[]>();
  const total = new Array<number>(folds).fill(0);
  const assign = (unit: (typeof units)[number], fold: number): void => {
    for (const i of unit.members) foldOf[i] = fold;
    const counts = filled.get(unit.stratum) ?? new Array<number>(folds).fill(0);
    filled.set(unit.stratum, counts);
    counts[fold]! += unit.members.length;
    total[fold]! += unit.members.length;
  };
  const fixed = known?.[repeat];
  for (const unit of units) {
    const fold = fixed?.get(unit.key);
    if (fold !== undefined && fold < folds) assign(unit, fold);
  }
  for (const unit of units) {
    if (fixed?.get(unit.key) === undefined) assign(unit, emptiest(filled.get(unit.stratum), total));
  }
  return foldOf;
}

/** The most frequent stratum of a unit, the smallest of several. */
function commonest(strata: number[]): number {
  if (strata.length === 1) return strata[0]!;
  const counts = new Map<number, number>();
  for (const stratum of strata) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  return [...counts].reduce((best, next) =>
    next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best,
  )[0];
}

/** The fold with the fewest rows of the stratum; the one with the fewest rows in all breaks a tie, then the first. */
function emptiest(counts: readonly number[] | undefined, total: readonly number[]): number {
  let best = 0;
  for (let fold = 1; fold < total.length; fold++) {
    const difference = (counts?.[fold] ?? 0) - (counts?.[best] ?? 0) || total[fold]! - total[best]!;
    if (difference < 0) best = fold;
  }
  return best;
}

/** The part of the identity that the hold-out's side doesn't use; hashed anew for each further repeat. */
function orderKey(identity: string, repeat: number): string {
  if (repeat === 0) return identity.slice(12);
  return createHash('sha256').update(`${identity}/${repeat}`).digest('hex');
}

/**
 * Expanding windows: rows in time order are cut into folds + 1 blocks of about equal size, rows of one moment
 * together; fold f is tested on block f + 1 and trained on what lies at least `gap` before it.
 * @param times one number a table row; `latestOfUnit` first where identities or groups have several rows
 * @throws UserError DATA_TOO_SMALL
 */
export function windowFolds(rows: Int32Array, times: Float64Array, folds: number, gap: number): FoldRows[] {
  const order = timeOrder(Float64Array.from(rows, (row) => times[row]!)).map((i) => rows[i]!);
  const borders = Array.from({ length: folds + 2 }, (_, block) => {
    let at = Math.round((block * order.length) / (folds + 1));
    while (at > 0 && at < order.length && times[order[at]!] === times[order[at - 1]!]) at++;
    return at;
  });
  const windows = Array.from({ length: folds }, (_, fold) => {
    const test = order.slice(borders[fold + 1], borders[fold + 2]);
    const start = test.length > 0 ? times[test[0]!]! : Infinity;
    const before = order.slice(0, borders[fold + 1]);
    const train = gap > 0 ? before.filter((row) => !(times[row]! > start - gap)) : before;
    return { repeat: 0, train: train.sort(), test: test.sort() };
  });
  return requireRows(windows, folds);
}

/**
 * Folds written down row by row: `foldOf[row]` for every table row; each distinct value is a fold, ascending.
 * @throws UserError FOLD_FILE when there are fewer than two
 */
export function givenFolds(rows: Int32Array, foldOf: ArrayLike<number>): FoldRows[] {
  const numbers = [...new Set(Array.from(rows, (row) => foldOf[row]!))].sort((a, b) => a - b);
  if (numbers.length < 2)
    throw new UserError({
      code: 'FOLD_FILE',
      message: 'The development rows are all in one fold.',
      at: { name: 'validation.fold-file' },
      fix: 'Number the rows of at least two folds, and none of them in the hold-out alone.',
    });
  return numbers.map((number) => ({
    repeat: 0,
    train: rows.filter((row) => foldOf[row] !== number),
    test: rows.filter((row) => foldOf[row] === number),
  }));
}

/** Class, or decile of the target, of each row. */
export function strataOf(y: Float64Array, rows: Int32Array, classes: number): Float64Array {
  if (classes > 0) return y;
  const sorted = Float64Array.from(rows, (row) => y[row]!).sort();
  const edges = Array.from({ length: 9 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / 10)] ?? 0);
  return y.map((value) => edges.filter((edge) => value >= edge).length);
}
