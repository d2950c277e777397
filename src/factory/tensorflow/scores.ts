import { UserError } from '../../errors/user-error.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Scale } from '../../training/net/standardise.ts';

export type { Scale };

/** Numbers that a net gives for a row: 1 for two classes (the probability of the second) and for a regression. */
export function netOutputs({ task, classes }: Pick<Pipeline, 'task' | 'classes'>): number {
  return task === 'multiclass' ? classes.length : 1;
}

/** How far probabilities in float32 may be from a distribution. */
const slack = 1e-3;

/**
 * What a net gave for rows, as predictions: rows × classes, or × 1 for a regression.
 * @throws UserError TENSORFLOW_MODULE for what can't be a prediction
 */
export function predictionsOfNet(
  values: Float32Array,
  rows: number,
  { task, classes }: Pick<Pipeline, 'task' | 'classes'>,
  { mean, deviation }: Scale,
): Float64Array {
  const outputs = netOutputs({ task, classes });
  if (values.length !== rows * outputs)
    throw refusal(
      `${values.length} numbers for ${rows} rows`,
      'Return one row of outputs for each row of inputs.',
    );
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0)
    throw refusal(
      `${values[broken]} for row ${Math.floor(broken / outputs) + 1}`,
      'Lower learning_rate, or normalise inside the model.',
    );
  if (task === 'regression') return Float64Array.from(values, (value) => value * deviation + mean);
  const strange = values.find((value) => value < -slack || value > 1 + slack);
  if (strange !== undefined)
    throw refusal(
      `${strange}, which is no probability`,
      `End with the activation ${task === 'binary' ? 'sigmoid' : 'softmax'}.`,
    );
  if (task === 'binary')
    return Float64Array.from({ length: 2 * rows }, (_, at) => shareOf(values[at >> 1]!, at & 1));
  return Float64Array.from(values.keys(), (at) => {
    const first = at - (at % outputs);
    const sum = values.subarray(first, first + outputs).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > slack)
      throw refusal(`probabilities with the sum ${sum}`, 'End with the activation softmax.');
    return values[at]! / sum;
  });
}

/** Of the second class it is the number itself. */
function shareOf(value: number, label: number): number {
  const share = Math.min(Math.max(value, 0), 1);
  return label === 1 ? share : 1 - share;
}

function refusal(what: string, fix: string): UserError {
  return new UserError({ code: 'TENSORFLOW_MODULE', message: `the net predicts ${what}`, fix });
}
