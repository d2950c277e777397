import { UserError } from '../../errors/user-error.ts';
import type { Pipeline } from '../pipeline.ts';
import { pipelineFault } from '../validity.ts';
import type { LinkPrecision } from './ending.ts';
import { graphOf } from './graph.ts';
import { encodeModel } from './model-proto.ts';

/** Size limit of a model file, for writing and reading. */
export const maxBytes = 128 * 1024 * 1024;

/**
 * The bytes of `model.onnx`: equal pipelines give equal bytes. A pipeline that breaks its own rules is our bug.
 * @param precision float for the bytes of an older release
 * @throws UserError MODEL_INVALID for a model of more than `maxBytes`
 */
export function writeOnnx(pipeline: Pipeline, precision: LinkPrecision = 'double'): Uint8Array {
  const fault = pipelineFault(pipeline);
  if (fault !== null) throw new Error(`not a valid pipeline: ${fault}`);
  const bytes = encodeModel(graphOf(pipeline, precision));
  if (bytes.length <= maxBytes) return bytes;
  throw new UserError({
    code: 'MODEL_INVALID',
    message: `the model has ${bytes.length} bytes, more than ${maxBytes}`,
    fix: 'Train fewer or smaller trees (`max_iter`, `max_leaf_nodes`).',
  });
}
