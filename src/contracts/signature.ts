import { z } from 'zod';
import { defineDocument } from './document.ts';
import { modelFormatField } from './fields.ts';
import { taskSchema } from './task.ts';

const base = {
  /** The column, as in the data. */
  name: z.string().min(1),
  /** Name of the ONNX graph's input; differs from `name` only where that would clash with an output. */
  tensor: z.string().min(1),
};

/** One column that a caller sends. Booleans travel as 0 and 1, dates as days since 1970-01-01 UTC, missing as null. */
export const signatureInputSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...base, type: z.enum(['number', 'boolean']) }),
  z.strictObject({
    ...base,
    type: z.literal('date'),
    /** The tensor's element type where it isn't float: a date that features are computed from. */
    element: z.literal('double').optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal('category'),
    /** Levels that the model tells apart; any other text counts as "rare or unseen". */
    levels: z.array(z.string()),
  }),
]);
export type SignatureInput = z.infer<typeof signatureInputSchema>;

const outputSchema = z.strictObject({
  name: z.enum(['label', 'probabilities', 'variable']),
  type: z.enum(['string', 'float']),
  /** "N" = number of rows. */
  shape: z.array(z.union([z.literal('N'), z.int().positive()])),
});

/** What goes into a model and what comes out: the contract with its callers. */
export const signatureDocument = defineDocument('signature', 1, {
  format: modelFormatField.default('onnx'),
  task: taskSchema,
  /** In the order of the probabilities (binary: negative, positive); empty for regression. */
  classes: z.array(z.string()),
  inputs: z.array(signatureInputSchema).min(1),
  outputs: z.array(outputSchema).min(1),
});
export type Signature = z.infer<typeof signatureDocument.schema>;
