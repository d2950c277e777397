import { studentT } from './distributions.ts';
import { momentsOf } from './paired-mean.ts';

export interface CorrectedT {
  readonly mean: number;
  readonly variance: number;
  readonly se: number;
  readonly df: number;
  /** Null where the differences don't vary. */
  readonly t: number | null;
  readonly p: number;
  readonly pLess: number;
  readonly pTwoSided: number;
  /** One-sided bounds at `level` each. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Corrected resampled t test on fold scores (Nadeau and Bengio, Machine Learning 52, 2003; repeated cross-validation:
 * Bouckaert and Frank, 2004). `testTrainRatio`: test rows / training rows, 1 / (k - 1) for k folds.
 * Null for fewer than two differences or one that isn't finite.
 */
export function nadeauBengio(
  differences: ArrayLike<number>,
  testTrainRatio: number,
  level: number,
): CorrectedT | null {
  const n = differences.length;
  if (n < 2) return null;
  const { mean, deviation } = momentsOf(differences);
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return null;
  const variance = deviation * deviation;
  const se = Math.sqrt((1 / n + testTrainRatio) * variance);
  const df = n - 1;
  if (se === 0) {
    const p = mean > 0 ? 0 : mean < 0 ? 1 : 0.5;
    const pTwoSided = mean === 0 ? 1 : 0;
    return { mean, variance, se, df, t: null, p, pLess: 1 - p, pTwoSided, lower: mean, upper: mean };
  }
  const student = studentT(df);
  const t = mean / se;
  const radius = student.ppf(1 - level) * se;
  return {
    ...{ mean, variance, se, df, t, p: student.sf(t), pLess: student.cdf(t) },
    pTwoSided: 2 * student.sf(Math.abs(t)),
    lower: mean - radius,
    upper: mean + radius,
  };
}
