import { z } from 'zod';
import { defineDocument } from '../../contracts/document.ts';
import { taskSchema } from '../../contracts/task.ts';
import { tensorflowParams } from './params.ts';

/** Files between the factory and the process that runs TensorFlow.js. Numbers are little-endian float32, row by row. */
export const exchange = {
  task: 'task.json',
  /** Features of all rows: training, validation, then those to predict. */
  features: 'features.f32',
  /** Class number or (scaled) number to predict of the training and validation rows. */
  targets: 'targets.f32',
  answer: 'answer.json',
  /** Rows to predict × outputs. */
  predictions: 'predictions.f32',
  /** TensorFlow.js's own format: topology and the names of the weights, and the weights. */
  topology: 'model.json',
  weights: 'weights.bin',
} as const;

const rows = z.int().nonnegative();

/** What the process is to do. `outputs` = numbers for a row: 1 for two classes and for a regression. */
export const layersTask = defineDocument('layers-task', 1, {
  work: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('train'),
      params: tensorflowParams,
      seed: z.int().nonnegative(),
      task: taskSchema,
      classes: z.array(z.string()),
      names: z.array(z.string()),
      /** What rows of each class count for; null = all the same. */
      classWeights: z.array(z.number()).nullable(),
      trainingRows: rows,
      validationRows: rows,
    }),
    z.strictObject({ kind: z.literal('predict') }),
  ]),
  features: z.int().positive(),
  outputs: z.int().positive(),
  predictRows: rows,
});
export type LayersTask = z.infer<typeof layersTask.schema>;
export type TrainingWork = Extract<LayersTask['work'], { kind: 'train' }>;

/** What came of it. A failure is the user's to mend; anything else ends the process with a stack. */
export const layersAnswer = defineDocument('layers-answer', 1, {
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('done'),
      /** Epochs that were run; 0 for predictions. */
      epochs: rows,
      warnings: z.array(z.string()),
    }),
    z.strictObject({
      kind: z.literal('failed'),
      code: z.enum(['TENSORFLOW_MODULE', 'TRAINING_FAILED']),
      message: z.string(),
      fix: z.string(),
    }),
  ]),
});
export type LayersAnswer = z.infer<typeof layersAnswer.schema>;

/** Numbers as bytes of a file. */
export function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Bytes of a file as numbers, in memory of their own. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const copy = Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % 4)));
  return new Float32Array(copy.buffer);
}
