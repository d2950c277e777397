import { z } from 'zod';

/** Most branches from root to leaf of any tree. */
export const maxDepthParam = z
  .int()
  .min(1)
  .max(1000)
  .nullable()
  .default(null)
  .describe('Most branches from root to leaf; null for no limit.');
