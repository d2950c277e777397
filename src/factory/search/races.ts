import { groupBy } from '../group-by.ts';
import type { Recipe } from '../../config/candidates.ts';
import { canonicalJson, sha256 } from '../../contracts/digest.ts';
import type { PlannedCandidate } from '../../contracts/plan.ts';

/**
 * The candidates with the searches that may stop them. The champion's recipe runs to the end: it decides harm.
 * @param recipes where each candidate comes from
 * @param metric name of the metric that ranks
 */
export function withRaces(
  candidates: readonly PlannedCandidate[],
  recipes: readonly Recipe[],
  championRecipe: string | null,
  metric: string,
): PlannedCandidate[] {
  const recipeOf = new Map(recipes.map((recipe) => [recipe.name, recipe]));
  const groups = groupBy(candidates, ({ name }) => recipeOf.get(name)?.configured ?? name);
  const races = new Map(
    [...groups].flatMap(([group, runners]) => {
      const rules = recipeOf.get(runners[0]!.name)?.race;
      // Alone there is nobody to lose against.
      if (!rules || runners.length < 2) return [];
      const exempt = runners.find(({ name }) => name === championRecipe)?.fingerprint ?? null;
      const fingerprints = runners.map(({ fingerprint }) => fingerprint);
      const digest = sha256(canonicalJson({ rules, fingerprints, exempt, metric }));
      return [[group, { ...rules, group, digest }] as const];
    }),
  );
  return candidates.map((candidate) => {
    const race = races.get(recipeOf.get(candidate.name)?.configured ?? candidate.name);
    return race ? { ...candidate, race: { ...race, exempt: candidate.name === championRecipe } } : candidate;
  });
}
