import type { Result } from '../contracts/result.ts';
import type { LinearPredictor, Pipeline } from '../model/pipeline.ts';
import { featuresOf } from '../model/pipeline.ts';
import type { CardCoefficients } from '../report/coefficient-table.ts';
import { trainingSetOf } from '../training/fit.ts';
import type { StandardErrors } from '../training/linear/standard-errors.ts';
import { parseParams, trainers } from '../training/trainers.ts';
import type { Prepared } from './prepared.ts';

/** Above this many cells the rows are not encoded once more for the sake of a table. */
const mostCells = 50_000_000;

/** A linear model's coefficients with their standard errors on the rows it was fitted on; null for other models. */
export function coefficientsOf(
  prepared: Pick<Prepared, 'dataset' | 'development'>,
  { trainer, params }: Pick<Result, 'trainer' | 'params'>,
  pipeline: Pipeline,
): CardCoefficients | null {
  const { predictor, steps, classes } = pipeline;
  if (predictor.kind !== 'linear') return null;
  const names = [...featuresOf(steps).map(({ name }) => name), null];
  const known = errorsOf(prepared, { trainer, params }, pipeline, predictor);
  const outputs = predictor.intercepts.length;
  return {
    trainer,
    hasErrors: known !== null,
    rows: Array.from({ length: outputs }, (_, k) =>
      names.map((feature, j) => {
        const at = k * predictor.width + j;
        const value = feature === null ? predictor.intercepts[k]! : predictor.coefficients[at]!;
        const error = feature === null ? known?.intercepts[k] : known?.coefficients[at];
        return {
          feature,
          label: outputs === 1 ? null : classes[k]!,
          value,
          error: error === undefined || Number.isNaN(error) ? null : error,
        };
      }),
    ).flat(),
  };
}

function errorsOf(
  { dataset, development }: Pick<Prepared, 'dataset' | 'development'>,
  result: Pick<Result, 'trainer' | 'params'>,
  pipeline: Pipeline,
  predictor: LinearPredictor,
): StandardErrors | null {
  const trainer = trainers.get(result.trainer);
  if (!trainer?.standardErrors || development.length * predictor.width > mostCells) return null;
  const data = trainingSetOf(dataset, development, pipeline);
  return trainer.standardErrors(data, predictor, parseParams(trainer, result.params));
}
