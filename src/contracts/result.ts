import { z } from 'zod';
import { defineDocument } from './document.ts';
import { instantField, nameField, parametersField, sha256Field } from './fields.ts';
import { roleField } from './plan.ts';

/** `stopped` = a search gave it up early; `cached` = taken from an earlier run instead of being trained again. */
export const statusField = z.enum(['ok', 'failed', 'cached', 'stopped']);
export type Status = z.infer<typeof statusField>;

export const environmentSchema = z.strictObject({
  factory: z.string(),
  node: z.string(),
  platform: z.string(),
  arch: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

const score = z.number().nullable();

/** Classes above which no confusion counts are kept. */
export const mostCountedClasses = 50;

/** Whole rows: truth × predicted, both in the plan's order of the classes. */
export const confusionField = z
  .array(z.array(z.int().nonnegative()).max(mostCountedClasses))
  .max(mostCountedClasses);
export type ConfusionCounts = z.infer<typeof confusionField>;

/** What lets another run take a result over instead of training again. */
export const reuseSchema = z.strictObject({
  /** Digest of all that the result depends on: equal keys give equal results. */
  key: sha256Field,
  /** Digest of the result itself, so that a damaged one is not believed. */
  seal: sha256Field,
  /** Where a cached result was taken from, e.g. `run 123`; null = trained in this run. */
  from: z.string().nullable(),
});

/** Outcome of one candidate: written by `train`, read by `gate`. One that failed or was stopped says why. */
export const resultDocument = defineDocument('result', 1, {
  candidate: nameField,
  role: roleField,
  trainer: z.string(),
  params: parametersField,
  seed: z.int().nonnegative(),
  fingerprint: sha256Field,
  status: statusField,
  failure: z
    .strictObject({
      code: z.string(),
      message: z.string(),
      /** The last lines that a program printed. */
      output: z.array(z.string()).default([]),
    })
    .nullable(),
  /** Why a search gave it up, e.g. "after 2 of 5 folds: could not win any more"; null for all others. */
  stopped: z.string().nullable().default(null),
  /** Scores on the validation folds, in fold order; null = undefined on that fold, or stopped before it. */
  metrics: z.record(z.string(), z.strictObject({ mean: score, folds: z.array(score) })),
  /**
   * Out-of-fold rows, each counted once and unweighted, by truth and most probable class. Null for regression, more than
   * 50 classes, one that failed or was stopped, and in documents from before it was kept.
   */
  confusion: confusionField.nullable().default(null),
  /** Boosting rounds or solver iterations of each fold's fit, then of the fit on all development rows. */
  iterations: z.array(z.int().nonnegative()),
  warnings: z.array(z.string()),
  startedAt: instantField,
  runUrl: z.string().nullable(),
  /** CPU-independent wall time of all fits of this candidate, in milliseconds. */
  trainMs: z.number().nonnegative(),
  /** Scoring time for 1,000 rows, in milliseconds. */
  predictMsPer1k: z.number().nonnegative().nullable(),
  modelBytes: z.int().nonnegative().nullable(),
  peakMemoryBytes: z.int().nonnegative().nullable(),
  environment: environmentSchema,
  /** Digests of the model fitted on all development rows and of the predictions file. */
  modelSha256: sha256Field.nullable(),
  predictionsSha256: sha256Field.nullable(),
  /** Null where it failed, or where nobody knows all that it depends on: programs, models of other tools. */
  reuse: reuseSchema.nullable().default(null),
});
export type Result = z.infer<typeof resultDocument.schema>;
