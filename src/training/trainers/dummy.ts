import { z } from 'zod';
import { mean } from '../../numeric/sum.ts';
import type { Fit, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({});

/** Ignores the features: the class frequencies, or the mean of the target. What every model has to beat. */
export const dummy: Trainer<z.infer<typeof params>> = {
  name: 'dummy',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'none',
  params,
  fit(data: TrainingSet): Fit {
    const { classCounts, warnings } = inspectRows(data, 'dummy');
    const outputs =
      data.task === 'regression'
        ? Float64Array.of(mean(data.y))
        : classCounts.map((count) => count / data.rows);
    return { predictor: { kind: 'constant', outputs }, iterations: 1, warnings };
  },
};
