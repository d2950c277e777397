import type { Plan } from '../contracts/plan.ts';
import { readOnnx } from '../model/onnx/read.ts';
import { formatOf, pipelineScorer, type Scorer } from '../model/scorer.ts';
import type { Prepared } from './prepared.ts';
import { opaqueScorer } from './command/opaque-scorer.ts';
import { foreignScorer, type ForeignModel } from './foreign-scorer.ts';
import { inputsUsed } from './pretrained/signature.ts';
import { layersScorer } from './tensorflow/layers-scorer.ts';

/**
 * A model as a candidate or a release left it: our own ONNX file, another tool's, or an archive.
 * @throws UserError MODEL_INVALID; scoring throws what the program or the library says
 */
export function openModel(model: Uint8Array, name: string, about: ForeignModel): Scorer {
  switch (formatOf(model)) {
    case 'onnx':
      return pipelineScorer(readOnnx(model, name));
    case 'opaque':
      // Only a program of the user's says how it predicts; what else is an archive holds layers.
      return (about.program?.predict ?? null) === null
        ? layersScorer(model, name)
        : opaqueScorer(model, name, about);
    case 'foreign-onnx':
      return foreignScorer(model, name, about);
  }
}

/** What is known about a candidate's model beside its bytes. */
export function aboutCandidate(
  { dataset, folder }: Pick<Prepared, 'dataset' | 'folder'>,
  { candidates }: Pick<Plan, 'candidates'>,
  candidate: string,
  model: Uint8Array,
): ForeignModel {
  const { program = null, pretrained = null } = candidates.find(({ name }) => name === candidate) ?? {};
  const { task, classes } = dataset;
  const inputs = pretrained ? inputsUsed(model, pretrained, dataset) : dataset.inputs;
  return { task, classes, inputs, folder, program, pretrained };
}
