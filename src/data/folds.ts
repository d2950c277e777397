import { hash } from 'node:crypto';
import { UserError } from '../errors/user-error.ts';
import { hexOf, identityBytes } from './identity.ts';
import { numberIdentities } from './identity-table.ts';
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
  const { unitOf, rowsOf, first } = unitsAmong(rows, identities);
  const stratumOf = stratumOfUnits(unitOf, rowsOf, (i) => strata[rows[i]!]!);
  const keys = orderKeys(
    identities,
    first.map((i) => rows[i]!),
    repeat,
  );
  const order = Int32Array.from(first.keys()).sort(
    (a, b) => stratumOf[a]! - stratumOf[b]! || keys.high[a]! - keys.high[b]! || keys.low[a]! - keys.low[b]!,
  );
  const foldOf = new Uint8Array(rowsOf.length);
  const filled = new Map<number, number[]>();
  const total = new Array<number>(folds).fill(0);
  const assign = (unit: number, fold: number): void => {
    foldOf[unit] = fold;
    const counts = filled.get(stratumOf[unit]!) ?? new Array<number>(folds).fill(0);
    filled.set(stratumOf[unit]!, counts);
    counts[fold]! += rowsOf[unit]!;
    total[fold]! += rowsOf[unit]!;
  };
  const fixed = known?.[repeat];
  const fixedFold = (unit: number): number | undefined => fixed?.get(hexOf(identities, rows[first[unit]!]!));
  if (fixed)
    for (const unit of order) {
      const fold = fixedFold(unit);
      if (fold !== undefined && fold < folds) assign(unit, fold);
    }
  for (const unit of order)
    if (fixedFold(unit) === undefined) assign(unit, emptiest(filled.get(stratumOf[unit]!), total));
  return Uint8Array.from(unitOf, (unit) => foldOf[unit]!);
}

/** Rows of one identity are a unit: the unit of each entry of `rows`, and of each unit its size and first entry. */
function unitsAmong(rows: Int32Array, identities: Uint8Array) {
  const { numbers: unitOf, count } = numberIdentities(identities, rows);
  const first = new Int32Array(count);
  const rowsOf = new Int32Array(count);
  unitOf.forEach((unit, i) => {
    if (rowsOf[unit] === 0) first[unit] = i;
    rowsOf[unit]! += 1;
  });
  return { unitOf, rowsOf, first };
}

/** The most frequent stratum of each unit, the smallest of several. */
function stratumOfUnits(
  unitOf: Int32Array,
  rowsOf: Int32Array,
  stratumAt: (i: number) => number,
): Float64Array {
  const strata = new Float64Array(rowsOf.length);
  const several = new Map<number, number[]>();
  unitOf.forEach((unit, i) => {
    const stratum = stratumAt(i);
    if (rowsOf[unit] === 1) strata[unit] = stratum;
    else if (several.get(unit)?.push(stratum) === undefined) several.set(unit, [stratum]);
  });
  for (const [unit, all] of several) strata[unit] = commonest(all);
  return strata;
}

/** The most frequent stratum of a unit, the smallest of several. */
function commonest(strata: number[]): number {
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

/**
 * What orders the units of a stratum, 48 + 32 bits: the part of the identity that the hold-out's side doesn't use; hashed
 * anew for each further repeat.
 */
function orderKeys(identities: Uint8Array, rows: Int32Array, repeat: number) {
  const high = new Float64Array(rows.length);
  const low = new Float64Array(rows.length);
  rows.forEach((row, unit) => {
    const bytes =
      repeat === 0
        ? Buffer.from(identities.buffer, identities.byteOffset + row * identityBytes + 6, 10)
        : hash('sha256', `${hexOf(identities, row)}/${repeat}`, 'buffer');
    high[unit] = bytes.readUIntBE(0, 6);
    low[unit] = bytes.readUInt32BE(6);
  });
  return { high, low };
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
