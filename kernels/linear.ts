// The hot loops of logistic regression, compiled by AssemblyScript. The host lays out the memory and passes addresses.
// `src/training/linear/javascript-kernel.ts` does the same: both add in the same order, so they agree to the bit.
//
// Rows are either dense, float32 row after row, or lists of entries that aren't 0, each as u32 column and float32 value.
// Weights and sums are f64. Those of dense rows have `width` numbers, rounded up to pairs, then that of the intercept.

/** Bytes of a list's entry. */
const ENTRY: usize = 8;

/** Bytes of `width` f64, in pairs. */
function pairBytes(width: i32): usize {
  return (<usize>((width + 1) >> 1)) << 4;
}

/** Two neighbours in a dense row as f64; `last`: the row ends after the first. */
function pair(cell: usize, last: bool): v128 {
  return f64x2.promote_low_f32x4(last ? v128.load32_zero(cell) : v128.load64_zero(cell));
}

/** out[r] = sum over even columns of x[r] * weights + sum over odd ones + the intercept. */
export function timesDense(x: usize, width: i32, rows: i32, weights: usize, out: usize): void {
  const rowBytes = (<usize>width) << 2;
  const whole = (<usize>(width >> 1)) << 4;
  const odd = (width & 1) === 1;
  const intercept = load<f64>(weights + pairBytes(width));
  const end = out + ((<usize>rows) << 3);
  for (; out + 32 <= end; out += 32) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    let cell = x;
    for (let at: usize = 0; at < whole; at += 16) {
      const weight = v128.load(weights + at);
      a = f64x2.add(a, f64x2.mul(pair(cell, false), weight));
      b = f64x2.add(b, f64x2.mul(pair(cell + rowBytes, false), weight));
      c = f64x2.add(c, f64x2.mul(pair(cell + 2 * rowBytes, false), weight));
      d = f64x2.add(d, f64x2.mul(pair(cell + 3 * rowBytes, false), weight));
      cell += 8;
    }
    if (odd) {
      const weight = v128.load(weights + whole);
      a = f64x2.add(a, f64x2.mul(pair(cell, true), weight));
      b = f64x2.add(b, f64x2.mul(pair(cell + rowBytes, true), weight));
      c = f64x2.add(c, f64x2.mul(pair(cell + 2 * rowBytes, true), weight));
      d = f64x2.add(d, f64x2.mul(pair(cell + 3 * rowBytes, true), weight));
    }
    store<f64>(out, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1) + intercept);
    store<f64>(out, f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1) + intercept, 8);
    store<f64>(out, f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1) + intercept, 16);
    store<f64>(out, f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1) + intercept, 24);
    x += rowBytes << 2;
  }
  for (; out < end; out += 8) {
    let sum = f64x2.splat(0);
    let cell = x;
    for (let at: usize = 0; at < whole; at += 16) {
      sum = f64x2.add(sum, f64x2.mul(pair(cell, false), v128.load(weights + at)));
      cell += 8;
    }
    if (odd) sum = f64x2.add(sum, f64x2.mul(pair(cell, true), v128.load(weights + whole)));
    store<f64>(out, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + intercept);
    x += rowBytes;
  }
}

/** sums[j] += sum over the rows of x[r][j] * factors[r]; the intercept's: of factors[r]. */
export function addDense(x: usize, width: i32, rows: i32, factors: usize, sums: usize): void {
  const rowBytes = (<usize>width) << 2;
  const whole = (<usize>(width >> 1)) << 4;
  const odd = (width & 1) === 1;
  const last = sums + pairBytes(width);
  let total = load<f64>(last);
  const end = factors + ((<usize>rows) << 3);
  for (; factors + 32 <= end; factors += 32) {
    const a = v128.load64_splat(factors);
    const b = v128.load64_splat(factors, 8);
    const c = v128.load64_splat(factors, 16);
    const d = v128.load64_splat(factors, 24);
    total =
      total + load<f64>(factors) + load<f64>(factors, 8) + load<f64>(factors, 16) + load<f64>(factors, 24);
    let cell = x;
    for (let at: usize = 0; at < whole; at += 16) {
      let sum = v128.load(sums + at);
      sum = f64x2.add(sum, f64x2.mul(pair(cell, false), a));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + rowBytes, false), b));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + 2 * rowBytes, false), c));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + 3 * rowBytes, false), d));
      v128.store(sums + at, sum);
      cell += 8;
    }
    if (odd) {
      let sum = v128.load(sums + whole);
      sum = f64x2.add(sum, f64x2.mul(pair(cell, true), a));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + rowBytes, true), b));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + 2 * rowBytes, true), c));
      sum = f64x2.add(sum, f64x2.mul(pair(cell + 3 * rowBytes, true), d));
      v128.store(sums + whole, sum);
    }
    x += rowBytes << 2;
  }
  for (; factors < end; factors += 8) {
    const factor = v128.load64_splat(factors);
    total += load<f64>(factors);
    let cell = x;
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(pair(cell, false), factor)));
      cell += 8;
    }
    if (odd)
      v128.store(sums + whole, f64x2.add(v128.load(sums + whole), f64x2.mul(pair(cell, true), factor)));
    x += rowBytes;
  }
  store<f64>(last, total);
}

