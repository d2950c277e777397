import type { Notice } from '../contracts/plan.ts';
import { findMetric } from '../gate/metrics/metrics.ts';
import { predictionsOf } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';

/**
 * A notice where `max-drop` is a loss as large as that of guessing the average: a model that fell from perfect to
 * useless would still be within it.
 */
export function idleDropNotices({
  settings: { rankingMetric, maxDrop },
  dataset,
  development,
}: Pick<Prepared, 'settings' | 'dataset' | 'development'>): Notice[] {
  const { better, label, compute } = findMetric(rankingMetric);
  if (better !== 'lower' || typeof maxDrop !== 'number') return [];
  const average = averageOf(dataset, development);
  const values = Float64Array.from(
    { length: development.length * average.length },
    (_, i) => average[i % average.length]!,
  );
  const guessing = compute(predictionsOf(dataset, development, values));
  if (guessing === null || maxDrop < guessing) return [];
  return [
    {
      code: 'MAX_DROP_IDLE',
      column: null,
      message:
        `gate.block.max-drop lets ${label} become worse by ${maxDrop}, but guessing the average has only ` +
        `${Number(guessing.toPrecision(2))}: it stops next to nothing.`,
      fix: 'Write a share of the baseline’s such as 2%, or a value far below that.',
    },
  ];
}

/** Share of each class, or the mean. */
function averageOf({ classes, y }: Prepared['dataset'], rows: Int32Array): number[] {
  const mean = (value: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  if (classes.length === 0) return [mean((row) => y[row]!)];
  return classes.map((_, k) => mean((row) => (y[row] === k ? 1 : 0)));
}
