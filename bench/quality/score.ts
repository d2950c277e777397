import { mean } from '../../src/numeric/sum.ts';
import { findMetric } from '../../src/gate/metrics/metrics.ts';

export interface Score {
  readonly metric: string;
  readonly ours: number;
  readonly reference: number;
  /** Positive = ours is worse. */
  readonly behind: number;
  readonly allowed: number;
}

const relative = new Set(['rmse', 'mae']);

/**
 * Compares the scores of the same folds. Ours may be behind by 0.003 (for errors in the target's unit by 0.3% of the
 * reference), by one row in the case of accuracy, or by one standard error of the differences fold by fold.
 */
export function compareScores(
  metric: string,
  ours: readonly number[],
  theirs: readonly number[],
  rows: number,
): Score {
  const sign = findMetric(metric).better === 'higher' ? 1 : -1;
  const differences = theirs.map((value, fold) => sign * (value - ours[fold]!));
  const reference = mean(theirs);
  return {
    metric,
    ours: mean(ours),
    reference,
    behind: mean(differences),
    allowed: Math.max(
      relative.has(metric) ? 0.003 * reference : 0.003,
      metric === 'accuracy' ? 1 / rows : 0,
      standardError(differences),
    ),
  };
}

function standardError(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