/** sums[j] += sum over the rows of x[r][j]^2 * factors[r]; the intercept's: of factors[r]. */
export function squareDense(x: usize, width: i32, rows: i32, factors: usize, sums: usize): void {
  const whole = (<usize>(width >> 1)) << 4;
  const odd = (width & 1) === 1;
  const last = sums + pairBytes(width);
  const end = factors + ((<usize>rows) << 3);
  for (; factors < end; factors += 8) {
    const factor = v128.load64_splat(factors);
    store<f64>(last, load<f64>(last) + load<f64>(factors));
    for (let at: usize = 0; at < whole; at += 16) {
      const own = pair(x, false);
      v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(f64x2.mul(own, own), factor)));
      x += 8;
    }
    if (odd) {
      const own = pair(x, true);
      v128.store(sums + whole, f64x2.add(v128.load(sums + whole), f64x2.mul(f64x2.mul(own, own), factor)));
      x += 4;
    }
  }
}

/** out[i][j] += sum over the rows of x[r][i] * factors[r] * x[r][j], for j up to i; `width` numbers in a row, in pairs. */
export function gramDense(x: usize, width: i32, rows: i32, factors: usize, out: usize): void {
  const rowBytes = (<usize>width) << 2;
  const outBytes = pairBytes(width);
  const whole = (<usize>(width >> 1)) << 4;
  const end = factors + ((<usize>rows) << 3);
  for (; factors + 32 <= end; factors += 32) {
    const b = x + rowBytes;
    const c = b + rowBytes;
    const d = c + rowBytes;
    let to = out;
    for (let i: usize = 0; i < rowBytes; i += 4) {
      const fa = f64x2.splat(<f64>load<f32>(x + i) * load<f64>(factors));
      const fb = f64x2.splat(<f64>load<f32>(b + i) * load<f64>(factors, 8));
      const fc = f64x2.splat(<f64>load<f32>(c + i) * load<f64>(factors, 16));
      const fd = f64x2.splat(<f64>load<f32>(d + i) * load<f64>(factors, 24));
      const stop = (i << 1) + 8;
      for (let at: usize = 0; at < stop; at += 16) {
        const cut = at === whole;
        const cell = at >> 1;
        let sum = v128.load(to + at);
        sum = f64x2.add(sum, f64x2.mul(fa, pair(x + cell, cut)));
        sum = f64x2.add(sum, f64x2.mul(fb, pair(b + cell, cut)));
        sum = f64x2.add(sum, f64x2.mul(fc, pair(c + cell, cut)));
        sum = f64x2.add(sum, f64x2.mul(fd, pair(d + cell, cut)));
        v128.store(to + at, sum);
      }
      to += outBytes;
    }
    x += rowBytes << 2;
  }
  for (; factors < end; factors += 8) {
    let to = out;
    for (let i: usize = 0; i < rowBytes; i += 4) {
      const factor = f64x2.splat(<f64>load<f32>(x + i) * load<f64>(factors));
      const stop = (i << 1) + 8;
      for (let at: usize = 0; at < stop; at += 16)
        v128.store(
          to + at,
          f64x2.add(v128.load(to + at), f64x2.mul(factor, pair(x + (at >> 1), at === whole))),
        );
      to += outBytes;
    }
    x += rowBytes;
  }
}

/**
 * Lists the entries of dense rows that aren't 0, with `intercept` 1 an entry of 1 behind them; `starts` gets the address
 * where each row's list ends.
 */
export function listEntries(
  x: usize,
  width: i32,
  rows: i32,
  intercept: i32,
  starts: usize,
  entries: usize,
): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) {
      const bits = load<u32>(x);
      store<u64>(entries, (<u64>j) | ((<u64>bits) << 32));
      entries += (<usize>(bits << 1 !== 0)) << 3;
      x += 4;
    }
    if (intercept) {
      store<u64>(entries, (<u64>width) | ((<u64>0x3f800000) << 32));
      entries += ENTRY;
    }
    store<u32>(starts + ((<usize>r) << 2), <u32>entries);
  }
}

