import { z } from 'zod';
import { parameterField } from '../contracts/fields.ts';
import { resources } from '../contracts/plan.ts';

/** Numbers from `min` to `max`, both included. */
const rangeSchema = z
  .strictObject({
    min: z.number().describe('Least value.'),
    max: z.number().describe('Largest value.'),
    log: z.boolean().optional().describe('Each order of magnitude is as likely as another.'),
    int: z.boolean().optional().describe('Whole numbers only.'),
  })
  .refine(({ min, max }) => min < max, {
    path: ['max'],
    message: 'must be larger than `min`',
    params: { fix: 'Swap the two, or write the one value under `params`.' },
  })
  .refine(({ min, log }) => log !== true || min > 0, {
    path: ['min'],
    message: 'must be above 0 where `log` is true',
    params: { fix: 'Use a small positive number such as 0.0001, or remove `log`.' },
  })
  .refine(({ min, max, int }) => int !== true || (Number.isSafeInteger(min) && Number.isSafeInteger(max)), {
    path: ['int'],
    message: 'goes with whole numbers as `min` and `max` only',
    params: { fix: 'Round both, or remove `int`.' },
  });

export const trainMinutesField = z
  .number()
  .positive()
  .describe('Predicted minutes of training, all jobs together; candidates beyond that are skipped.');

/** How the parameters of one configured candidate are searched. */
export const searchSchema = z.strictObject({
  method: z
    .enum(['grid', 'random', 'halving', 'racing'])
    .default('grid')
    .describe(
      '`grid`: every combination. `random`: as many as `samples`. `racing`: whoever can not win any more stops early. `halving`: all begin small, the best go on.',
    ),
  space: z
    .record(z.string(), z.union([z.array(parameterField).min(1).max(256), rangeSchema]))
    .optional()
    .describe('Parameter -> list of values, or a range: { min: 0.01, max: 0.3, log: true }.'),
  samples: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('How many combinations are drawn. Default: all of them, or 20 where the space has a range.'),
  factor: z
    .int()
    .min(2)
    .max(10)
    .optional()
    .describe('With `halving`: one of so many goes on, with so many times the resource. Default: 3.'),
  resource: z
    .enum(resources)
    .optional()
    .describe('With `halving`: what grows from round to round. Default: rows.'),
  budget: z.strictObject({ 'train-minutes': trainMinutesField }).optional().describe('Limits this search.'),
});

export type SearchConfig = z.infer<typeof searchSchema>;
/** The values that one parameter may take. */
export type Dimension = NonNullable<SearchConfig['space']>[string];
export type Range = z.infer<typeof rangeSchema>;

/** Whether the values are a range rather than a list. */
export function isRange(dimension: Dimension): dimension is Range {
  return !Array.isArray(dimension);
}

/** Defaults of successive halving, as scikit-learn has them. */
export const halvingDefaults = { factor: 3, resource: 'rows' } as const;
