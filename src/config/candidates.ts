import type { Parameters } from '../contracts/fields.ts';
import { UserError } from '../errors/user-error.ts';
import type { Program } from '../contracts/plan.ts';
import { programOf } from './program.ts';
import type { CandidateConfig } from './schema.ts';

/** One model to train: a trainer with one value for each parameter that was written. */
export interface Recipe {
  readonly name: string;
  readonly trainer: string;
  readonly params: Parameters;
  readonly runsOn: string | null;
  /** How a `command` candidate is trained and asked; absent for the built-in trainers. */
  readonly program?: Program;
}

const maxCandidates = 1000;

/** Expands grids in the order written, the last key fastest; combinations are named `<name>-<n>` from 1. */
export function expandCandidates(candidates: Readonly<Record<string, CandidateConfig>>): Recipe[] {
  const recipes = Object.entries(candidates).flatMap(([name, candidate]) => expand(name, candidate));
  if (recipes.length > maxCandidates)
    throw new UserError({
      code: 'CONFIG_INVALID',
      message: `the grids give ${recipes.length} candidates, at most ${maxCandidates} are trained`,
      at: { name: 'candidates' },
      fix: 'Shorten the lists under `grid`.',
    });
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
  return recipes;
}

function expand(name: string, candidate: CandidateConfig): Recipe[] {
  const runsOn = candidate['runs-on'] ?? null;
  const grid = Object.entries(candidate.grid ?? {});
  const program = programOf(candidate);
  const common = { trainer: candidate.trainer, runsOn, ...(program && { program }) };
  if (grid.length === 0) return [{ name, params: candidate.params, ...common }];
  const combinations = grid.reduce<Parameters[]>(
    (all, [key, values]) => all.flatMap((params) => values.map((value) => ({ ...params, [key]: value }))),
    [candidate.params],
  );
  return combinations.map((params, i) => ({ name: `${name}-${i + 1}`, params, ...common }));
}
