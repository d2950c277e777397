import { faultsOf } from '../config/faults.ts';
import { nearest } from '../config/nearest.ts';
import type { Place } from '../errors/user-error.ts';
import { throwFaults, UserError } from '../errors/user-error.ts';
import type { Trainer } from './trainer.ts';
import { dummy } from './trainers/dummy.ts';
import { elasticNetRegression } from './trainers/elastic-net.ts';
import { gradientBoosting } from './trainers/gradient-boosting.ts';
import { decisionTree, extraTrees, randomForest } from './trainers/random-forest.ts';
import { kNearestNeighbours } from './trainers/k-nearest-neighbours.ts';
import { linearRegression } from './trainers/linear-regression.ts';
import { logisticRegression } from './trainers/logistic-regression.ts';
import { naiveBayes } from './trainers/naive-bayes.ts';
import { neuralNetwork } from './trainers/neural-network.ts';

/** Every trainer by its name. */
export const trainers: ReadonlyMap<string, Trainer> = new Map(
  [
    dummy,
    linearRegression,
    elasticNetRegression,
    logisticRegression,
    gradientBoosting,
    randomForest,
    extraTrees,
    decisionTree,
    neuralNetwork,
    naiveBayes,
    kNearestNeighbours,
  ].map((trainer) => [trainer.name, trainer]),
);

/**
 * The trainer of that name.
 * @throws UserError TRAINER_PARAMETER, naming the nearest trainer
 */
export function findTrainer(name: string, place: Place = {}): Trainer {
  const trainer = trainers.get(name);
  if (trainer !== undefined) return trainer;
  const names = [...trainers.keys()];
  const close = nearest(name, names);
  throw new UserError({
    code: 'TRAINER_PARAMETER',
    message: `there is no trainer "${name}"`,
    at: place,
    fix: close === undefined ? `Trainers: ${names.join(', ')}.` : `Did you mean "${close}"?`,
  });
}

/**
 * Checks parameters and fills in the defaults.
 * @throws UserError TRAINER_PARAMETER with one fault for each bad parameter: its name, value and range
 */
export function parseParams<Params>(
  trainer: Pick<Trainer<Params>, 'name' | 'params'>,
  raw: unknown,
  place: Place = {},
): Params {
  const result = trainer.params.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  const placeOf = (path: readonly PropertyKey[]): Place =>
    path.length === 0 ? { ...place, name: trainer.name } : { ...place, name: path.map(String).join('.') };
  const faults = faultsOf(result.error, trainer.params, placeOf);
  throwFaults(faults.map((fault) => ({ ...fault, code: 'TRAINER_PARAMETER' })));
  throw new Error(`${trainer.name} refused its parameters without an issue`);
}
