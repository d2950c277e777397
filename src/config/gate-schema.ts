import { z } from 'zod';
import { versionField } from '../contracts/fields.ts';

/** `0.01` in the metric's own units or `2%` of the baseline's absolute value. */
const marginField = z.union([
  z.number().nonnegative(),
  z.string().regex(/^\d+(\.\d+)?%$/, 'must be a number such as 0.01 or a percentage such as 2%'),
]);

export type Margin = z.infer<typeof marginField>;

const limitsSchema = z.strictObject({
  'model-bytes': z.int().positive().optional().describe('Largest model file in bytes.'),
  'predict-ms-per-1k': z.number().positive().optional().describe('Slowest scoring of 1,000 rows.'),
  'train-minutes': z.number().positive().optional().describe('Longest training of all its fits.'),
});

const slicesSchema = z.strictObject({
  columns: z.array(z.string().min(1)).min(1).describe('Column names, or conditions such as "age<30".'),
  'max-drop': marginField.default(0.05).describe('How much worse a slice may become.'),
  'min-rows': z.int().min(20).default(200).describe('Smaller slices are not judged.'),
});

/** The keys under `gate`: what ranks, what promotes and what blocks. */
export function gateSchema(metric: z.ZodType<string>) {
  const bounds = z.partialRecord(metric, z.number()).default({});
  return z.strictObject({
    metric: metric.optional().describe('What ranks and what promotes. Default: log_loss, or rmse.'),
    promote: z
      .strictObject({
        'min-gain': marginField.default(0).describe('How much better a champion must be.'),
        confidence: z.number().min(0.5).lt(1).default(0.95).describe('Shared among all looks.'),
        looks: z.int().min(1).max(1000).optional().describe('How often one hold-out may be asked.'),
      })
      .prefault({}),
    block: z
      .strictObject({
        'max-drop': marginField
          .optional()
          .describe('How much worse a change may be. Default: 2% for losses, 0.01 for accuracy and ROC AUC.'),
        floor: bounds.describe('Metric -> least value.'),
        ceiling: bounds.describe('Metric -> largest value.'),
        'max-gain': marginField.optional().describe('Too good to be true: a sign of leakage.'),
        slices: slicesSchema.optional(),
        limits: limitsSchema.prefault({}),
      })
      .prefault({}),
    undecided: z
      .enum(['pass', 'block'])
      .default('pass')
      .describe('What an undecided verdict means for the check.'),
    baseline: z
      .strictObject({
        restart: z.string().min(1).describe('The reason.'),
        from: versionField.describe('The last champion of the old line.'),
      })
      .optional()
      .describe("Ends the champion's line: the next promotion is judged as a first run."),
  });
}
