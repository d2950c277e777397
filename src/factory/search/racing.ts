import { roundLane, type Lane, type Step, type Trial } from './lane.ts';
import type { Referee } from './referee.ts';

/** Chance that a search stops the candidate that is best in truth, at most. */
export const raceLevel = 0.05;
/** Folds before the first look: one fold tells little of how a model varies. */
const foldsBeforeLook = 2;

/** A candidate of a search. */
export interface Runner {
  readonly candidate: number;
  readonly name: string;
  /** Trained to the end whatever happens. */
  readonly exempt: boolean;
  readonly refit: boolean;
  readonly trial: Trial;
}

/**
 * Racing: every candidate of the search on one fold after the other; from the second on, whoever is proven worse than
 * the best so far stops. The test is the gate's own, paired over all rows that were predicted, with the variance of
 * out-of-fold rows; its level is shared among the other candidates and all looks (Bonferroni), so that the candidate
 * that is best in truth is stopped in one search of twenty at most (after Maron and Moore, 1994; Birattari et al., 2002).
 */
export function racingLane(runners: readonly Runner[], folds: number, referee: Referee): Lane {
  const looks = Math.max(1, folds - foldsBeforeLook);
  const level = raceLevel / (looks * Math.max(1, runners.length - 1));
  const trialOf = new Map(runners.map(({ candidate, trial }) => [candidate, trial]));
  let fold = 0;
  const next = (): Step[] => {
    if (fold >= foldsBeforeLook && fold < folds) stopTheBeaten(runners, fold, folds, level, referee);
    const running = runners.filter(isRunning);
    if (fold > folds) return [];
    const at = fold++;
    if (at === folds)
      return running
        .filter(({ refit }) => refit)
        .map(({ candidate }) => ({ candidate, fold: null, part: null }));
    return running.map(({ candidate }) => ({ candidate, fold: at, part: null }));
  };
  const most = runners.reduce((sum, { refit }) => sum + folds + (refit ? 1 : 0), 0);
  return roundLane({ next, most }, ({ candidate }, fit) => trialOf.get(candidate)!.fits.push(fit));
}

/** Neither stopped nor failed. */
export function isRunning({ trial: { fits, rounds, stopped } }: Runner): boolean {
  return stopped === null && [...fits, ...rounds].every(({ kind }) => kind === 'fitted');
}

function stopTheBeaten(
  runners: readonly Runner[],
  done: number,
  folds: number,
  level: number,
  referee: Referee,
): void {
  const running = runners.filter(isRunning).map((runner) => {
    const predictions = predictionsOf(runner.trial.fits);
    return { runner, predictions, score: referee.score(predictions) };
  });
  const [best] = running.toSorted((a, b) => (a.score === b.score ? 0 : b.score - a.score));
  if (!best) return;
  for (const { runner, predictions } of running) {
    if (runner === best.runner || runner.exempt) continue;
    if (referee.isWorse(predictions, best.predictions, level))
      runner.trial.stopped = `after ${done} of ${folds} folds: could not win any more against ${best.runner.name}`;
  }
}

/** What fits say about the test rows of their folds. */
export function predictionsOf(fits: Trial['fits']): Float64Array[] {
  return fits.flatMap((fit) => (fit.kind === 'fitted' ? [fit.predictions] : []));
}
