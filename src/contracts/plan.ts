import { z } from 'zod';
import { defineDocument } from './document.ts';
import { engineeredField } from './feature.ts';
import { commitField, nameField, parametersField, sha256Field, tableFormatField } from './fields.ts';
import { taskSchema } from './task.ts';

/** `candidate` competes; `champion` is the champion's recipe refitted on today's data, for comparison only. */
export const roleField = z.enum(['candidate', 'champion']);

/** How a `command` candidate is trained and asked: command lines as they were configured, placeholders included. */
export const programSchema = z.strictObject({
  run: z.string(),
  /** Null where the model is the ONNX file that training writes. */
  predict: z.string().nullable(),
  /** Longest time of one fit, or of one scoring. */
  timeoutMinutes: z.number().positive(),
  /** Environment variables that are passed beside the usual ones. */
  env: z.array(z.string()),
  /** How it is given its rows. */
  tables: tableFormatField.default('csv'),
});
export type Program = z.infer<typeof programSchema>;

/** What may grow from round to round of successive halving: rows, or a number among the parameters. */
export const resources = ['rows', 'max_iter', 'n_estimators', 'epochs'] as const;
export type Resource = (typeof resources)[number];

const raceFields = {
  /** The configured candidate whose combinations compete with each other: they are trained in one shard. */
  group: nameField,
  /** Trained to the end whatever happens: the champion's recipe. */
  exempt: z.boolean(),
  /** Digest of all that decides who stops: the group's fingerprints, the rules, the metric. */
  digest: sha256Field,
};

/** How combinations of one search stop early. */
export const raceSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('racing'), ...raceFields }),
  z.strictObject({
    method: z.literal('halving'),
    factor: z.int().min(2),
    resource: z.enum(resources),
    ...raceFields,
  }),
]);
export type Race = z.infer<typeof raceSchema>;
/** A recipe that a composed candidate builds on, whole, so that it stays known when its own candidate is gone. */
export const memberRecipeSchema = z.strictObject({
  name: nameField,
  trainer: z.string(),
  params: parametersField,
  seed: z.int().nonnegative(),
});
export type MemberRecipe = z.infer<typeof memberRecipeSchema>;

/** A model that was trained elsewhere: a candidate of the trainer `onnx`. */
export const pretrainedSchema = z.strictObject({
  /** Path of the file, relative to the configuration's folder. */
  model: z.string(),
  /** Digest of its bytes. */
  sha256: sha256Field,
  /** The columns of its inputs, or of its one matrix, in their order; null where the inputs have their names. */
  columns: z.array(z.string()).nullable(),
  /** What its outputs stand for, in this order; null where the file says so itself. */
  classes: z.array(z.string()).nullable(),
});
export type Pretrained = z.infer<typeof pretrainedSchema>;

export const plannedCandidateSchema = z.strictObject({
  name: nameField,
  role: roleField,
  trainer: z.string(),
  params: parametersField,
  seed: z.int().nonnegative(),
  program: programSchema.optional(),
  race: raceSchema.optional(),
  pretrained: pretrainedSchema.optional(),
  /** What an `ensemble` or `calibrated` candidate is built on, in order. */
  members: z.array(memberRecipeSchema).optional(),
  /** It continues from the plan's predecessor, where that is of the same trainer. */
  update: z.literal(true).optional(),
  /**
   * Digest of data, split, trainer, parameters, seed and engine: equal fingerprints give equal models. For a `command`
   * candidate the program's words and the files beside the configuration count too, for a pre-trained model its bytes.
   */
  fingerprint: sha256Field,
  /** Of no meaning for a cached one. */
  shard: z.int().nonnegative(),
});
export type PlannedCandidate = z.infer<typeof plannedCandidateSchema>;

export const skippedSchema = z.strictObject({
  name: nameField,
  trainer: z.string(),
  params: parametersField,
  fingerprint: sha256Field,
  predictedMs: z.number().nonnegative(),
});

