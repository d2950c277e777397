import { beta, normal } from './distributions.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Wilson's score interval for a share (Wilson, 1927), two-sided. */
export function wilson(successes: number, n: number, confidence: number): Interval {
  const z = normal.ppf((1 + confidence) / 2);
  const share = successes / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const radius = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return { lower: successes === 0 ? 0 : centre - radius, upper: successes === n ? 1 : centre + radius };
}

/** Exact interval for a share (Clopper and Pearson, 1934): each bound is wrong with probability at most `level`. */
export function clopperPearson(successes: number, n: number, level: number): Interval {
  return {
    lower: successes === 0 ? 0 : beta(successes, n - successes + 1).ppf(level),
    upper: successes === n ? 1 : beta(successes + 1, n - successes).ppf(1 - level),
  };
}
