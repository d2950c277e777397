import { z } from 'zod';
import { dateParts, featureTypes, type DatePart, type FeatureRecipe } from '../contracts/feature.ts';

const columnName = z.string().min(1).max(256);
const pair = z.tuple([columnName, columnName]);

const kinds = ['ratio', 'difference', 'log', 'bins', 'date-part', 'target-mean'] as const;
type Kind = (typeof kinds)[number];

/** What each kind may say beside its columns. */
const extras: Readonly<Record<Kind, readonly string[]>> = {
  ratio: [],
  difference: [],
  log: [],
  bins: ['edges', 'count', 'as'],
  'date-part': ['part', 'as'],
  'target-mean': ['smoothing'],
};

const defaultSmoothing = 20;

/** One entry of `features`: exactly one kind, with what belongs to it. */
export const featureField = z
  .strictObject({
    ratio: pair.optional().describe('Two columns of numbers: the first divided by the second.'),
    difference: pair
      .optional()
      .describe('Two columns of numbers, or two of dates: the first minus the second (dates: in days).'),
    log: columnName.optional().describe('A column of numbers: sign(x) * ln(1 + |x|).'),
    bins: columnName.optional().describe('A column of numbers that is cut into bins.'),
    edges: z
      .array(z.number())
      .min(1)
      .max(100)
      .optional()
      .describe('With `bins`: where each bin but the first begins, ascending.'),
    count: z
      .int()
      .min(2)
      .max(100)
      .optional()
      .describe('With `bins`: number of bins of about equal frequency among the training rows.'),
    'date-part': columnName.optional().describe('A column of dates.'),
    part: z.enum(dateParts).optional().describe('With `date-part`: what is taken out of the date.'),
    as: z
      .enum(featureTypes)
      .optional()
      .describe(
        'With `bins` and `date-part`: category or number. Default: category, but number for year and day.',
      ),
    'target-mean': columnName
      .optional()
      .describe("A category: replaced by its level's mean target among the training rows."),
    smoothing: z
      .number()
      .nonnegative()
      .max(1e6)
      .optional()
      .describe(
        `With \`target-mean\`: rows of the overall mean added to each level. Default: ${defaultSmoothing}.`,
      ),
  })
  .check((context) => {
    // What is wrong already says more than what follows from it.
    if (context.issues.length > 0) return;
    for (const { message, fix } of faultsOfFeature(context.value))
      context.issues.push({ code: 'custom', input: context.value, message, params: { fix } });
  });

export type FeatureConfig = z.infer<typeof featureField>;

interface FeatureFault {
  readonly message: string;
  readonly fix: string;
}

function faultsOfFeature(feature: FeatureConfig): FeatureFault[] {
  const chosen = kinds.filter((kind) => feature[kind] !== undefined);
  const [kind] = chosen;
  if (kind === undefined)
    return [
      {
        message: 'does not say how it is computed',
        fix: `Use one of ${kinds.join(', ')}, e.g. { ratio: [debt, income] }.`,
      },
    ];
  if (chosen.length > 1)
    return [{ message: `is ${chosen.join(' and ')} at once`, fix: 'Write one feature for each.' }];
  const stray = Object.keys(feature).filter((key) => key !== kind && !extras[kind].includes(key));
  if (stray.length > 0)
    return [
      {
        message: `has ${stray.join(' and ')}, which means nothing for ${kind}`,
        fix: extras[kind].length === 0 ? 'Remove it.' : `With ${kind}: ${extras[kind].join(', ')}.`,
      },
    ];
  if (kind === 'bins') return binFaults(feature);
  return kind === 'date-part' ? partFaults(feature) : [];
}

function binFaults({ edges, count }: FeatureConfig): FeatureFault[] {
  if ((edges === undefined) === (count === undefined))
    return [
      {
        message: edges === undefined ? 'does not say where its bins begin' : 'has both edges and count',
        fix: 'Write edges: [18, 30, 50], or count: 5 for bins of about equal frequency.',
      },
    ];
  const single = edges?.map(Math.fround) ?? [];
  if (!single.every((edge, i) => Number.isFinite(edge) && !(edge <= single[i - 1]!)))
    return [
      {
        message: `has the edges ${edges?.join(', ')}, which do not ascend as 32-bit numbers`,
        fix: 'Write each edge once, in ascending order.',
      },
    ];
  return [];
}

function partFaults({ part, as }: FeatureConfig): FeatureFault[] {
  if (part === undefined)
    return [
      { message: 'does not say which part of the date', fix: `Add part: ${dateParts.join(', or part: ')}.` },
    ];
  if (part === 'year' && as === 'category')
    return [
      {
        message: 'takes the year as category, and each new year would be unknown to the model',
        fix: 'Remove as: category.',
      },
    ];
  return [];
}

/** The features in the order of the file. */
export function featureRecipes(features: Readonly<Record<string, FeatureConfig>> = {}): FeatureRecipe[] {
  return Object.entries(features).map(([name, feature]): FeatureRecipe => {
    const { ratio, difference, log, bins, edges, count = 0, part = 'year', as, smoothing } = feature;
    const date = feature['date-part'];
    const category = feature['target-mean'];
    if (ratio) return { name, kind: 'ratio', sources: ratio };
    if (difference) return { name, kind: 'difference', sources: difference };
    if (log !== undefined) return { name, kind: 'log', sources: [log] };
    if (bins !== undefined)
      return {
        ...{ name, kind: 'bins', sources: [bins] },
        edges: edges?.map((edge) => Math.fround(edge) + 0) ?? count,
        as: as ?? 'category',
      };
    if (date !== undefined)
      return { name, kind: 'date-part', sources: [date], part, as: as ?? usualType(part) };
    if (category !== undefined)
      return { name, kind: 'target-mean', sources: [category], smoothing: smoothing ?? defaultSmoothing };
    throw new Error(`the feature ${name} has no kind`);
  });
}

/** Years and days of the month have an order that goes on; the other parts come round again. */
function usualType(part: DatePart): 'number' | 'category' {
  return part === 'year' || part === 'day' ? 'number' : 'category';
}