/** A candidate that isn't trained, because an earlier run has the same result. */
export const cachedSchema = z.strictObject({
  name: nameField,
  /** Where its result was taken from, e.g. `run 123`. */
  from: z.string(),
});

export const epochSchema = z.strictObject({
  number: z.int().positive(),
  /** JSON of the split rule: fraction, key, group, time. */
  rule: z.string(),
  salt: z.string(),
  /** Columns whose text identifies a row; a single one where the data has a key. */
  splitColumns: z.array(z.string()),
  /** The hold-out replaced a spent one: the history lists its rows, and the rule's fraction draws nothing. */
  listed: z.boolean().default(false),
});
export type Epoch = z.infer<typeof epochSchema>;

export const noticeSchema = z.strictObject({
  code: z.string(),
  column: z.string().nullable(),
  message: z.string(),
  fix: z.string().nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const defaultUsedSchema = z.strictObject({ path: z.string(), value: z.string(), why: z.string() });

/** Name of the configuration where none is given. */
export const defaultConfigFile = 'model-factory.yml';

/** The released model that updates continue from, or why they can't. */
export const predecessorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), why: z.string() }),
  z.strictObject({
    kind: z.literal('known'),
    version: z.string(),
    modelSha256: sha256Field,
    trainer: z.string(),
    params: parametersField,
    seed: z.int().nonnegative(),
    /** Digest of the list of rows that it has learnt from. */
    seenSha256: sha256Field,
  }),
]);

/** What will be trained on what: written by `plan`, read by `train` and `gate`. */
export const planDocument = defineDocument('plan', 1, {
  model: nameField,
  /** Path of the configuration in the repository; outside one, in the folder that planning was started in. */
  configFile: z.string().default(defaultConfigFile),
  question: z.enum(['merge', 'promote']),
  task: taskSchema,
  classes: z.array(z.string()),
  positive: z.string().nullable(),
  commit: commitField.nullable(),
  base: commitField.nullable(),
  data: z.strictObject({
    source: z.string(),
    files: z.array(z.strictObject({ path: z.string(), sha256: sha256Field, bytes: z.int().nonnegative() })),
    fingerprint: sha256Field,
    rows: z.int().nonnegative(),
    usedRows: z.int().nonnegative(),
    target: z.string(),
    features: z.array(
      z.strictObject({ name: z.string(), type: z.enum(['number', 'boolean', 'date', 'category']) }),
    ),
    /** Features that are computed from columns, in their order. */
    engineered: z.array(engineeredField).default([]),
    notices: z.array(noticeSchema),
  }),
  split: z.strictObject({
    epoch: epochSchema,
    digest: sha256Field,
    developmentRows: z.int().nonnegative(),
    holdoutRows: z.int().nonnegative(),
    folds: z.int().positive(),
    repeats: z.int().positive(),
  }),
  policy: z.strictObject({ digest: sha256Field, commit: commitField.nullable() }),
  /** The configuration that judges, with static defaults: policy of the base, proposal of the head. */
  config: z.record(z.string(), z.json()),
  rankingMetric: z.string(),
  metrics: z.array(z.string()),
  defaults: z.array(defaultUsedSchema),
  candidates: z.array(plannedCandidateSchema),
  /** Configured candidates that are not trained, because the budget is used up. */
  skipped: z.array(skippedSchema).default([]),
  /** Those of `candidates` that no shard trains: their results lie beside the plan. */
  cached: z.array(cachedSchema).default([]),
  /** Null where no candidate asks for it. */
  predecessor: predecessorSchema.nullable().default(null),
  /** Name of the planned candidate that repeats the champion's recipe; null where there is no champion. */
  championRecipe: nameField.nullable(),
  shards: z.array(
    z.strictObject({
      index: z.int().nonnegative(),
      candidates: z.array(nameField),
      runsOn: z.string().nullable(),
      predictedMs: z.number().nonnegative(),
    }),
  ),
});
export type Plan = z.infer<typeof planDocument.schema>;
