import { z } from 'zod';
import { defineDocument } from './document.ts';

const count = z.int().nonnegative();

/** Bin k holds edges[k-1] < x <= edges[k]; the first and the last are open, so no extreme value is told. */
const histogramShape = {
  edges: z.array(z.number()),
  /** Rows per bin, one more than edges. */
  counts: z.array(count),
};

export const inputProfileSchema = z.discriminatedUnion('type', [
  z.strictObject({
    name: z.string().min(1),
    type: z.enum(['number', 'boolean', 'date']),
    missing: count,
    ...histogramShape,
  }),
  z.strictObject({
    name: z.string().min(1),
    type: z.literal('category'),
    missing: count,
    /** Most frequent first. */
    levels: z.array(z.strictObject({ level: z.string(), count })),
    /** Levels with too few rows to be named, together. */
    rare: z.strictObject({ levels: count, count }),
  }),
]);
export type InputProfile = z.infer<typeof inputProfileSchema>;

/** Distributions of a model's inputs and predictions on the rows it was judged on: what drift is measured against. */
export const profileDocument = defineDocument('profile', 1, {
  rows: count,
  inputs: z.array(inputProfileSchema),
  /** One per class (its probability) or one named `variable`. */
  predictions: z.array(z.strictObject({ name: z.string(), ...histogramShape })),
});
export type Profile = z.infer<typeof profileDocument.schema>;
