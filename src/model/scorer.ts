import type { ModelFormat } from '../contracts/fields.ts';
import type { Table } from '../data/table.ts';
import { tarMagic } from './archive.ts';
import { isOwnOnnx } from './onnx/foreign.ts';
import type { Pipeline } from './pipeline.ts';
import { scorerOf } from './score.ts';

/** A model that can be asked, whatever it is made of. */
export interface Scorer extends Pick<Pipeline, 'task' | 'classes' | 'inputs'> {
  readonly format: ModelFormat;
  /**
   * Scores rows of a table: rows.length × classes, or × 1 for regression, row-major, in the order of `classes`.
   * @throws UserError
   */
  score(table: Table, rows: Int32Array): Float64Array;
}

/** The factory's own kind of model. */
export function pipelineScorer(pipeline: Pipeline): Scorer {
  const { task, classes, inputs } = pipeline;
  return { task, classes, inputs, format: 'onnx', score: scorerOf(pipeline) };
}

/** What kind of model a file's bytes are, by what they say of themselves. */
export function formatOf(model: Uint8Array): ModelFormat {
  const { at, text } = tarMagic;
  const word = new TextDecoder('latin1').decode(model.subarray(at, at + text.length));
  if (word === text) return 'opaque';
  return isOwnOnnx(model) ? 'onnx' : 'foreign-onnx';
}
