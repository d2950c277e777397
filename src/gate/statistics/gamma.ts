import { exp, log } from '../../numeric/elementary.ts';

/** A probability and its complement, each computed where it is small, so that neither loses digits. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

const HALF_LOG_TWO_PI = 0.9189385332046728;
const LANCZOS_G = 607 / 128;
/** Lanczos coefficients for g = 607/128, n = 15 (Godfrey, 2001). */
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5,
  -2.6190838401581408e-5, 3.6899182659531625e-6,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  return x < 10 ? lanczos(x) : stirling(x) + stirlingError(x);
}

function lanczos(x: number): number {
  let series = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) series += LANCZOS[i]! / (x - 1 + i);
  const t = x - 0.5 + LANCZOS_G;
  return HALF_LOG_TWO_PI + log(series) + (x - 0.5) * log(t) - t;
}

function stirling(x: number): number {
  return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI;
}

/** What Stirling's formula lacks: ln Γ(x) - ((x - ½) ln x - x + ½ ln 2π). */
export function stirlingError(x: number): number {
  if (x < 10) return lanczos(x) - stirling(x);
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360)))))) / x;
}

/** x ln(x / np) + np - x without cancellation near x = np (Loader, 2000). */
export function deviance(x: number, np: number): number {
  if (Math.abs(x - np) >= 0.1 * (x + np)) return x * log(x / np) + np - x;
  const v = (x - np) / (x + np);
  let sum = (x - np) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** The regularised incomplete gamma functions P(a, x) and Q(a, x): series below a + 1, continued fraction above. */
export function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  const front =
    a < 1
      ? exp(-x + a * log(x) - logGamma(a))
      : Math.sqrt(a / (2 * Math.PI)) * exp(-stirlingError(a) - deviance(a, x));
  if (x < a + 1) {
    const lower = front * gammaSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * gammaFraction(a, x);
  return { lower: 1 - upper, upper };
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; n < a + 1e6 && term >= sum * 1e-17; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/** Modified Lentz method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1e6; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 2e-16) break;
  }
  return h;
}

const TINY = 1e-300;

/** Keeps a denominator of Lentz's method from vanishing. */
export function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
