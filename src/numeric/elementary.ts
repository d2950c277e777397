/**
 * exp, log and their kin from + - * / alone, so that every engine and processor gives the same bits
 * (ECMAScript leaves `Math.exp` and `Math.log` to the implementation). Each is within 1 ULP of the true value.
 * Argument reduction as in Muller, "Elementary Functions", chapter 11; plain Taylor coefficients, so that a
 * reader can check them.
 */

/** ln 2 in two parts; the first has 32 significant bits, so that k * LN2_HIGH is exact for |k| < 2048. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;
const SQRT2 = 1.4142135623730951;

/** Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number, ties to even. */
const ROUNDER = 6755399441055744;
const TWO_54 = 18014398509481984;
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019411;

/** POWERS[k + 1074] = 2^k for k = -1074 … 1023. */
const POWERS = powersOfTwo();

/** A double and its two halves; which half is the high one depends on the machine. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
double[0] = 1;
const HIGH = halves[1] === 0 ? 0 : 1;

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(1074 + 1024);
  powers[1074] = 1;
  for (let k = 1; k <= 1023; k++) powers[1074 + k] = powers[1073 + k]! * 2;
  for (let k = 1; k <= 1074; k++) powers[1074 - k] = powers[1075 - k]! / 2;
  return powers;
}

/** (e^r - 1 - r) / r^2 for |r| <= ln(2)/2, by its Taylor series to r^11 (next term < 2^-60 of the first). */
function exponentialTail(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120));
  const middle = 1 / 720 + r * (1 / 5040) + r2 * (1 / 40320 + r * (1 / 362880));
  const high = 1 / 3628800 + r * (1 / 39916800) + r2 * (1 / 479001600 + r * (1 / 6227020800));
  return low + r4 * (middle + r4 * high);
}

/** e to the power x. */
export function exp(x: number): number {
  if (!(x <= OVERFLOW)) return x > OVERFLOW ? Infinity : NaN;
  if (x < UNDERFLOW) return 0;
  const k = x * INVERSE_LN2 + ROUNDER - ROUNDER;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const value = 1 + (r + (r * r * exponentialTail(r) + (high - r - low)));
  if (k > 1023) return value * 2 * POWERS[1074 + 1023]!;
  if (k < -1021) return value * POWERS[1074 + 54 + k]! * (1 / TWO_54);
  return value * POWERS[1074 + k]!;
}

/** e to the power of each value, in place; a call of `exp` from elsewhere may cost an allocation for its result. */
export function expAll(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = exp(values[i]!);
}

/** e to the power x, minus 1, without loss of digits near 0. */
export function expm1(x: number): number {
  if (!(x <= OVERFLOW)) return x > OVERFLOW ? Infinity : NaN;
  if (x < -40) return -1;
  const k = x * INVERSE_LN2 + ROUNDER - ROUNDER;
  if (k === 0) return x + x * x * exponentialTail(x);
  if (k > 60) return exp(x) - 1;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const tail = r * r * exponentialTail(r) + (high - r - low);
  // 2^k (1 + r + tail) - 1 = 2^k ((1 - 2^-k) + r + tail), with the rounding of the first sum carried along.
  const one = 1 - POWERS[1074 - k]!;
  const sum = one + r;
  const back = sum - one;
  return (sum + (tail + (one - (sum - back) + (r - back)))) * POWERS[1074 + k]!;
}

/** 2 s^2 / 3 + 2 s^4 / 5 + …, so that log(1 + f) = 2 s + s * tail with s = f / (2 + f), |s| < 0.172. */
function logarithmTail(s: number): number {
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const low = 2 / 3 + z * (2 / 5) + z2 * (2 / 7 + z * (2 / 9));
  const middle = 2 / 11 + z * (2 / 13) + z2 * (2 / 15 + z * (2 / 17));
  const high = 2 / 19 + z * (2 / 21) + z2 * (2 / 23);
  return z * (low + z4 * (middle + z4 * high));
}

/** k ln 2 + log(1 + f) + correction; f = m - 1 exactly, with m in [sqrt(1/2), sqrt(2)]. */
function assemble(k: number, f: number, correction: number): number {
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  const rest = s * (half + logarithmTail(s));
  if (k === 0) return f - (half - (rest + correction));
  return k * LN2_HIGH - (half - (rest + (k * LN2_LOW + correction)) - f);
}

/** The natural logarithm; NaN below 0, -Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const subnormal = x < 2.2250738585072014e-308;
  double[0] = subnormal ? x * TWO_54 : x;
  let k = (halves[HIGH]! >>> 20) - 1023;
  let m = double[0] * POWERS[1074 - k]!;
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  return assemble(subnormal ? k - 54 : k, m - 1, 0);
}

/** log(1 + x) without loss of digits near 0; NaN below -1. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return x === 0 ? x : assemble(0, x, 0);
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x > TWO_54) return log(x);
  const u = 1 + x;
  double[0] = u;
  let k = (halves[HIGH]! >>> 20) - 1023;
  let m = u * POWERS[1074 - k]!;
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  return assemble(k, m - 1, lost / u);
}

/** The logistic function 1 / (1 + e^-x); keeps its relative precision for x < 0 down to -709, then gives 0. */
export function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** The hyperbolic tangent, within 2 ULP. */
export function tanh(x: number): number {
  if (x === 0) return x;
  const e = expm1(-2 * Math.abs(x));
  const value = -e / (2 + e);
  return x < 0 ? -value : value;
}
