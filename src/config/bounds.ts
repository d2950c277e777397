import type { Fault, Place } from '../errors/user-error.ts';
import type { Catalogue, Config } from './schema.ts';

/**
 * Floors that nothing can reach, ceilings that nothing can stay below, and gains and drops that can't be: scores end at
 * 1, losses at 0.
 */
export function boundFaults(
  { gate }: Pick<Config, 'gate'>,
  { scores }: Catalogue,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  const fault = (kind: 'floor' | 'ceiling', metric: string, message: string, fix: string): Fault => {
    return { code: 'CONFIG_INVALID', message, at: placeOf(['gate', 'block', kind, metric]), fix };
  };
  const { floor, ceiling } = gate.block;
  const margins = [
    [['promote', 'min-gain'], gate.promote['min-gain']],
    [['block', 'max-drop'], gate.block['max-drop']],
    [['block', 'max-gain'], gate.block['max-gain']],
  ] as const;
  const isScore = gate.metric !== undefined && scores.has(gate.metric);
  return [
    ...(isScore ? margins : []).flatMap(([path, margin]): Fault[] =>
      typeof margin === 'number' && margin >= 1
        ? [
            {
              code: 'CONFIG_INVALID',
              message: `"${gate.metric}" is 1 at most, so it never changes by ${margin}`,
              at: placeOf(['gate', ...path]),
              fix: `Write ${margin}% for a share of the baseline's, or ${margin / 100} in units of the metric.`,
            },
          ]
        : [],
    ),
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
