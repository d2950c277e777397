import type { Fault, Place } from '../errors/user-error.ts';
import type { Catalogue, Config } from './schema.ts';

/** Candidates that can't learn from weighted rows, where the configuration has a `data.weight`. */
export function weightFaults(
  { data, candidates = {} }: Config,
  { unweighted }: Catalogue,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  if (data.weight === undefined) return [];
  if (data.weight === data.target)
    return [
      {
        code: 'CONFIG_INVALID',
        message: `"${data.target}" can not be target and weight`,
        at: placeOf(['data', 'weight']),
        fix: 'Name another column, or remove data.weight.',
      },
    ];
  return Object.entries(candidates)
    .filter(([, { trainer }]) => unweighted.has(trainer))
    .map(([name, { trainer }]) => ({
      code: 'CONFIG_INVALID' as const,
      message: `${trainer} can not let rows count differently, as data.weight asks for`,
      at: placeOf(['candidates', name, 'trainer']),
      fix: `Remove the candidate "${name}", or remove data.weight.`,
    }));
}
