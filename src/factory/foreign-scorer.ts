import type { Pretrained, Program } from '../contracts/plan.ts';
import type { Table } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import { interfaceOf } from '../model/onnx/interface.ts';
import { withoutZipMap } from '../model/onnx/zip-map.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { requireColumn } from '../model/preprocessing.ts';
import type { Scorer } from '../model/scorer.ts';
import { scoreWithOnnxruntime, type OnnxColumn, type OnnxScores } from '../platform/onnxruntime.ts';
import { outputOrder } from './pretrained/class-order.ts';
import { isMatrix, openInterface, tensorsUsed } from './pretrained/signature.ts';

/** What a model of another tool doesn't say of itself. */
export interface ForeignModel extends Pick<Pipeline, 'task' | 'classes' | 'inputs'> {
  /** Folder that its programs run in, and where onnxruntime is looked for first. */
  readonly folder: string;
  readonly program: Program | null;
  /** Null for what a program of the factory's own fits left. */
  readonly pretrained: Pretrained | null;
}

/** Another tool's ONNX file, as onnxruntime scores it. */
export function foreignScorer(model: Uint8Array, name: string, about: ForeignModel): Scorer {
  const { task, classes, inputs } = about;
  return {
    format: 'foreign-onnx',
    task,
    classes,
    inputs,
    score: (table, rows) => askForeign(model, name, about, table, rows).values,
  };
}

/** Scores in the order of the data's classes, and what the model itself calls each row. @throws UserError */
export function askForeign(
  file: Uint8Array,
  name: string,
  { task, classes, inputs, folder, pretrained }: ForeignModel,
  table: Table,
  rows: Int32Array,
): OnnxScores {
  if (rows.length === 0) return { values: new Float64Array(0), labels: null };
  openInterface(file, name);
  const { model } = withoutZipMap(file);
  const outputs = Math.max(classes.length, 1);
  const tensors = pretrained && tensorsUsed(file, pretrained);
  const { values, labels } = scoreWithOnnxruntime({
    ...{ model, name, rows: rows.length, outputs },
    columns: inputs.map(({ name: column }, i) => {
      const values = valuesOf(table, column, rows);
      return { name: tensors?.[i] ?? column, values };
    }),
    matrix: pretrained !== null && isMatrix(interfaceOf(file), pretrained),
    folders: [folder, process.cwd(), import.meta.dirname],
  });
  const order = pretrained && task !== 'regression' ? outputOrder(file, pretrained, classes) : classes;
  const from = classes.map((own) => order.indexOf(own));
  const sorted = from.every((at, k) => at === k)
    ? values
    : values.map((_, i) => values[i - (i % outputs) + from[i % outputs]!]!);
  checkScores(sorted, outputs, task, name);
  return { values: sorted, labels };
}

function valuesOf(table: Table, name: string, rows: Int32Array): OnnxColumn['values'] {
  const column = requireColumn(table, name);
  if (column.kind !== 'categorical') return Float64Array.from(rows, (row) => column.values[row]!);
  return Array.from(rows, (row) => column.levels[column.codes[row]!] ?? '');
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
