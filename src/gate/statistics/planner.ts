import { normal } from './distributions.ts';

/** The chance of seeing a gain that the planner asks for. */
export const POWER = 0.8;

/** The gain that a test at this one-sided level shows 4 times in 5: (z_level + z_power) standard errors. */
export function detectableGain(se: number, level: number): number {
  return (normal.ppf(1 - level) + normal.ppf(POWER)) * se;
}

/** Rows that would settle a gain 4 times in 5, from a comparison of `n` rows with standard error `se`. */
export function rowsNeeded(se: number, n: number, gain: number, level: number): number | null {
  const ratio = detectableGain(se, level) / Math.abs(gain);
  const rows = Math.ceil(n * ratio * ratio);
  return Number.isSafeInteger(rows) && rows > 0 ? rows : null;
}

/** The same before any comparison, for accuracy: from the share of rows on which two models differ in being right. */
export function rowsNeededForShare(disagreement: number, gain: number, level: number): number | null {
  return rowsNeeded(Math.sqrt(disagreement), 1, gain, level);
}
