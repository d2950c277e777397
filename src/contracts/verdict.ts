import { z } from 'zod';
import { defineDocument } from './document.ts';
import { commitField, instantField, nameField, versionField } from './fields.ts';
import { confusionField, statusField } from './result.ts';

export const conclusionField = z.enum(['promote', 'keep', 'block', 'undecided']);
export type Conclusion = z.infer<typeof conclusionField>;

export const reasonField = z.enum([
  // keep, merge question
  'no-worse',
  'likely-better',
  'unchanged',
  'first-run',
  // promote
  'better',
  'promoted-by-person',
  // keep, promotion question
  'cv-not-better',
  'not-better',
  'superseded',
  // block
  'worse',
  'floor',
  'ceiling',
  'too-good',
  'slice',
  'limit',
  'failed',
  'no-candidate',
  'config-missing',
  'not-comparable',
  // undecided
  'may-be-worse',
  'insufficient-data',
  'holdout-changed',
  'holdout-spent',
]);
export type Reason = z.infer<typeof reasonField>;

const number = z.number().nullable();

/** A paired comparison on the same rows. Positive = the candidate is better, in the metric's units. */
export const comparisonSchema = z.strictObject({
  metric: z.string(),
  estimate: number,
  /** One-sided bounds at `confidence` each. */
  lower: number,
  upper: number,
  confidence: z.number(),
  p: number,
  /** Independent units compared: rows, groups or time blocks. */
  n: z.int().nonnegative(),
  /** Rows behind those units; null in documents from before it was kept. */
  rows: z.int().nonnegative().nullable().default(null),
  /** In the field's words, e.g. "paired t, Hall's correction". */
  method: z.string(),
});
export type ComparisonRecord = z.infer<typeof comparisonSchema>;

/** One rule and how it came out; `wouldSettle` says what would decide an open one. */
export const ruleOutcomeSchema = z.strictObject({
  rule: z.string(),
  metric: z.string().nullable(),
  outcome: z.enum(['pass', 'fail', 'undecided', 'not-applicable']),
  /** What was measured and the threshold it was held against, both in the metric's units. */
  measured: number,
  threshold: number,
  comparison: comparisonSchema.nullable(),
  note: z.string(),
  wouldSettle: z.string().nullable(),
});
export type RuleOutcome = z.infer<typeof ruleOutcomeSchema>;

/** A candidate as the report shows it, best first. */
export const standingSchema = z.strictObject({
  name: nameField,
  trainer: z.string(),
  params: z.record(z.string(), z.json()),
  role: z.enum(['candidate', 'champion']),
  status: statusField,
  failure: z.string().nullable(),
  /** Why a search gave it up early; null for all others. */
  stopped: z.string().nullable().default(null),
  /** Mean validation scores. */
  metrics: z.record(z.string(), number),
  /** Against the baseline's out-of-fold predictions; null where there is no baseline. */
  comparison: comparisonSchema.nullable(),
  trainMs: z.number().nonnegative(),
  predictMsPer1k: number,
  modelBytes: number,
});
export type Standing = z.infer<typeof standingSchema>;

/** A shell command that judges the same commit on a laptop. */
export const againSchema = z.strictObject({
  command: z.string(),
  /** False where only the default branch's jobs may ask the test set (hold-out): the laptop cross-validates. */
  sameQuestion: z.boolean(),
});
export type Again = z.infer<typeof againSchema>;

/** The gate's decision with everything it rests on: written by `gate`, read by `comment` and `publish`. */
export const verdictDocument = defineDocument('verdict', 1, {
  model: nameField,
  question: z.enum(['merge', 'promote']),
  conclusion: conclusionField,
  reason: reasonField,
  /** The verdict in plain language, numbers with units; the first line of the report. */
  sentence: z.string(),
  /** What to do next, in one sentence. */
  next: z.string(),
  metric: z.string(),
  winner: nameField.nullable(),
  /** The comparison that decided; null where there was nothing to compare with. */
  decisive: comparisonSchema.nullable(),
  /** Mean validation scores of the baseline that candidates are compared with; null where there is none. */
  baselineMetrics: z.record(z.string(), number).nullable(),
  /** The winner's and the baseline's out-of-fold rows by truth and predicted class, on the rows that both were asked. */
  confusion: z.strictObject({ winner: confusionField, baseline: confusionField }).nullable().default(null),
  rules: z.array(ruleOutcomeSchema),
  standings: z.array(standingSchema),
  champion: z
    .strictObject({
      version: versionField,
      candidate: nameField,
      trainer: z.string(),
      promotedAt: instantField,
      ageDays: z.number().nonnegative(),
      commit: commitField.nullable(),
      /** `stored` = the released model was scored; `refitted` = its recipe on today's rows stands in for it. */
      standIn: z.enum(['stored', 'refitted']),
    })
    .nullable(),
  /** Null where the hold-out isn't used. */
  looks: z
    .strictObject({ used: z.int().nonnegative(), allowed: z.int().positive(), spent: z.boolean() })
    .nullable(),
  /** The smallest true gain that this amount of data would show four times in five, in the metric's units. */
  detectableGain: number,
  rows: z.strictObject({
    total: z.int().nonnegative(),
    development: z.int().nonnegative(),
    holdout: z.int().nonnegative(),
    changedLabels: z.int().nonnegative(),
  }),
  policyEdits: z.array(z.strictObject({ path: z.string(), old: z.string(), new: z.string() })),
  /** Time of all fits, in milliseconds, and the number of jobs. */
  cost: z.strictObject({
    /** Of the models that this run trained. */
    trainMs: z.number().nonnegative(),
    jobs: z.int().positive(),
    /** Models whose results were taken from elsewhere instead. */
    taken: z.array(z.strictObject({ from: z.string(), models: z.int().positive() })).default([]),
  }),
  /** The run that judged; null where it isn't known. */
  run: z
    .strictObject({
      id: z.string(),
      attempt: z.int().positive(),
      url: z.string().nullable(),
      event: z.string(),
      /** Who decided in place of the test, and why; null where the rules decided. */
      person: z.strictObject({ who: z.string(), reason: z.string() }).nullable(),
      again: againSchema,
    })
    .nullable()
    .default(null),
});
export type Verdict = z.infer<typeof verdictDocument.schema>;
