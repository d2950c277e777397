import type { Table } from '../../data/table.ts';
import { UserError } from '../../errors/user-error.ts';
import {
  explainable,
  explainerOf,
  needsBackground,
  unitOf,
  type Explainer,
  type Explanation,
  type Unit,
} from '../../model/explain/explainer.ts';
import type { Pipeline, Predictor } from '../../model/pipeline.ts';
import { readInputTable, type FileFormat, type NamedFile } from './input-table.ts';

/** Why predictions are what they are: what each column adds, for some rows. */
export interface ExplainedRows extends Explanation, Pick<Explainer, 'players' | 'scores'> {
  readonly unit: Unit;
}

/** Fewer rows say too little of which way rows go in trees. */
const leastBackground = 10;

/**
 * Contributions for every row of a table.
 * @param background file with rows such as the model learnt from
 * @throws UserError ARGUMENT_INVALID for models that can't be explained, without a background that is needed, or with
 * too small a one; faults of reading it
 */
export async function explainTable(
  name: string,
  pipeline: Pipeline | null,
  background: NamedFile | null,
  format: FileFormat,
  table: Table,
): Promise<ExplainedRows> {
  const model = pipeline && explainable(pipeline);
  if (!model) throw unexplained(name, pipeline?.predictor.kind ?? null);
  if (background === null && needsBackground(model))
    throw new UserError({
      code: 'ARGUMENT_INVALID',
      message: `${name} is made of trees, which are explained against rows that they learnt from`,
      fix: 'Add --background FILE with the training data, or at least some hundred rows of it.',
    });
  const seen = background && (await readInputTable(background, model.inputs, [], format)).table;
  if (background && seen && seen.rows < leastBackground)
    throw new UserError({
      code: 'ARGUMENT_INVALID',
      message: `the background has ${seen.rows} rows, which say too little of what is usual`,
      at: { file: background.shown },
      fix: `Give at least ${leastBackground} rows, better the training data.`,
    });
  const explainer = explainerOf(model, seen && { table: seen, rows: allRows(seen) });
  const { players, scores } = explainer;
  return { players, scores, unit: unitOf(model), ...explainer.explain(table, allRows(table)) };
}

function allRows({ rows }: Table): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

const member =
  'Name a linear model or trees, such as out/candidates/NAME.onnx of the candidate inside, or leave out --explain.';
const elsewhere = 'Leave out --explain, or explain it with the tool that made it.';
const another = 'Name a linear model or trees, or leave out --explain.';

/** Why a model has no contributions, and what to do; null = another tool's. */
function unexplained(name: string, kind: Predictor['kind'] | null): UserError {
  const reasons: Readonly<Partial<Record<Predictor['kind'], readonly [string, string]>>> = {
    ensemble: ['is an ensemble, whose predictions do not add up from its columns', member],
    calibrated: ['is calibrated: its curve bends what the columns add, so that they give no sum', member],
    constant: ['answers alike whatever its columns are', another],
    dense: ['is a neural network, whose predictions do not add up from its columns', another],
    neighbours: ['answers by its nearest rows, not by adding up columns', another],
    'naive-bayes': ['is a naive Bayes model, which --explain does not take', another],
  };
  const [reason, fix] =
    kind === null
      ? [
          'was made by another tool, and --explain takes only the linear models and trees of the factory',
          elsewhere,
        ]
      : (reasons[kind] ?? ['can not be explained', another]);
  return new UserError({ code: 'ARGUMENT_INVALID', message: `${name} ${reason}`, fix });
}