/** out[r] = sum over the entries of row r of value * weights[column]; row r's begin where the list before ends. */
export function timesEntries(starts: usize, rows: i32, weights: usize, out: usize): void {
  let entry = <usize>load<u32>(starts);
  for (let r = 0; r < rows; r++) {
    starts += 4;
    const end = <usize>load<u32>(starts);
    let sum: f64 = 0;
    for (; entry < end; entry += ENTRY)
      sum += <f64>load<f32>(entry, 4) * load<f64>(weights + ((<usize>load<u32>(entry)) << 3));
    store<f64>(out, sum);
    out += 8;
  }
}

/** sums[column] += sum over the rows of value * factors[r]. */
export function addEntries(starts: usize, rows: i32, factors: usize, sums: usize): void {
  let entry = <usize>load<u32>(starts);
  for (let r = 0; r < rows; r++) {
    starts += 4;
    const end = <usize>load<u32>(starts);
    const factor = load<f64>(factors);
    factors += 8;
    for (; entry < end; entry += ENTRY) {
      const at = sums + ((<usize>load<u32>(entry)) << 3);
      store<f64>(at, load<f64>(at) + <f64>load<f32>(entry, 4) * factor);
    }
  }
}

/** sums[column] += sum over the rows of value^2 * factors[r]. */
export function squareEntries(starts: usize, rows: i32, factors: usize, sums: usize): void {
  let entry = <usize>load<u32>(starts);
  for (let r = 0; r < rows; r++) {
    starts += 4;
    const end = <usize>load<u32>(starts);
    const factor = load<f64>(factors);
    factors += 8;
    for (; entry < end; entry += ENTRY) {
      const value = <f64>load<f32>(entry, 4);
      const at = sums + ((<usize>load<u32>(entry)) << 3);
      store<f64>(at, load<f64>(at) + value * value * factor);
    }
  }
}

/** out[i][j] += sum over the rows of x[r][i] * factors[r] * x[r][j], for j up to i; `width` numbers in a row. */
export function gramEntries(starts: usize, width: i32, rows: i32, factors: usize, out: usize): void {
  const rowBytes = (<usize>width) << 3;
  let first = <usize>load<u32>(starts);
  for (let r = 0; r < rows; r++) {
    starts += 4;
    const end = <usize>load<u32>(starts);
    const factor = load<f64>(factors);
    factors += 8;
    for (let i = first; i < end; i += ENTRY) {
      const scaled = <f64>load<f32>(i, 4) * factor;
      const to = out + <usize>load<u32>(i) * rowBytes;
      for (let j = first; j <= i; j += ENTRY) {
        const at = to + ((<usize>load<u32>(j)) << 3);
        store<f64>(at, load<f64>(at) + scaled * <f64>load<f32>(j, 4));
      }
    }
    first = end;
  }
}

// `src/numeric/elementary.ts` explains these.
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const INVERSE_LN2: f64 = 1.4426950408889634;
const SQRT2: f64 = 1.4142135623730951;
const ROUNDER: f64 = 6755399441055744;

function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

function plus(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

function minus(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

function by(a: v128, factor: f64): v128 {
  return f64x2.mul(a, f64x2.splat(factor));
}

/** a + r b + r2 (c + r d). */
function four(r: v128, r2: v128, a: f64, b: f64, c: f64, d: f64): v128 {
  return plus(plus(f64x2.splat(a), by(r, b)), times(r2, plus(f64x2.splat(c), by(r, d))));
}

/** e to the power of two numbers in -708 … 0. */
function exp(x: v128): v128 {
  const rounder = f64x2.splat(ROUNDER);
  const shifted = plus(by(x, INVERSE_LN2), rounder);
  const k = minus(shifted, rounder);
  const high = minus(x, by(k, LN2_HIGH));
  const low = by(k, LN2_LOW);
  const r = minus(high, low);
  const r2 = times(r, r);
  const r4 = times(r2, r2);
  const first = four(r, r2, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120);
  const second = four(r, r2, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880);
  const third = four(r, r2, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800);
  const tail = plus(first, times(r4, plus(second, times(r4, third))));
  const value = plus(f64x2.splat(1), plus(r, plus(times(r2, tail), minus(minus(high, r), low))));
  // The lowest bits of the shifted number are k.
  const power = i64x2.shl(i64x2.add(i64x2.sub(shifted, rounder), i64x2.splat(1023)), 52);
  return times(value, power);
}

/** log(1 + f) = 2 s + s * this with s = f / (2 + f). */
function logarithmTail(s: v128): v128 {
  const z = times(s, s);
  const z2 = times(z, z);
  const z4 = times(z2, z2);
  const first = four(z, z2, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9);
  const second = four(z, z2, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17);
  const third = plus(plus(f64x2.splat(2.0 / 19), by(z, 2.0 / 21)), by(z2, 2.0 / 23));
  return times(z, plus(first, times(z4, plus(second, times(z4, third)))));
}

/** k ln 2 + log(1 + f) + correction, for k = 0 or more. */
function assemble(k: v128, f: v128, correction: v128): v128 {
  const s = f64x2.div(f, plus(f64x2.splat(2), f));
  const half = times(by(f, 0.5), f);
  const rest = times(s, plus(half, logarithmTail(s)));
  const near = minus(f, minus(half, plus(rest, correction)));
  const inner = minus(half, plus(rest, plus(by(k, LN2_LOW), correction)));
  const far = minus(by(k, LN2_HIGH), minus(inner, f));
  return v128.bitselect(near, far, f64x2.eq(k, f64x2.splat(0)));
}

/** log(1 + x) of two numbers in 0 … 1. */
function log1p(x: v128): v128 {
  const one = f64x2.splat(1);
  const small = f64x2.lt(x, f64x2.splat(0.41));
  const u = plus(one, x);
  const halved = v128.andnot(f64x2.gt(u, f64x2.splat(SQRT2)), small);
  const k = v128.and(one, halved);
  const m = v128.bitselect(by(u, 0.5), u, halved);
  const f = v128.bitselect(x, minus(m, one), small);
  const correction = v128.andnot(f64x2.div(minus(x, minus(u, one)), u), small);
  return assemble(k, f, correction);
}

/** log of two numbers from 1 on. */
function log(x: v128): v128 {
  const one = f64x2.splat(1);
  const exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  const m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), one);
  const halved = f64x2.gt(m, f64x2.splat(SQRT2));
  // -1 where halved: subtracting adds 1.
  const power = i64x2.sub(exponent, halved);
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(power, power, 0, 2, 0, 2));
  const reduced = v128.bitselect(by(m, 0.5), m, halved);
  return assemble(k, minus(reduced, one), f64x2.splat(0));
}

