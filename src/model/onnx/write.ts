import type { Pipeline } from '../pipeline.ts';
import { pipelineFault } from '../validity.ts';
import { graphOf } from './graph.ts';
import { encodeModel } from './model-proto.ts';

/** The bytes of `model.onnx`: equal pipelines give equal bytes. A pipeline that breaks its own rules is our bug. */
export function writeOnnx(pipeline: Pipeline): Uint8Array {
  const fault = pipelineFault(pipeline);
  if (fault !== null) throw new Error(`not a valid pipeline: ${fault}`);
  return encodeModel(graphOf(pipeline));
}
