import { z } from 'zod';
import { environmentNameField, nameField, parameterField, tableFormatField } from '../contracts/fields.ts';
import { taskSchema } from '../contracts/task.ts';
import { dataSourceField } from './data-source.ts';
import { searchSchema, trainMinutesField } from './search.ts';
import { featureField } from './features.ts';
import { gateSchema } from './gate-schema.ts';
import { commandField } from './words.ts';

/** What the configuration may name: filled from the registries of trainers and metrics. */
export interface Catalogue {
  /** Trainer name -> schema of its parameters. */
  readonly trainers: ReadonlyMap<string, z.ZodType>;
  readonly metrics: readonly string[];
  /** Metrics that are better when higher, and 1 at most; the others are 0 at least. */
  readonly scores: ReadonlySet<string>;
  /** Trainers that refuse `data.weight`. */
  readonly unweighted: ReadonlySet<string>;
  /** Trainers that can continue from the champion. */
  readonly updating: ReadonlySet<string>;
}

const columnName = z.string().min(1).max(256);
const fraction = z.number().gt(0).lt(1);

const dataSchema = z.strictObject({
  source: dataSourceField,
  target: columnName.describe('The column to predict.'),
  positive: z
    .union([z.string(), z.number(), z.boolean()])
    .transform(String)
    .optional()
    .describe(
      'The class that counts as "yes" in a binary task. Default: the last class in code-point order.',
    ),
  drop: z.array(columnName).default([]).describe('Columns that are never features.'),
  types: z
    .record(columnName, z.enum(['numeric', 'categorical', 'boolean', 'date']))
    .default({})
    .describe('Column -> `numeric`, `categorical`, `boolean` or `date`, where another type was inferred.'),
  missing: z
    .array(z.string())
    .optional()
    .describe(
      'Texts that mean "no value". Replaces the default list: empty, NA, N/A, <NA>, NaN, nan, null, NULL, None and ?.',
    ),
  delimiter: z.string().length(1).optional().describe('Separator of the CSV file. Default: detected.'),
  encoding: z
    .enum(['utf-8', 'latin-1', 'windows-1252', 'utf-16'])
    .default('utf-8')
    .describe('How the CSV file is encoded.'),
  decimal: z.enum(['.', ',']).default('.').describe('Decimal sign of the numbers.'),
  dates: z
    .enum(['day-first', 'month-first'])
    .optional()
    .describe('How dates such as 3/4/2024 are read. ISO dates and 4.3.2024 need no such word.'),
  key: columnName.optional().describe("Column with each row's stable identity; never a feature."),
  time: columnName.optional().describe('Column that orders rows in time: the newest are the hold-out.'),
  group: columnName
    .optional()
    .describe('Rows with equal values stay on one side of every split; never a feature.'),
  weight: columnName
    .optional()
    .describe('Column with what each row counts for in training, above 0; scores count all rows the same.'),
});

const defaultFraction = 0.2;

/** Accepts one state of a test set that was relabelled or lost rows; the verdict prints its digest. */
const rebaseSchema = z.strictObject({
  reason: z.string().min(1).describe('Why the rows changed.'),
  to: z
    .string()
    .regex(/^[0-9a-f]{12}$/, 'must be the 12 digits that the verdict names')
    .describe('The state that is accepted, as the verdict `holdout-changed` names it.'),
});

const holdoutSchema = z
  .union([
    z.literal('none'),
    z
      .strictObject({
        fraction: fraction.optional().describe(`Share of the rows. Default: ${defaultFraction}.`),
        source: z
          .string()
          .min(1)
          .optional()
          .describe(
            'CSV or Parquet file that is the test set, relative to this file; all of `data.source` is development.',
          ),
        rebase: rebaseSchema
          .optional()
          .describe('Accepts that test rows were removed or relabelled since the champion was released.'),
      })
      .refine(({ fraction, source }) => fraction === undefined || source === undefined, {
        path: ['source'],
        message:
          'can not stand beside `fraction`: the test set is a file of its own or a share of data.source',
        params: { fix: 'Remove one of the two.' },
      })
      .transform(({ source, fraction = defaultFraction, rebase }) => ({
        ...(source === undefined ? { fraction } : { source }),
        ...(rebase && { rebase }),
      })),
  ])
  .describe('Test set that only the promotion decision may ask.');

const validationSchema = z.strictObject({
  folds: z.int().min(2).max(50).default(5).describe('Parts of cross-validation.'),
  repeats: z.int().min(1).max(20).default(1).describe('Rounds of cross-validation.'),
  seed: z.int().min(0).max(4294967295).default(7).describe('Seed of splits and of training.'),
  gap: z
    .number()
    .nonnegative()
    .optional()
    .describe('With `time`: days left out between training and test rows.'),
  'fold-file': z.string().min(1).optional().describe('CSV with one column `fold`, row by row with the data.'),
});

