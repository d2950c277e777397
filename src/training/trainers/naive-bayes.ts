import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';
import { log } from '../../numeric/elementary.ts';
import { columnsOf } from '../../model/naive-bayes.ts';
import { sum } from '../../numeric/sum.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  alpha: z
    .number()
    .min(1e-10)
    .max(1e12)
    .default(1)
    .describe('Rows added to each level of a category in each class, so that none is impossible.'),
  var_smoothing: z
    .number()
    .gt(0)
    .max(1000)
    .default(1e-9)
    .describe("Share of a column's variance that is added to its variance in each class."),
  fit_prior: z
    .boolean()
    .default(true)
    .describe('Whether a class is as likely beforehand as its share of the rows; else all are alike.'),
  priors: z
    .record(z.string(), z.number().gt(0).max(1e9))
    .nullable()
    .default(null)
    .describe(
      'How likely each class is beforehand, { label: share }, instead of `fit_prior`; scaled to a sum of 1.',
    ),
});
type Params = z.infer<typeof params>;

/** What a class without rows counts for: e to the power of it is 0. */
const never = -1e30;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * Naive Bayes: columns are taken for independent within a class. Numbers, dates and booleans are normally distributed as
 * in scikit-learn's `GaussianNB` (on standardised columns), categories have smoothed shares as in its `CategoricalNB`.
 * A missing number is left out of the estimates and of the prediction; a missing category is a level like others.
 */
export const naiveBayes: Trainer<Params> = {
  name: 'naive-bayes',
  tasks: ['binary', 'multiclass'],
  encoding: 'native',
  params,
  fit(data: TrainingSet, { params: given }: FitOptions<Params>): Fit {
    const { warnings } = inspectRows(data, 'naive-bayes');
    const counts = new Float64Array(data.classes);
    for (let row = 0; row < data.rows; row++) counts[data.y[row]!]! += data.weights?.[row] ?? 1;
    const { numbers, categories } = columnsOf(data.features.map(({ levels }) => levels));
    const densities = numbers.map((feature) => densitiesOf(data, feature, given.var_smoothing));
    const byClass = (part: 'means' | 'scales' | 'peaks'): Float64Array =>
      Float64Array.from({ length: data.classes * numbers.length }, (_, at) => {
        const j = at % numbers.length;
        return densities[j]![part][(at - j) / numbers.length]!;
      });
    return {
      predictor: {
        kind: 'naive-bayes',
        priors: priorsOf(data, counts, given),
        means: byClass('means'),
        scales: byClass('scales'),
        peaks: byClass('peaks'),
        codes: Float64Array.from(
          categories.flatMap((feature) => levelShares(data, feature, counts, given.alpha)),
        ),
      },
      iterations: 1,
      warnings,
    };
  },
};

function priorsOf(
  { labels }: TrainingSet,
  counts: Float64Array,
  { fit_prior, priors }: Params,
): Float64Array {
  const known = labels ?? Array.from(counts, (_, k) => String(k));
  const chances = priors === null ? counts.map((count) => (fit_prior ? count : 1)) : byLabel(priors, known);
  const total = sum(chances);
  return counts.map((count, k) => (count === 0 ? never : log(chances[k]! / total)));
}

function byLabel(priors: Readonly<Record<string, number>>, known: readonly string[]): Float64Array {
  const fault =
    known.find((label) => priors[label] === undefined) ??
    Object.keys(priors).find((label) => !known.includes(label));
  if (fault === undefined) return Float64Array.from(known, (label) => priors[label]!);
  const which = known.includes(fault) ? 'lacks the class' : 'names a class that the target does not have:';
  throw new UserError({
    code: 'TRAINER_PARAMETER',
    message: `naive-bayes: priors ${which} "${fault}"`,
    at: { name: 'priors' },
    fix: `Give a number for each of ${known.map((label) => `"${label}"`).join(', ')}.`,
  });
}

interface Densities {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly peaks: Float64Array;
}

/** Normal distribution of a number in each class; a class that never has it gets that of all rows. */
function densitiesOf(data: TrainingSet, feature: number, smoothing: number): Densities {
  const overall = moments(data, feature, () => 0, 1);
  const own = moments(data, feature, (row) => data.y[row]!, data.classes);
  const [means, scales, peaks] = [0, 1, 2].map(() => new Float64Array(data.classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const spread = overall.variances[0]!;
  // A column of one value tells nothing about the class; nor does an empty one.
  if (!(spread > 0)) return { means, scales, peaks };
  for (let k = 0; k < data.classes; k++) {
    const known = own.totals[k]! > 0;
    const variance = (known ? own.variances[k]! : spread) + smoothing * spread;
    means[k] = (known ? own.means : overall.means)[known ? k : 0]!;
    scales[k] = Math.sqrt(0.5 / variance);
    peaks[k] = -HALF_LOG_TWO_PI - 0.5 * log(variance);
  }
  return { means, scales, peaks };
}

/** Weights, means and population variances of a feature's known values in each group of rows. */
function moments(
  { x, rows, features, weights }: TrainingSet,
  feature: number,
  groupOf: (row: number) => number,
  groups: number,
): { totals: Float64Array; means: Float64Array; variances: Float64Array } {
  const [totals, means, variances] = [0, 1, 2].map(() => new Float64Array(groups)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const width = features.length;
  const addTo = (sums: Float64Array, term: (value: number, group: number) => number): void => {
    for (let row = 0; row < rows; row++) {
      const value = x[row * width + feature]!;
      if (Number.isNaN(value)) continue;
      const group = groupOf(row);
      sums[group]! += (weights?.[row] ?? 1) * term(value, group);
    }
  };
  addTo(totals, () => 1);
  addTo(means, (value) => value);
  means.forEach((total, group) => (means[group] = total / totals[group]!));
  addTo(variances, (value, group) => (value - means[group]!) * (value - means[group]!));
  variances.forEach((total, group) => (variances[group] = total / totals[group]!));
  return { totals, means, variances };
}

/** Logarithms of each code's smoothed share in each class, code by code. */
function levelShares(
  { x, y, rows, features, weights, classes }: TrainingSet,
  feature: number,
  counts: Float64Array,
  alpha: number,
): number[] {
  const { levels } = features[feature]!;
  const seen = new Float64Array(levels * classes);
  for (let row = 0; row < rows; row++)
    seen[x[row * features.length + feature]! * classes + y[row]!]! += weights?.[row] ?? 1;
  return Array.from(seen, (count, at) => {
    const total = counts[at % classes]! + alpha * levels;
    return log((count + alpha) / total);
  });
}
