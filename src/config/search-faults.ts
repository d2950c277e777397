import type { Fault, Place } from '../errors/user-error.ts';
import type { CandidateConfig, Catalogue } from './schema.ts';
import { isRange } from './search.ts';
import { spaceOf } from './space.ts';

type Faulty = (path: readonly PropertyKey[], message: string, fix: string) => Fault;

/** What is wrong with searches: keys that don't belong together, nothing to vary, a resource that can't grow. */
export function searchFaults(
  candidates: Readonly<Record<string, CandidateConfig>>,
  { trainers }: Pick<Catalogue, 'trainers'>,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  return Object.entries(candidates).flatMap(([name, candidate]) => {
    if (!candidate.search) return [];
    const fault: Faulty = (path, message, fix) => ({
      code: 'CONFIG_INVALID',
      message,
      at: placeOf(['candidates', name, 'search', ...path]),
      fix,
    });
    return [
      ...spaceFaults(candidate, fault),
      ...halvingFaults(candidate, trainers.get(candidate.trainer), fault),
    ];
  });
}

function spaceFaults(candidate: CandidateConfig, fault: Faulty): Fault[] {
  const { grid, search } = candidate;
  const { space, method, samples } = search!;
  if (grid && space)
    return [
      fault(
        ['space'],
        'values are listed under both grid and search.space',
        'Move them all into search.space.',
      ),
    ];
  const dimensions = Object.entries(spaceOf(candidate));
  if (dimensions.length === 0)
    return [fault([], 'the search has nothing to vary', 'Add it: space: { learning_rate: [0.05, 0.1] }.')];
  if (method !== 'grid') return [];
  const range = dimensions.find(([, dimension]) => isRange(dimension));
  if (range)
    return [
      fault(
        ['space', range[0]],
        `a grid has no end of values for the range of ${range[0]}`,
        'List values, or write method: random.',
      ),
    ];
  return samples === undefined
    ? []
    : [fault(['samples'], 'a grid trains every combination', 'Remove `samples`, or write method: random.')];
}

function halvingFaults(
  candidate: CandidateConfig,
  schema: { safeParse(value: unknown): { success: boolean; data?: unknown } } | undefined,
  fault: Faulty,
): Fault[] {
  const { method, factor, resource } = candidate.search!;
  if (method !== 'halving')
    return (['factor', 'resource'] as const)
      .filter((key) => candidate.search![key] !== undefined)
      .map((key) =>
        fault([key], `"${key}" has no meaning for method: ${method}`, 'Remove it, or write method: halving.'),
      );
  if (resource === undefined || resource === 'rows') return [];
  if (resource in spaceOf(candidate))
    return [
      fault(
        ['space', resource],
        `${resource} grows from round to round and can't be varied as well`,
        'Remove it from the space and give its last value under `params`.',
      ),
    ];
  const full = valueOf(schema?.safeParse(candidate.params).data, resource);
  if (typeof full === 'number' && full >= (factor ?? 3)) return [];
  return [
    fault(
      ['resource'],
      `the trainer ${candidate.trainer} has no number "${resource}" that could grow`,
      'Write resource: rows.',
    ),
  ];
}

function valueOf(params: unknown, key: string): unknown {
  return typeof params === 'object' && params !== null
    ? Object.entries(params).find(([k]) => k === key)?.[1]
    : null;
}
