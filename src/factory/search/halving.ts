import { roundLane, wholeSteps, type Lane, type Step } from './lane.ts';
import { isRunning, predictionsOf, type Runner } from './racing.ts';
import type { Referee } from './referee.ts';

/** Training rows of a fold below which a round tells nothing. */
const fewestRows = 100;
/** Iterations below which boosting has hardly begun. */
const fewestIterations = 5;

export interface HalvingRules {
  readonly factor: number;
  readonly resource: string;
  /** The whole of the resource: training rows of the smallest fold, or iterations. */
  readonly whole: number;
}

/** One round before the last: what share of the resource each gets, and how many go on. */
export interface HalvingRound {
  readonly share: number;
  /** In words: 1/9. */
  readonly shown: string;
  readonly goOn: number;
}

/**
 * Rounds before the one with the whole resource (Jamieson and Talwalkar, 2016; as scikit-learn's HalvingGridSearchCV):
 * each keeps one of `factor` and gives it `factor` times as much; the first is as small as the number of candidates and
 * the least useful resource let it be. None where there are fewer candidates than `factor`.
 */
export function halvingRounds(candidates: number, { factor, resource, whole }: HalvingRules): HalvingRound[] {
  const least = resource === 'rows' ? fewestRows : fewestIterations;
  let divisor = 1;
  while (divisor * factor <= candidates && whole / (divisor * factor) >= least) divisor *= factor;
  const rounds: HalvingRound[] = [];
  for (let left = candidates; divisor > 1; divisor /= factor) {
    left = Math.ceil(left / factor);
    rounds.push({ share: 1 / divisor, shown: `1/${divisor}`, goOn: left });
  }
  return rounds;
}

/** Successive halving: all begin with a part of the rows or iterations, the best of each round go on with more. */
export function halvingLane(
  runners: readonly Runner[],
  folds: number,
  rules: HalvingRules,
  referee: Referee,
): Lane {
  const rounds = halvingRounds(runners.length, rules);
  const runnerOf = new Map(runners.map((runner) => [runner.candidate, runner]));
  const { resource } = rules;
  let round = 0;
  const next = (): Step[] => {
    if (round > rounds.length) return [];
    const last = rounds[round - 1];
    if (last)
      stopTheRest(runners, folds, { ...last, number: round, of: rounds.length + 1, resource }, referee);
    const running = runners.filter(isRunning);
    const now = rounds[round++];
    if (!now) return running.flatMap(({ candidate, refit }) => wholeSteps(candidate, folds, refit));
    const part = { resource, share: now.share };
    return running.flatMap(({ candidate }) =>
      wholeSteps(candidate, folds, false).map((step) => ({ ...step, part })),
    );
  };
  const sizes = [runners.length, ...rounds.map(({ goOn }) => goOn)];
  const most = sizes.reduce((sum, size) => sum + size * folds, 0) + (sizes.at(-1) ?? 0);
  return roundLane({ next, most }, ({ candidate, part }, fit) => {
    const { trial } = runnerOf.get(candidate)!;
    (part ? trial.rounds : trial.fits).push(fit);
  });
}

function stopTheRest(
  runners: readonly Runner[],
  folds: number,
  round: HalvingRound & { readonly number: number; readonly of: number; readonly resource: string },
  referee: Referee,
): void {
  const running = runners.filter(isRunning);
  const order = running
    .map((runner) => ({ runner, score: referee.score(predictionsOf(runner.trial.rounds.slice(-folds))) }))
    .toSorted((a, b) => (a.score === b.score ? 0 : b.score - a.score));
  const { number, of, shown, resource, goOn } = round;
  for (const { runner } of order.slice(goOn))
    if (!runner.exempt)
      runner.trial.stopped = `in round ${number} of ${of}, with ${shown} of ${resource === 'rows' ? 'the rows' : resource}: not among the best ${goOn} of ${running.length}`;
}
