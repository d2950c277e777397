import { UserError } from '../../errors/user-error.ts';
import type { Pipeline } from '../pipeline.ts';
import { pipelineFault } from '../validity.ts';
import { GraphFault } from './attributes.ts';
import { decodeModel } from './decode.ts';
import { refuseForeign } from './foreign.ts';
import { pipelineOf, type WrittenPipeline } from './graph-read.ts';
import { WireError } from './wire.ts';
import { maxBytes, writeOnnx } from './write.ts';

/**
 * Reads a model that `writeOnnx` wrote, and nothing else: the pipeline found in the file is written again and must
 * give the same bytes, so no field is unknown, repeated, out of order or left over. It scores bit for bit as before.
 * @throws UserError MODEL_INVALID, with what is wrong and at which byte
 */
export function readOnnx(bytes: Uint8Array, file = 'model.onnx'): Pipeline {
  refuseForeign(bytes, file);
  if (bytes.length > maxBytes) throw damaged(file, `it has ${bytes.length} bytes, more than ${maxBytes}`);
  const { pipeline, precision } = decodePipeline(bytes, file);
  const fault = pipelineFault(pipeline);
  if (fault !== null) throw damaged(file, fault);
  const again = writeOnnx(pipeline, precision);
  const offset = firstDifference(bytes, again);
  if (offset !== null) throw damaged(file, `unexpected content at byte ${offset}`);
  return pipeline;
}

function decodePipeline(bytes: Uint8Array, file: string): WrittenPipeline {
  try {
    return pipelineOf(decodeModel(bytes));
  } catch (error) {
    if (error instanceof WireError) throw damaged(file, `${error.message}, at byte ${error.offset}`, error);
    if (error instanceof GraphFault) throw damaged(file, error.message, error);
    throw error;
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? null : shorter;
}

function damaged(file: string, what: string, cause?: unknown): UserError {
  return new UserError({
    code: 'MODEL_INVALID',
    message: `the model is damaged or was changed by another tool: ${what}`,
    at: { file },
    fix: 'Download the release again, or run the factory again; `SHA256SUMS` tells which file is at fault.',
    cause,
  });
}
