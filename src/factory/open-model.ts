import type { Plan } from '../contracts/plan.ts';
import type { Table } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import { readOnnx } from '../model/onnx/read.ts';
import { requireColumn } from '../model/preprocessing.ts';
import { formatOf, pipelineScorer, type Scorer } from '../model/scorer.ts';
import { scoreWithOnnxruntime, type OnnxColumn } from '../platform/onnxruntime.ts';
import type { Prepared } from './prepared.ts';
import { opaqueScorer, type ForeignModel } from './command/opaque-scorer.ts';

/**
 * A model as a candidate or a release left it: our own ONNX file, another tool's, or an archive.
 * @throws UserError MODEL_INVALID; scoring throws what the program or the library says
 */
export function openModel(model: Uint8Array, name: string, about: ForeignModel): Scorer {
  switch (formatOf(model)) {
    case 'onnx':
      return pipelineScorer(readOnnx(model, name));
    case 'opaque':
      return opaqueScorer(model, name, about);
    case 'foreign-onnx':
      return foreignScorer(model, name, about);
  }
}

/** What is known about a candidate's model without opening it. */
export function aboutCandidate(
  { dataset, folder }: Pick<Prepared, 'dataset' | 'folder'>,
  { candidates }: Pick<Plan, 'candidates'>,
  candidate: string,
): ForeignModel {
  const { task, classes, inputs } = dataset;
  const program = candidates.find(({ name }) => name === candidate)?.program ?? null;
  return { task, classes, inputs, folder, program };
}

function foreignScorer(
  model: Uint8Array,
  name: string,
  { task, classes, inputs, folder }: ForeignModel,
): Scorer {
  return {
    format: 'foreign-onnx',
    task,
    classes,
    inputs,
    score: (table, rows) => {
      if (rows.length === 0) return new Float64Array(0);
      const columns = inputs.map((input) => columnOf(table, input.name, rows));
      const outputs = Math.max(classes.length, 1);
      const folders = [folder, process.cwd(), import.meta.dirname];
      const values = scoreWithOnnxruntime({ model, name, columns, rows: rows.length, outputs, folders });
      checkScores(values, outputs, task, name);
      return values;
    },
  };
}

function columnOf(table: Table, name: string, rows: Int32Array): OnnxColumn {
  const column = requireColumn(table, name);
  if (column.kind === 'categorical')
    return { name, values: Array.from(rows, (row) => column.levels[column.codes[row]!] ?? '') };
  return { name, values: Float64Array.from(rows, (row) => column.values[row]!) };
}

/** How far float32 probabilities may be from a distribution. */
const slack = 1e-3;

function checkScores(values: Float64Array, outputs: number, task: Scorer['task'], name: string): void {
  for (let row = 0; row * outputs < values.length; row++) {
    const own = values.subarray(row * outputs, (row + 1) * outputs);
    const sum = own.reduce((total, value) => total + value, 0);
    const usable =
      Number.isFinite(sum) &&
      (task === 'regression' || (own.every((value) => value > -slack) && Math.abs(sum - 1) < slack));
    if (!usable)
      throw new UserError({
        code: 'MODEL_INVALID',
        message: `${name} gives ${[...own].join(', ')} for row ${row + 1}: no probabilities`,
        fix: 'Export probabilities, not scores (skl2onnx: without options raw_scores), and fill missing values in the model.',
      });
  }
}
