import { z } from 'zod';

/** When a net stops before its last epoch. */
export const stoppingParams = {
  early_stopping: z
    .boolean()
    .default(false)
    .describe('Whether to set rows aside, to stop by their loss, and to keep the weights of the best epoch.'),
  validation_fraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Share of the training rows that early stopping sets aside.'),
  n_iter_no_change: z
    .int()
    .min(1)
    .max(100_000)
    .default(10)
    .describe('Epochs in a row without a lower loss before stopping.'),
};
