import type { ComposedTrainer } from './trainer.ts';
import { calibrated } from './trainers/calibrated.ts';
import { ensemble } from './trainers/ensemble.ts';

/** Every trainer that builds on other candidates, by its name. */
export const composedTrainers: ReadonlyMap<string, ComposedTrainer> = new Map(
  [ensemble, calibrated].map((trainer): [string, ComposedTrainer] => [trainer.name, trainer]),
);
