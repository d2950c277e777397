import type { Fault, Place } from '../errors/user-error.ts';
import type { Catalogue, Config } from './schema.ts';

/** Floors that nothing can reach and ceilings that nothing can stay below: scores end at 1, losses at 0. */
export function boundFaults(
  { gate }: Pick<Config, 'gate'>,
  { scores }: Catalogue,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  const fault = (kind: 'floor' | 'ceiling', metric: string, message: string, fix: string): Fault => {
    return { code: 'CONFIG_INVALID', message, at: placeOf(['gate', 'block', kind, metric]), fix };
  };
  const { floor, ceiling } = gate.block;
  return [
    ...Object.entries(floor)
      .filter(([metric, value]) => scores.has(metric) && value !== undefined && value > 1)
      .map(([metric, value = 0]) =>
        fault(
          'floor',
          metric,
          `no model reaches a floor of ${value}: ${metric} is 1 at most`,
          value <= 100 ? `Write ${value / 100} if you mean ${value}%.` : 'Lower the floor.',
        ),
      ),
    ...Object.entries(ceiling)
      .filter(([metric, value]) => !scores.has(metric) && value !== undefined && value < 0)
      .map(([metric, value = 0]) =>
        fault(
          'ceiling',
          metric,
          `no model stays below a ceiling of ${value}: ${metric} is 0 at least`,
          'Raise the ceiling.',
        ),
      ),
  ];
}
