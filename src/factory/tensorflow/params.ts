import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { tensorflowTrainer } from '../../config/program.ts';
import { parameterField } from '../../contracts/fields.ts';
import type { Task } from '../../contracts/task.ts';
import { stoppingParams } from '../../training/net/stopping-params.ts';
import { classWeight } from '../../training/row-weights.ts';

const own = {
  module: z
    .string()
    .min(1)
    .max(1024)
    .regex(/\.(mjs|js|ts|mts)$/, 'must name a JavaScript or TypeScript module')
    .describe('File that builds the model, relative to the configuration: its default export is called.'),
  epochs: z.int().min(1).max(100_000).default(30).describe('Most passes over the rows.'),
  batch_size: z.int().min(1).max(1e9).default(32).describe('Rows of a mini-batch.'),
  learning_rate: z
    .number()
    .positive()
    .max(10)
    .default(0.001)
    .describe("Adam's step size, where the module leaves the model uncompiled."),
  shuffle: z.boolean().default(true).describe('Whether each epoch takes the rows in a new random order.'),
  ...stoppingParams,
  class_weight: classWeight,
  scale_target: z
    .boolean()
    .default(true)
    .describe('Whether the number to predict is standardised for training and scaled back afterwards.'),
  backend: z
    .enum(['auto', 'native', 'wasm', 'cpu'])
    .default('auto')
    .describe(
      '`native`: `@tensorflow/tfjs-node`; `wasm`, `cpu`: the TensorFlow.js of the factory; `auto`: the first that works.',
    ),
};
const names = Object.keys(own);

/** Parameters of the trainer `tensorflow`: its own, and any others, which only the module reads. */
export const tensorflowParams = z
  .object(own)
  .catchall(parameterField)
  .superRefine((params, context) => {
    for (const key of Object.keys(params)) {
      const close = names.includes(key) ? undefined : nearest(key, names);
      if (close !== undefined && Math.abs(close.length - key.length) <= 2)
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `is hardly meant for the module, because "${close}" looks alike`,
          params: { fix: `Did you mean "${close}"? Give a parameter of the module another name.` },
        });
    }
  });
export type TensorflowParams = z.infer<typeof tensorflowParams>;

/** What the reference says about the trainer. */
export const tensorflow = {
  name: tensorflowTrainer,
  tasks: ['binary', 'multiclass', 'regression'] satisfies Task[],
  params: tensorflowParams,
  /** TensorFlow.js weighs classes, not rows. */
  unweighted: true,
} as const;
