import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';
import { toGrid } from '../../model/neighbours/scores.ts';
import { Random } from '../../numeric/random.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';

const params = z
  .strictObject({
    n_neighbors: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe('How many of the nearest training rows answer for a row.'),
    weights: z
      .enum(['uniform', 'distance'])
      .default('uniform')
      .describe('Whether the neighbours count alike or by the inverse of their distance.'),
    p: z
      .union([z.literal(2), z.literal(1)])
      .default(2)
      .describe('Distance: 2 is the straight line, 1 the sum of the differences.'),
    publish_training_rows: z
      .boolean()
      .default(false)
      .describe('Has to be true: the model file holds the training rows, for everyone who can read it.'),
  })
  .refine(({ publish_training_rows }) => publish_training_rows, {
    path: ['publish_training_rows'],
    message:
      "must be true: the model file of nearest neighbours holds the training rows, and a run's artifacts and a release hold the model",
    params: {
      fix: 'Write `publish_training_rows: true` if everyone who can read the repository may see the rows, or take another trainer.',
    },
  });
type Params = z.infer<typeof params>;

/** Size limit of the training rows in a model file. */
const maxFileBytes = 32 * 1024 * 1024;

/**
 * Asks the nearest training rows, as scikit-learn's `KNeighborsClassifier` and `KNeighborsRegressor` by brute force. Columns
 * are imputed, standardised and one-hot; distances are made of steps of 2^-14 standard deviations, and nothing is
 * farther than 64 of them from the mean. Rows that are equally far are taken in an order that `seed` draws.
 */
export const kNearestNeighbours: Trainer<Params> = {
  name: 'k-nearest-neighbours',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'standard',
  unweighted: true,
  params,
  fit(data: TrainingSet, { params: given, seed }: FitOptions<Params>): Fit {
    const { warnings } = inspectRows(data, 'k-nearest-neighbours');
    refuse(data, given);
    const width = data.features.length;
    const order = canonicalOrder(data, seed);
    const points = new Float32Array(data.rows * width);
    for (let j = 0; j < width; j++)
      for (let i = 0; i < data.rows; i++) points[j * data.rows + i] = place(data, order[i]!, j);
    return {
      predictor: {
        kind: 'neighbours',
        outputs: Math.max(data.classes, 1),
        neighbours: given.n_neighbors,
        p: given.p,
        weights: given.weights,
        rows: data.rows,
        width,
        points,
        targets: Float64Array.from(order, (row) => data.y[row]!),
      },
      iterations: 1,
      warnings,
    };
  },
};

/** On the grid; adding 0 makes 0 of -0. */
function place({ x, features }: TrainingSet, row: number, column: number): number {
  return toGrid(x[row * features.length + column]!) + 0;
}

/**
 * An order that depends on what the rows hold and on the seed, not on how they were given: sorted, then shuffled, because
 * among rows that are equally far the first ones count, and sorted ones would always favour the lower target.
 */
function canonicalOrder(data: TrainingSet, seed: number): Int32Array {
  const width = data.features.length;
  const order = Int32Array.from({ length: data.rows }, (_, row) => row).sort((a, b) => {
    for (let j = 0; j < width; j++) {
      const difference = place(data, a, j) - place(data, b, j);
      if (difference !== 0) return difference;
    }
    return data.y[a]! - data.y[b]!;
  });
  const random = new Random(seed);
  for (let i = data.rows - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function refuse({ rows, features, weights }: TrainingSet, { n_neighbors }: Params): void {
  const refusal = (what: string, fix: string, name?: string): UserError =>
    new UserError({
      code: name === undefined ? 'TRAINING_FAILED' : 'TRAINER_PARAMETER',
      message: `k-nearest-neighbours: ${what}`,
      at: { name },
      fix,
    });
  if (n_neighbors > rows)
    throw refusal(
      `n_neighbors is ${n_neighbors}, and there are ${rows} training rows`,
      `Use at most ${rows}, or fewer folds.`,
      'n_neighbors',
    );
  if (weights !== undefined)
    throw refusal(
      'a neighbour counts once, so rows can not have weights',
      'Leave the weights or this candidate out.',
    );
  const bytes = rows * (features.length * 4 + 8);
  if (bytes > maxFileBytes)
    throw refusal(
      `the model file would hold ${rows} rows of ${features.length} columns, ${Math.ceil(bytes / 1e6)} MB, more than ${Math.floor(maxFileBytes / 1e6)} MB`,
      'Drop columns (`data.drop`), above all categories of many levels, give fewer rows, or take another trainer.',
    );
}
