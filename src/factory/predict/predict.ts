import { readOnnx } from '../../model/onnx/read.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import { formatOf, pipelineScorer, type Scorer } from '../../model/scorer.ts';
import { openModel } from '../open-model.ts';
import { answersCsv, answersJson, type Answers } from './answers.ts';
import { signatureBeside, type ChosenModel } from './chosen-model.ts';
import { explainTable } from './explanation.ts';
import { readInputTable, type FileFormat, type NamedFile } from './input-table.ts';
import { answersText } from './largest-shares.ts';
import { layersScorer } from '../tensorflow/layers-scorer.ts';

export interface PredictRequest {
  readonly chosen: ChosenModel;
  /** The rows to predict. */
  readonly data: NamedFile;
  readonly format: FileFormat;
  /** Columns of the data that are copied before the predictions. */
  readonly copied: readonly string[];
  /** Where onnxruntime is looked for. */
  readonly folder: string;
  /** Null = predictions alone. */
  readonly explain: { readonly background: NamedFile | null } | null;
  /** `largest`: text for people, the columns that add most. */
  readonly form: 'csv' | 'json' | { readonly largest: number };
}

/**
 * Predictions as CSV, a line for each row of the data in their order: copied columns, `prediction` (the most probable
 * class, or the number), and for classes `p(<class>)`, their probabilities; then what each column adds. Or the same as
 * JSON lines, or as text.
 * @throws UserError DATA_COLUMN, MODEL_INVALID, ARGUMENT_INVALID and the faults of reading
 */
export async function predictFile(request: PredictRequest): Promise<string> {
  const { chosen, data, format, copied, explain, form } = request;
  const { scorer, pipeline } = openChosen(chosen, request.folder);
  const cells = typeof form === 'object' ? scorer.inputs.map(({ name }) => name) : [];
  const { table, copies } = await readInputTable(data, scorer.inputs, [...copied, ...cells], format);
  const shares = explain && (await explainTable(chosen.name, pipeline, explain.background, format, table));
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const answers: Answers = {
    ...{ scorer, rows: table.rows, values: scorer.score(table, rows), shares },
    copies: copies.slice(0, copied.length),
  };
  if (form === 'csv') return answersCsv(answers);
  if (form === 'json' || shares === null) return answersJson(answers);
  return answersText({ ...answers, shares }, copies.slice(copied.length), form.largest);
}

/** The scorer of a model, and what it is made of where that is known. */
function openChosen(chosen: ChosenModel, folder: string): { scorer: Scorer; pipeline: Pipeline | null } {
  const { model, name, pretrained } = chosen;
  const modelFormat = formatOf(model);
  if (modelFormat === 'onnx') {
    const pipeline = readOnnx(model, name);
    return { scorer: pipelineScorer(pipeline), pipeline };
  }
  if (modelFormat === 'opaque') return { scorer: layersScorer(model, name), pipeline: null };
  const { task, classes, inputs } = signatureBeside(chosen);
  const scorer = openModel(model, name, {
    ...{ task, classes, folder, program: null, pretrained },
    inputs: inputs.map((input) => ({ name: input.name, type: input.type })),
  });
  return { scorer, pipeline: null };
}
