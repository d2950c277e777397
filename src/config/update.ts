import type { Fault, Place } from '../errors/user-error.ts';
import type { CandidateConfig, Catalogue } from './schema.ts';

/** Candidates that are told to continue from the champion, and can't. */
export function updateFaults(
  candidates: Readonly<Record<string, CandidateConfig>>,
  { updating }: Catalogue,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  return Object.entries(candidates)
    .filter(([, { update, trainer }]) => update === true && !updating.has(trainer))
    .map(([name, { trainer }]) => ({
      code: 'CONFIG_INVALID' as const,
      message: `${trainer} can not continue from the champion`,
      at: placeOf(['candidates', name, 'update']),
      fix: `Remove \`update\`, or take one of ${[...updating].join(', ')}.`,
    }));
}
