import { z } from 'zod';
import { defineDocument } from './document.ts';
import {
  commitField,
  instantField,
  modelFormatField,
  nameField,
  parametersField,
  sha256Field,
  versionField,
} from './fields.ts';
import { epochSchema, memberRecipeSchema, pretrainedSchema, programSchema } from './plan.ts';
import { taskSchema } from './task.ts';

/** Branch that keeps the history where none is named. */
export const defaultLedgerRef = 'model-factory-ledger';

const runFields = {
  runId: z.string(),
  runUrl: z.string().nullable(),
  commit: commitField.nullable(),
  at: instantField,
};

/** Where the split rule changed: rows keep their side within an epoch. */
export const epochDocument = defineDocument('epoch', 1, {
  model: nameField,
  epoch: epochSchema,
  reason: z.string(),
  ...runFields,
});

/** The rows of a hold-out that replaced a spent one, beside its epoch. */
export const holdoutDocument = defineDocument('holdout', 1, {
  model: nameField,
  epoch: z.int().positive(),
  /** First 8 bytes of each row's identity (or its group's) with the epoch's salt, in base64. */
  units: z.base64(),
  ...runFields,
});

/** What later runs need of a question that the hold-out has answered. */
const lookFields = {
  number: z.int().positive(),
  modelSha256: sha256Field,
  conclusion: z.string(),
  /** With `data.time`: the latest time of a row that was asked, in the column's units. */
  until: z.number().nullable().default(null),
};
const lookSchema = z.strictObject(lookFields);
export type Look = z.infer<typeof lookSchema>;

/** One question put to the hold-out. */
export const lookDocument = defineDocument('look', 1, {
  model: nameField,
  epoch: z.int().positive(),
  ...lookFields,
  candidate: nameField,
  reason: z.string(),
  /** The epoch's looks before this one, so that the newest tells all; none in documents from before they were kept. */
  earlier: z.array(lookSchema).default([]),
  ...runFields,
});

/** A model that became champion. The one with the highest sequence is the champion now. */
export const promotionDocument = defineDocument('promotion', 1, {
  model: nameField,
  sequence: z.int().positive(),
  version: versionField,
  task: taskSchema,
  target: z.string(),
  positive: z.string().nullable(),
  classes: z.array(z.string()),
  metric: z.string(),
  candidate: nameField,
  recipe: z.strictObject({
    trainer: z.string(),
    params: parametersField,
    seed: z.int().nonnegative(),
    program: programSchema.optional(),
    pretrained: pretrainedSchema.optional(),
    members: z.array(memberRecipeSchema).optional(),
    update: z.literal(true).optional(),
  }),
  format: modelFormatField.default('onnx'),
  modelSha256: sha256Field,
  /** Digest of what callers rely on: task, classes, names and types of the inputs. */
  interfaceSha256: sha256Field,
  dataFingerprint: sha256Field,
  epoch: z.int().positive(),
  /** Mean validation scores at promotion. */
  metrics: z.record(z.string(), z.number().nullable()),
  by: z.strictObject({
    kind: z.enum(['test', 'cross-validation', 'first-run', 'person']),
    who: z.string().nullable(),
    reason: z.string(),
  }),
  previous: versionField.nullable(),
  ...runFields,
});
export type Promotion = z.infer<typeof promotionDocument.schema>;

/** What one run of the default branch tried and concluded; together these are the queryable experiment table. */
export const runDocument = defineDocument('run', 1, {
  model: nameField,
  attempt: z.int().positive(),
  event: z.string(),
  conclusion: z.string(),
  reason: z.string(),
  sentence: z.string(),
  dataFingerprint: sha256Field,
  /** Digest of all that training and judging depended on; null in records from before it was kept. */
  inputs: sha256Field.nullable().default(null),
  /** The champion that was judged against; null where there was none. */
  champion: versionField.nullable().default(null),
  rows: z.int().nonnegative(),
  /** Inputs, and fits of each candidate: what times are proportional to; null in records from before they were kept. */
  features: z.int().positive().nullable().default(null),
  fits: z.int().positive().nullable().default(null),
  winner: nameField.nullable(),
  metric: z.string(),
  candidates: z.array(
    z.strictObject({
      name: nameField,
      trainer: z.string(),
      params: parametersField,
      status: z.string(),
      metrics: z.record(z.string(), z.number().nullable()),
      trainMs: z.number().nonnegative(),
      modelBytes: z.int().nonnegative().nullable(),
      /** Null without a model, and in records from before it was kept. */
      modelSha256: sha256Field.nullable().default(null),
    }),
  ),
  ...runFields,
});
export type RunRecord = z.infer<typeof runDocument.schema>;
