import { z } from 'zod';
import { defineDocument } from './document.ts';

/** Synthetic rows with the answers that the model gave when it was released: its smoke test wherever it runs. */
export const goldenDocument = defineDocument('golden', 1, {
  seed: z.int().nonnegative(),
  columns: z.array(z.string().min(1)).min(1),
  /** One value per column, null = missing. */
  rows: z.array(z.array(z.union([z.number(), z.string(), z.null()]))).min(1),
  /** Expected class of each row; empty for regression. */
  labels: z.array(z.string()),
  /** Expected probabilities in the order of the classes, or the predicted number, of each row. */
  outputs: z.array(z.array(z.number()).min(1)).min(1),
  /** How far another runtime may be from `outputs` (relative for regression); the factory's own scorer is exact. */
  tolerance: z.number().positive(),
});
export type Golden = z.infer<typeof goldenDocument.schema>;
