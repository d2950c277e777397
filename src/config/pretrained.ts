import type { Pretrained } from '../contracts/plan.ts';
import type { Fault, Place } from '../errors/user-error.ts';
import { faultsOfTrainer } from './candidate-faults.ts';
import type { CandidateConfig } from './schema.ts';

/** Name of the trainer that takes a model as it is. */
export const onnxTrainer = 'onnx';

/** A model that was trained elsewhere, as the configuration names it. */
export type GivenModel = Omit<Pretrained, 'sha256'>;

const givenKeys = ['model', 'columns', 'classes'] as const;

/** The file of an `onnx` candidate; undefined for what is trained here. */
export function givenModelOf(candidate: CandidateConfig): GivenModel | undefined {
  const { trainer, model, columns = null, classes = null } = candidate;
  return trainer === onnxTrainer && model !== undefined ? { model, columns, classes } : undefined;
}

/** What is wrong with the pre-trained models of candidates: keys that don't belong together, names that repeat. */
export function pretrainedFaults(
  candidates: Readonly<Record<string, CandidateConfig>>,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  const own = { trainer: onnxTrainer, keys: givenKeys };
  return faultsOfTrainer(own, candidates, placeOf, (candidate, fault, name) => {
    if (candidate.model === undefined)
      return [fault([], `"${name}" says not which model`, 'Add it: model: models/bought.onnx.')];
    return (['columns', 'classes'] as const).flatMap((key) => {
      const names = candidate[key] ?? [];
      const twice = names.find((value, i) => names.indexOf(value) < i);
      return twice === undefined ? [] : [fault([key], `"${twice}" stands twice in ${key}`, 'Remove one.')];
    });
  });
}
