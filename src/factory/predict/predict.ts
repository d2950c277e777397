import { quotedField } from '../../data/csv/quoted-field.ts';
import { UserError } from '../../errors/user-error.ts';
import { readOnnx } from '../../model/onnx/read.ts';
import { labels, outputsOf } from '../../model/score.ts';
import { formatOf, pipelineScorer, type Scorer } from '../../model/scorer.ts';
import { predictionColumn } from '../command/program-predictions.ts';
import { openModel } from '../open-model.ts';
import { signatureBeside, type ChosenModel } from './chosen-model.ts';
import { readInputTable, type FileFormat } from './input-table.ts';

export interface PredictRequest {
  readonly chosen: ChosenModel;
  /** The rows to predict; `shown` is the file's name in messages. */
  readonly data: { readonly path: string; readonly shown: string };
  readonly format: FileFormat;
  /** Columns of the data that are copied before the predictions. */
  readonly copied: readonly string[];
  /** Where onnxruntime is looked for. */
  readonly folder: string;
}

/** A column of the output: its name and the text of a row's field. */
interface OutputColumn {
  readonly name: string;
  readonly field: (row: number) => string;
}

/**
 * Predictions as CSV, a line for each row of the data in their order: copied columns, `prediction` (the most probable
 * class, or the number), and for classes `p(<class>)`, their probabilities.
 * @throws UserError DATA_COLUMN, MODEL_INVALID, ARGUMENT_INVALID and the faults of reading
 */
export async function predictFile(request: PredictRequest): Promise<string> {
  const { chosen, data, format, copied } = request;
  const scorer = openChosen(chosen, request.folder);
  const { table, copies } = await readInputTable(data, scorer.inputs, copied, format);
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const columns = [
    ...copies.map(({ name, text }): OutputColumn => ({ name, field: (row) => quotedField(text(row)) })),
    ...predictionColumns(scorer, scorer.score(table, rows)),
  ];
  requireDistinct(columns);
  const lines = [columns.map(({ name }) => quotedField(name)).join(',')];
  for (const row of rows) lines.push(columns.map(({ field }) => field(row)).join(','));
  return `${lines.join('\n')}\n`;
}

function openChosen(chosen: ChosenModel, folder: string): Scorer {
  const { model, name, pretrained } = chosen;
  if (formatOf(model) === 'onnx') return pipelineScorer(readOnnx(model, name));
  const { task, classes, inputs } = signatureBeside(chosen);
  return openModel(model, name, {
    ...{ task, classes, folder, program: null, pretrained },
    inputs: inputs.map((input) => ({ name: input.name, type: input.type })),
  });
}

function predictionColumns(scorer: Scorer, values: Float64Array): OutputColumn[] {
  const width = outputsOf(scorer);
  if (scorer.task === 'regression') return [{ name: predictionColumn, field: (row) => String(values[row]!) }];
  const best = labels(scorer, values);
  return [
    { name: predictionColumn, field: (row) => quotedField(best[row]!) },
    ...scorer.classes.map((name, k): OutputColumn => {
      return { name: `p(${name})`, field: (row) => String(values[row * width + k]!) };
    }),
  ];
}

function requireDistinct(columns: readonly OutputColumn[]): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `two columns of the output would be named "${twice}"`,
    fix: 'Leave it out of --with, or rename the column in the data.',
  });
}
