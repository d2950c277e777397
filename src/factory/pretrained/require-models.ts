import { givenModelOf, type GivenModel } from '../../config/pretrained.ts';
import { throwFaults, type Fault } from '../../errors/user-error.ts';
import { foreignFormat, lfsPointer } from '../../model/onnx/foreign.ts';
import type { Prepared } from '../prepared.ts';
import { signatureFaults } from './signature-faults.ts';

/**
 * Makes sure that each pre-trained model is there and fits the data, before anything is trained.
 * @throws UserError MODEL_MISSING, MODEL_LFS_POINTER, MODEL_INVALID, MODEL_SIGNATURE: every fault of every model
 */
export function requireModels(prepared: Prepared): void {
  const given = Object.values(prepared.settings.candidates).flatMap((own) => givenModelOf(own) ?? []);
  throwFaults(given.flatMap((own) => faultsOf(prepared, own)));
}

function faultsOf({ given, dataset, config }: Prepared, own: GivenModel): Fault[] {
  const digest = given.files.get(own.model) ?? null;
  const bytes = digest === null ? undefined : given.bytes.get(digest);
  const at = { file: own.model };
  if (!bytes)
    return [
      {
        code: 'MODEL_MISSING',
        message: `there is no file ${own.model}`,
        at,
        fix: 'Check `model`: the path is relative to the folder of the configuration, and links are not followed.',
      },
    ];
  const format = foreignFormat(bytes);
  if (format === lfsPointer)
    return [
      {
        code: 'MODEL_LFS_POINTER',
        message: 'the file is a Git LFS pointer, not the model',
        at,
        fix: 'Give `lfs: true` to actions/checkout, or run `git lfs pull`.',
      },
    ];
  if (format !== null)
    return [
      {
        code: 'MODEL_INVALID',
        message: `the file is ${format}, not an ONNX model`,
        at,
        fix: 'Export the model to ONNX.',
      },
    ];
  return signatureFaults(bytes, own, { ...dataset, target: config.data.target });
}