function candidateSchema(trainers: Catalogue['trainers']) {
  return z.strictObject({
    trainer: z.enum([...trainers.keys()]).describe('How it is trained.'),
    params: z.record(z.string(), parameterField).default({}).describe("The trainer's parameters."),
    grid: z
      .record(z.string(), z.array(parameterField).min(1).max(256))
      .optional()
      .describe('Lists of values; every combination becomes a candidate named <name>-<n>.'),
    search: searchSchema
      .optional()
      .describe('How parameters are searched; each combination becomes a candidate named <name>-<n>.'),
    of: z
      .union([nameField, z.array(nameField).min(1).max(64)])
      .optional()
      .describe(
        'With `trainer: ensemble` or `calibrated`: the candidates that it is built on. The name of a grid stands for all its combinations.',
      ),
    'runs-on': z.string().min(1).optional().describe('Runner label for this candidate.'),
    run: commandField
      .optional()
      .describe('With `trainer: command`: the program that trains; `{C}` stands for the parameter C.'),
    predict: commandField
      .optional()
      .describe('With `trainer: command`: the program that scores rows, where training writes no ONNX file.'),
    tables: tableFormatField
      .optional()
      .describe('With `trainer: command`: whether it is given its rows as CSV or as Parquet. Default: csv.'),
    'timeout-minutes': z
      .number()
      .positive()
      .max(360)
      .optional()
      .describe('With `trainer: command` or `tensorflow`: longest time of one fit. Default: 10.'),
    env: z
      .array(environmentNameField)
      .max(64)
      .optional()
      .describe(
        'With `trainer: command` or `tensorflow`: variables that the program may see beside the usual ones.',
      ),
    update: z
      .boolean()
      .optional()
      .describe('Continues from the champion of the same trainer on rows that are new to it.'),
    model: z
      .string()
      .min(1)
      .optional()
      .describe('With `trainer: onnx`: the ONNX file of a trained model, relative to this file.'),
    columns: z
      .array(columnName)
      .min(1)
      .optional()
      .describe(
        'With `trainer: onnx`: the columns that go into its inputs, or into its one matrix, in their order.',
      ),
    classes: z
      .array(z.string())
      .min(2)
      .optional()
      .describe(
        'With `trainer: onnx`: what its outputs stand for, in this order. Default: as the file says.',
      ),
  });
}

const deploySchema = z.strictObject({
  target: z.enum(['command']).describe('How a version is deployed: by running a command.'),
  run: commandField.describe(
    "Program and arguments, split into words without a shell; runs in this file's folder of the checkout.",
  ),
  'timeout-minutes': z.number().positive().max(360).default(10).describe('Longest run of the command.'),
  env: z
    .array(environmentNameField)
    .max(64)
    .default([])
    .describe('Variables of the job that the command may see, such as credentials. Others are kept back.'),
});

const cardSchema = z.strictObject({
  owner: z.string().optional(),
  description: z.string().optional(),
  'intended-use': z.string().optional(),
  limitations: z.string().optional(),
  licence: z.string().optional(),
});

/** The schema of `model-factory.yml`; the JSON Schema for editors is generated from it. */
export function createConfigSchema({ trainers, metrics }: Pick<Catalogue, 'trainers' | 'metrics'>) {
  const metric = z.enum(metrics as [string, ...string[]]);
  return z.strictObject({
    version: z.literal(1).describe('Version of this file format.'),
    model: nameField.describe('Name of the model; versions are tagged <model>@v1.2.3.'),
    task: taskSchema.optional().describe('Default: inferred from the target column.'),
    data: dataSchema,
    holdout: holdoutSchema.prefault({}),
    validation: validationSchema.prefault({}),
    metrics: z.array(metric).min(1).optional().describe('Metrics to report. Default: by task.'),
    features: z
      .record(nameField, featureField)
      .optional()
      .describe(
        'Name -> how a feature is computed from columns; every candidate but `command` learns from it.',
      ),
    candidates: z
      .record(nameField, candidateSchema(trainers))
      .refine((value) => Object.keys(value).length > 0, 'must name at least one candidate')
      .optional()
      .describe('Default: dummy, logistic-regression or linear-regression, gradient-boosting.'),
    budget: z
      .strictObject({ 'train-minutes': trainMinutesField })
      .optional()
      .describe('Limits the training of all candidates together.'),
    resources: z
      .array(
        z.strictObject({
          'over-minutes': z.number().nonnegative().describe('Predicted minutes that one candidate passes.'),
          'runs-on': z.string().min(1).describe('Runner label for it.'),
        }),
      )
      .max(20)
      .default([])
      .describe('Runner labels by predicted time, for candidates without a `runs-on` of their own.'),
    gate: gateSchema(metric).prefault({}),
    publish: z
      .strictObject({
        on: z
          .enum(['promote', 'never'])
          .default('promote')
          .describe('When to publish a release: what passes, or only what somebody publishes.'),
      })
      .prefault({}),
    deploy: z
      .record(nameField, deploySchema)
      .default({})
      .describe('Stage -> how a version gets there when somebody tags it, e.g. churn#prod#3.'),
    card: cardSchema.default({}),
  });
}

export type Config = z.infer<ReturnType<typeof createConfigSchema>>;
/** How the test set comes about. */
export type HoldoutConfig = Config['holdout'];
export type CandidateConfig = NonNullable<Config['candidates']>[string];
export type DeployConfig = Config['deploy'][string];
export type GateConfig = Config['gate'];

/** Whether the test set is a file of its own. */
export function isGiven(holdout: HoldoutConfig): holdout is Extract<HoldoutConfig, { source: string }> {
  return holdout !== 'none' && 'source' in holdout;
}
