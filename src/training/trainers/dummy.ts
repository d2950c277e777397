import { z } from 'zod';
import { mean, sum } from '../../numeric/sum.ts';
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
    const outputs = data.weights
      ? weightedShares(data, data.weights)
      : data.task === 'regression'
        ? Float64Array.of(mean(data.y))
        : classCounts.map((count) => count / data.rows);
    return { predictor: { kind: 'constant', outputs }, iterations: 1, warnings };
  },
};

function weightedShares({ task, classes, y }: TrainingSet, weights: Float64Array): Float64Array {
  const total = sum(weights);
  if (task === 'regression')
    return Float64Array.of(sum(y.map((value, row) => value * weights[row]!)) / total);
  const shares = new Float64Array(classes);
  y.forEach((label, row) => (shares[label]! += weights[row]! / total));
  return shares;
}
