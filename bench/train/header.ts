import { z } from 'zod';
import { parametersField } from '../../src/contracts/fields.ts';
import { taskSchema } from '../../src/contracts/task.ts';

/** What stands in `case.json` beside the matrix `x` (float32, rows × width, row-major) and the target `y` (float64). */
export const caseHeader = z.strictObject({
  task: taskSchema,
  rows: z.int(),
  /** Rows that are learnt from; the others are scored. */
  trained: z.int(),
  width: z.int(),
  classes: z.int(),
  /** Levels of each column; 0 for a number. */
  levels: z.array(z.int()),
  trainer: z.string(),
  params: parametersField,
});

/** What an engine prints: milliseconds of processor time of the fit, and the log loss (RMSE) on the rows held back. */
export const fitResult = z.strictObject({ cpuMs: z.number(), loss: z.number() });
