import type { Parameters } from '../contracts/fields.ts';
import type { Status } from '../contracts/result.ts';
import { orientation, type Metric } from './metrics/metric.ts';
import type { Predictions } from './predictions.ts';

/** A trained candidate, or the champion's recipe trained on today's data, as the gate sees it. */
export interface Contestant {
  readonly name: string;
  readonly role: 'candidate' | 'champion';
  readonly trainer: string;
  readonly params: Parameters;
  /** A candidate whose result never arrived is `failed` too. */
  readonly status: Status;
  readonly failure: string | null;
  /** Why a search gave it up: it counts among the candidates that were tried, and can't be the best. */
  readonly stopped: string | null;
  /** Scores on the validation folds; null = undefined. */
  readonly metrics: Readonly<Record<string, { readonly mean: number | null }>>;
  /** On the rows that are compared, the same rows in the same order for everyone; null where there are none. */
  readonly outOfFold: Predictions | null;
  readonly trainMs: number;
  readonly predictMsPer1k: number | null;
  readonly modelBytes: number | null;
  readonly modelSha256: string | null;
}

/** Whether all its fits were made: nobody else can be compared or promoted. */
export function isTrained({ status }: Pick<Contestant, 'status'>): boolean {
  return status === 'ok' || status === 'cached';
}

/** The score that ranks; null = none. */
export function scoreOf(contestant: Contestant, metric: string): number | null {
  const mean = contestant.metrics[metric]?.mean ?? null;
  return mean !== null && Number.isFinite(mean) ? mean : null;
}

/** Candidates by mean validation score, best first; equal scores by name; those without a score last. */
export function ranked(contestants: readonly Contestant[], metric: Metric): Contestant[] {
  const sign = orientation(metric);
  const key = (contestant: Contestant) => {
    const score = !isTrained(contestant) ? null : scoreOf(contestant, metric.name);
    return score === null ? -Infinity : sign * score;
  };
  return contestants
    .filter(({ role }) => role === 'candidate')
    .toSorted((a, b) => {
      const [ofA, ofB] = [key(a), key(b)];
      return ofA === ofB ? (a.name < b.name ? -1 : 1) : ofB - ofA;
    });
}
