import { z } from 'zod';

/** The parameter `cv` of trainers that ask their members about rows they haven't seen. */
export const innerFolds = z
  .int()
  .min(2)
  .max(20)
  .default(5)
  .describe('Folds within the training rows, on which the members are asked about rows they have not seen.');
