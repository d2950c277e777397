import { expandCandidates } from '../config/candidates.ts';
import type { Prepared } from './prepared.ts';
import { typicalMs } from './cost.ts';

/** What a run is expected to take; only the order of magnitude matters. */
export interface Forecast {
  readonly candidates: number;
  /** All fits one after the other, and those of the slowest candidate. */
  readonly totalMinutes: number;
  readonly longestMinutes: number;
}

/** Predicts the training time of a run from what `plan` spreads its jobs by. */
export function forecast({ config, settings, development, dataset, folds }: Prepared): Forecast {
  const size = { rows: development.length, features: dataset.inputs.length, fits: folds.length + 1 };
  const minutes = expandCandidates(settings.candidates, config.validation.seed).map(
    (recipe) => typicalMs(recipe, size) / 60_000,
  );
  return {
    candidates: minutes.length,
    totalMinutes: minutes.reduce((sum, value) => sum + value, 0),
    longestMinutes: Math.max(...minutes),
  };
}

/** A predicted time in words. */
export function inMinutes(minutes: number): string {
  return minutes < 1
    ? 'less than a minute'
    : minutes < 1.5
      ? 'about a minute'
      : `about ${Math.round(minutes)} minutes`;
}