/**
 * Turns scores of `rows` rows (an even number of them) into slopes, cost * (p - y), and stores the curvatures,
 * cost * p * (1 - p). Returns the sum of cost * log loss, over even rows + over odd ones.
 */
export function binomial(scores: usize, y: usize, costs: usize, curvatures: usize, rows: i32): f64 {
  const one = f64x2.splat(1);
  const bytes = (<usize>rows) << 3;
  let value = f64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const score = v128.load(scores + at);
    const target = v128.load(y + at);
    const cost = v128.load(costs + at);
    const small = exp(f64x2.max(f64x2.neg(f64x2.abs(score)), f64x2.splat(-708)));
    const whole = plus(one, small);
    const share = f64x2.div(small, whole);
    const isPositive = f64x2.ge(score, f64x2.splat(0));
    const positive = v128.bitselect(f64x2.div(one, whole), share, isPositive);
    const loss = plus(minus(v128.and(score, isPositive), times(target, score)), log1p(small));
    value = plus(value, times(cost, loss));
    v128.store(scores + at, times(cost, minus(positive, target)));
    v128.store(curvatures + at, f64x2.div(times(cost, share), whole));
  }
  return f64x2.extract_lane(value, 0) + f64x2.extract_lane(value, 1);
}

/**
 * Turns scores of `rows` rows (an even number of them), class after class at `stride` bytes, into probabilities and
 * stores the slopes, cost * (p - whether it is the row's class). Returns the sum of cost * log loss as above.
 */
export function softmax(
  scores: usize,
  slopes: usize,
  stride: usize,
  classes: i32,
  y: usize,
  costs: usize,
  rows: i32,
): f64 {
  const one = f64x2.splat(1);
  const bytes = (<usize>rows) << 3;
  const all = <usize>classes * stride;
  let value = f64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const label = v128.load(y + at);
    const cost = v128.load(costs + at);
    let top = v128.load(scores + at);
    for (let k = stride; k < all; k += stride) top = f64x2.max(top, v128.load(scores + k + at));
    let own = f64x2.splat(0);
    let total = f64x2.splat(0);
    let number: f64 = 0;
    for (let k: usize = 0; k < all; k += stride) {
      const score = v128.load(scores + k + at);
      own = v128.bitselect(score, own, f64x2.eq(label, f64x2.splat(number)));
      const power = exp(f64x2.max(minus(score, top), f64x2.splat(-708)));
      v128.store(scores + k + at, power);
      total = plus(total, power);
      number += 1;
    }
    number = 0;
    for (let k: usize = 0; k < all; k += stride) {
      const share = f64x2.div(v128.load(scores + k + at), total);
      v128.store(scores + k + at, share);
      const is = v128.and(one, f64x2.eq(label, f64x2.splat(number)));
      v128.store(slopes + k + at, times(cost, minus(share, is)));
      number += 1;
    }
    value = plus(value, times(cost, minus(plus(log(total), top), own)));
  }
  return f64x2.extract_lane(value, 0) + f64x2.extract_lane(value, 1);
}
