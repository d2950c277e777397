import { z } from 'zod';
import { onnxTrainer } from '../config/pretrained.ts';
import { commandTrainer } from '../config/program.ts';
import type { Catalogue } from '../config/schema.ts';
import type { TaskLimits } from '../config/task-faults.ts';
import { parametersField } from '../contracts/fields.ts';
import { metrics } from '../gate/metrics/metrics.ts';
import { composedTrainers } from '../training/composed-trainers.ts';
import { trainers } from '../training/trainers.ts';
import { tensorflow } from './tensorflow/params.ts';

/** The trainers and metrics that a configuration may name. */
export const catalogue: Catalogue = {
  trainers: new Map([
    ...[...trainers, ...composedTrainers].map(([name, { params }]): [string, z.ZodType] => [name, params]),
    [commandTrainer, parametersField],
    [onnxTrainer, z.strictObject({})],
    [tensorflow.name, tensorflow.params],
  ]),
  metrics: [...metrics.keys()],
  scores: new Set([...metrics.values()].filter(({ better }) => better === 'higher').map(({ name }) => name)),
  updating: new Set([...trainers.values()].filter((own) => own.update).map(({ name }) => name)),
  unweighted: new Set(
    [...trainers.values(), tensorflow].filter((own) => own.unweighted).map(({ name }) => name),
  ),
};

/** What each of them is for; programs, pre-trained models and TensorFlow modules are for anything. */
export const taskLimits: TaskLimits = {
  trainers: new Map([...trainers, ...composedTrainers].map(([name, { tasks }]) => [name, tasks])),
  metrics: new Map([...metrics].map(([name, { tasks }]) => [name, tasks])),
};
