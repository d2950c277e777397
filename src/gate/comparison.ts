import type { ComparisonRecord } from '../contracts/verdict.ts';

/**
 * Two models on the same rows. `estimate` is oriented: positive = the candidate is better, in the metric's units.
 * `lower` and `upper` are one-sided bounds at `level` each, so that lower > 0 says "better" at that level.
 */
export interface Compared {
  readonly kind: 'compared';
  readonly metric: string;
  /** The metric itself of either model. */
  readonly candidate: number;
  readonly champion: number;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly se: number;
  /** One-sided: the candidate is better, or worse. */
  readonly p: number;
  readonly pLess: number;
  /** Observations: rows, groups or time blocks. */
  readonly n: number;
  readonly rows: number;
  /** In the field's words, e.g. "paired t, Hall's correction, over 412 groups". */
  readonly method: string;
  /** Both models said exactly the same. */
  readonly identical: boolean;
}

export interface NotCompared {
  readonly kind: 'not-compared';
  /** `broken`: predictions are missing, not finite or about other rows; `undefined`: the metric has no value here. */
  readonly reason: 'broken' | 'undefined' | 'insufficient-data';
  /** A clause: "the prediction of row 12 is not a finite number". */
  readonly message: string;
}

export type Comparison = Compared | NotCompared;

/** The comparison as documents hold it. */
export function recordOf(comparison: Comparison): ComparisonRecord | null {
  if (comparison.kind === 'not-compared') return null;
  const { metric, estimate, lower, upper, level, p, n, rows, method } = comparison;
  return { metric, estimate, lower, upper, confidence: 1 - level, p, n, rows, method };
}
