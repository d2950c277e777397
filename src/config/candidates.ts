import { deriveSeed } from '../numeric/random.ts';
import { UserError } from '../errors/user-error.ts';
import type { Program, Resource } from '../contracts/plan.ts';
import { givenModelOf, type GivenModel } from './pretrained.ts';
import { isComposed, membersOf, type NamedRecipe } from './composed.ts';
import { programOf } from './program.ts';
import type { CandidateConfig } from './schema.ts';
import { halvingDefaults } from './search.ts';
import { combinationsOf, countOf } from './space.ts';

/** One model to train: a trainer with one value for each parameter that was written. */
export interface Recipe extends NamedRecipe {
  readonly runsOn: string | null;
  /** How a `command` candidate is trained and asked; absent for the built-in trainers. */
  readonly program?: Program;
  /** The candidate of the configuration that it comes from: several share it where parameters are searched. */
  readonly configured: string;
  /** How those that share it stop early; null where all are trained to the end. */
  readonly race: RaceRules | null;
  /** The file of a model that was trained elsewhere; absent for what is trained here. */
  readonly given?: GivenModel;
  /** What a composed candidate is built on; absent for those that stand alone. */
  readonly members?: readonly NamedRecipe[] | undefined;
  /** Limits the predicted training of all that share it; null = none. */
  readonly trainMinutes: number | null;
  /** Continues from the champion. */
  readonly update?: true;
}

/** `racing`: after each fold; `halving`: with a growing resource. */
export type RaceRules =
  | { readonly method: 'racing' }
  | {
      readonly method: 'halving';
      readonly factor: number;
      /** `rows`, or the parameter that grows. */
      readonly resource: Resource;
    };

const maxCandidates = 1000;

/**
 * Expands grids and searches. All combinations stand in the order written, the last key fastest; drawn ones depend on the
 * policy's `seed` and the candidate's name. They are named `<name>-<n>` from 1.
 */
export function expandCandidates(
  candidates: Readonly<Record<string, CandidateConfig>>,
  seed: number,
): Recipe[] {
  const count = Object.values(candidates).reduce((sum, candidate) => sum + countOf(candidate), 0);
  if (count > maxCandidates)
    throw new UserError({
      code: 'CONFIG_INVALID',
      message: `the grids give ${count} candidates, at most ${maxCandidates} are trained`,
      at: { name: 'candidates' },
      fix: 'Shorten the lists under `grid`, or draw from them: search: { method: random, samples: 50 }.',
    });
  const groups = Object.entries(candidates).map(([name, candidate]) => ({
    candidate,
    recipes: expand(name, candidate, seed),
  }));
  const recipes = groups.flatMap((group) => group.recipes);
  const seen = new Set<string>();
  for (const { name } of recipes) {
    if (seen.has(name))
      throw new UserError({
        code: 'CONFIG_INVALID',
        message: `two candidates end up with the name "${name}"`,
        at: { name: `candidates.${name}` },
        fix: 'Rename one of them.',
      });
    seen.add(name);
  }
  return groups.flatMap(({ candidate, recipes: own }) => {
    if (!isComposed(candidate)) return own;
    const members = membersOf(candidate, recipes).map(({ name, trainer, params }) => {
      return { name, trainer, params };
    });
    return own.map((recipe) => ({ ...recipe, members }));
  });
}

function expand(name: string, candidate: CandidateConfig, seed: number): Recipe[] {
  const runsOn = candidate['runs-on'] ?? null;
  const program = programOf(candidate);
  const given = givenModelOf(candidate);
  const common = {
    ...{ trainer: candidate.trainer, runsOn, configured: name },
    trainMinutes: candidate.search?.budget?.['train-minutes'] ?? null,
    ...(program && { program }),
    ...(given && { given }),
    ...(candidate.update && { update: true as const }),
  };
  const combinations = combinationsOf(candidate, deriveSeed(seed, `search ${name}`));
  if (!combinations) return [{ name, params: candidate.params, race: null, ...common }];
  const race = combinations.length > 1 ? raceOf(candidate) : null;
  return combinations.map((params, i) => ({ name: `${name}-${i + 1}`, params, race, ...common }));
}

function raceOf({ search }: CandidateConfig): RaceRules | null {
  if (search?.method === 'racing') return { method: 'racing' };
  if (search?.method !== 'halving') return null;
  const { factor = halvingDefaults.factor, resource = halvingDefaults.resource } = search;
  return { method: 'halving', factor, resource };
}
