import type { Task } from '../../../src/contracts/task.ts';
import type { Predictions } from '../../../src/gate/predictions.ts';
import { Random } from '../../../src/numeric/random.ts';
import { sigmoid } from '../../../src/numeric/elementary.ts';

/** Predictions from rows of probabilities or single values. */
export function predictionsOf(task: Task, y: ArrayLike<number>, rows: number[][]): Predictions {
  const classes = task === 'regression' ? 0 : rows[0]!.length;
  return { task, classes, rows: y.length, y: Float64Array.from(y), p: Float64Array.from(rows.flat()) };
}

/**
 * A binary problem whose true logit is standard normal, scored by models that see it through noise:
 * the larger the noise, the worse the model. The truth is the same for one seed and number of rows.
 */
export function binarySample(rows: number, noise: number, { seed = 1, modelSeed = 2 } = {}): Predictions {
  const world = new Random(seed);
  const model = new Random(modelSeed);
  const scores: number[][] = [];
  const y: number[] = [];
  for (let row = 0; row < rows; row++) {
    const logit = 2 * world.normal();
    y.push(world.next() < sigmoid(logit) ? 1 : 0);
    const p = sigmoid(logit + noise * model.normal());
    scores.push([1 - p, p]);
  }
  return predictionsOf('binary', y, scores);
}

/** A regression problem: truth standard normal, prediction = truth + noise. */
export function regressionSample(rows: number, noise: number, { seed = 1, modelSeed = 2 } = {}): Predictions {
  const world = new Random(seed);
  const model = new Random(modelSeed);
  const y = Float64Array.from({ length: rows }, () => world.normal());
  return predictionsOf(
    'regression',
    y,
    Array.from(y, (value) => [value + noise * model.normal()]),
  );
}

/** Three classes, the true one favoured by `strength`. */
export function multiclassSample(
  rows: number,
  strength: number,
  { seed = 1, modelSeed = 2 } = {},
): Predictions {
  const world = new Random(seed);
  const model = new Random(modelSeed);
  const y: number[] = [];
  const scores: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const truth = world.integer(3);
    const draws = [0, 1, 2].map((k) => 0.05 + model.next() + (k === truth ? strength : 0));
    const total = draws.reduce((a, b) => a + b);
    y.push(truth);
    scores.push(draws.map((draw) => draw / total));
  }
  return predictionsOf('multiclass', y, scores);
}
