import type { Race } from '../../contracts/plan.ts';
import type { FitRecipe } from '../all-fits.ts';
import type { Prepared } from '../prepared.ts';
import { halvingLane } from './halving.ts';
import { loneLane, wholeSteps, type Lane, type Trial } from './lane.ts';
import { resourceOf } from './part.ts';
import { racingLane, type Runner } from './racing.ts';
import { refereeOf } from './referee.ts';

/** Which recipes depend on each other: those of one search share a lane, any other has its own. */
export function lanesOf(
  prepared: Prepared,
  recipes: readonly FitRecipe[],
  trials: readonly Trial[],
): { lane: Lane; candidates: number[] }[] {
  const folds = prepared.folds.length;
  const groups = new Map<string, { race: Race; runners: Runner[] }>();
  const lanes: { lane: Lane; candidates: number[] }[] = [];
  recipes.forEach(({ race, refit, program, name }, candidate) => {
    const trial = trials[candidate]!;
    if (!race) {
      // Nothing comes of a program that failed once.
      const steps = wholeSteps(candidate, folds, refit);
      lanes.push({ lane: loneLane(steps, trial, program !== undefined), candidates: [candidate] });
      return;
    }
    const runner = { candidate, name: name ?? '', exempt: race.exempt, refit, trial };
    const group = groups.get(race.group);
    if (group) group.runners.push(runner);
    else groups.set(race.group, { race, runners: [runner] });
  });
  const referee = refereeOf(prepared);
  for (const { race, runners } of groups.values()) {
    const lane =
      race.method === 'racing'
        ? racingLane(runners, folds, referee)
        : halvingLane(
            runners,
            folds,
            { ...race, whole: wholeOf(prepared, recipes, runners, race.resource) },
            referee,
          );
    lanes.push({ lane, candidates: runners.map(({ candidate }) => candidate) });
  }
  return lanes;
}

/** The least that anyone of the group has of the resource. */
function wholeOf(
  { folds }: Prepared,
  recipes: readonly FitRecipe[],
  runners: readonly Runner[],
  resource: string,
): number {
  return resource === 'rows'
    ? Math.min(...folds.map(({ train }) => train.length))
    : Math.min(...runners.map(({ candidate }) => resourceOf(recipes[candidate]!, resource)));
}
