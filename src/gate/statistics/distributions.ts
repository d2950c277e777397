import { incompleteBeta } from './beta.ts';
import { incompleteGamma } from './gamma.ts';

/** `cdf` = P(X <= x); `sf` = P(X > x), computed by itself, so that it keeps its digits far out. */
export interface Distribution {
  readonly cdf: (x: number) => number;
  readonly sf: (x: number) => number;
}

/** `ppf` = the x with cdf(x) = p, 0 < p < 1. */
export interface ContinuousDistribution extends Distribution {
  readonly ppf: (p: number) => number;
}

/** Completes a distribution with its quantiles by bisection to the last bit, in the smaller tail. */
function withQuantiles(distribution: Distribution, from: number, to: number): ContinuousDistribution {
  return { ...distribution, ppf: (p) => invert(distribution, p, from, to) };
}

function invert({ cdf, sf }: Distribution, p: number, from: number, to: number): number {
  if (!(p > 0 && p < 1)) return NaN;
  const above = p > 0.5 ? (x: number) => 1 - p - sf(x) : (x: number) => cdf(x) - p;
  let low = Number.isFinite(from) ? from : -1;
  while (!Number.isFinite(from) && above(low) > 0) low *= 2;
  let high = Number.isFinite(to) ? to : 1;
  while (!Number.isFinite(to) && above(high) < 0) high *= 2;
  for (let i = 0; i < 300; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (above(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function symmetric(upperTail: (x: number) => number): ContinuousDistribution {
  const sf = (x: number) => (x >= 0 ? upperTail(x) : 1 - upperTail(-x));
  return withQuantiles({ sf, cdf: (x) => sf(-x) }, -Infinity, Infinity);
}

/** The standard normal distribution. */
export const normal = symmetric((x) => incompleteGamma(0.5, (x * x) / 2).upper / 2);

/** Student's t with `df` degrees of freedom. */
export function studentT(df: number): ContinuousDistribution {
  return symmetric((x) => incompleteBeta(df / 2, 0.5, df / (df + x * x), (x * x) / (df + x * x)).lower / 2);
}

/** Chi-squared with `df` degrees of freedom. */
export function chiSquared(df: number): ContinuousDistribution {
  const tails = (x: number) => incompleteGamma(df / 2, x / 2);
  return withQuantiles({ cdf: (x) => tails(x).lower, sf: (x) => tails(x).upper }, 0, Infinity);
}

/** Fisher's F with `df1` and `df2` degrees of freedom. */
export function fisherF(df1: number, df2: number): ContinuousDistribution {
  const tails = (x: number) => {
    const scale = df1 * x + df2;
    return incompleteBeta(df1 / 2, df2 / 2, (df1 * x) / scale, df2 / scale);
  };
  return withQuantiles({ cdf: (x) => tails(x).lower, sf: (x) => tails(x).upper }, 0, Infinity);
}

/** Beta with shapes `a` and `b`. */
export function beta(a: number, b: number): ContinuousDistribution {
  const tails = (x: number) => incompleteBeta(a, b, x);
  return withQuantiles({ cdf: (x) => tails(x).lower, sf: (x) => tails(x).upper }, 0, 1);
}

/** Successes among `n` trials of probability `p`. */
export function binomial(n: number, p: number): Distribution {
  return {
    cdf: (k) => (k < 0 ? 0 : k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p, p).lower),
    sf: (k) => (k < 0 ? 1 : k >= n ? 0 : incompleteBeta(k + 1, n - k, p, 1 - p).lower),
  };
}
