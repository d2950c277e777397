import { canonicalJson } from '../contracts/digest.ts';
import type { Plan } from '../contracts/plan.ts';
import { decodePredictions, type PredictionsFile } from '../contracts/predictions.ts';
import type { Result } from '../contracts/result.ts';
import { UserError } from '../errors/user-error.ts';
import { pickRows } from './alignment.ts';
import { testedRows } from './contestants.ts';
import { candidateFiles } from './handover.ts';
import { foldMetrics, outOfFoldConfusion } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';
import type { TrainedCandidate } from './train.ts';

/**
 * Makes sure that results that were handed over have the scores of their own predictions: scores rank the candidates.
 * @throws UserError DIGEST_MISMATCH
 */
export function requireOwnScores(prepared: Prepared, trained: readonly TrainedCandidate[]): void {
  for (const { result, predictions } of trained) {
    if (!predictions) continue;
    const name = candidateFiles.result(result.candidate);
    const file = decodePredictions(predictions, candidateFiles.predictions(result.candidate));
    // About other data: said where the candidates are compared.
    if (file.fingerprint !== result.fingerprint || hasOwnScores(prepared, result, file)) continue;
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${name} has other scores than its predictions give`,
      at: { file: name },
      fix: 'Run the training step again; nothing is judged on changed files.',
    });
  }
}

/**
 * Makes sure that results that were handed over were trained as planned here: an edited plan.json could train one
 * recipe under the name of another.
 * @throws UserError DIGEST_MISMATCH
 */
export function requirePlannedRecipes(
  { candidates }: Pick<Plan, 'candidates'>,
  trained: readonly TrainedCandidate[],
): void {
  const recipe = ({ trainer, params, seed }: Recipe): string => canonicalJson({ trainer, params, seed });
  for (const { result } of trained) {
    const planned = candidates.find(({ fingerprint }) => fingerprint === result.fingerprint);
    if (!planned || recipe(planned) === recipe(result)) continue;
    const name = candidateFiles.result(result.candidate);
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${name} was trained with other parameters than the configuration says`,
      at: { file: name },
      fix: 'Plan and train again; plan.json is not edited by hand.',
    });
  }
}

type Recipe = Pick<Result, 'trainer' | 'params' | 'seed'>;

/**
 * Whether scores and confusion counts are those of the predictions. True too where that can't be told: about other
 * rows, and for the scores where rows were tested more than once, because the file holds the mean of their predictions.
 */
export function hasOwnScores(
  prepared: Prepared,
  { metrics, confusion }: Pick<Result, 'metrics' | 'confusion'>,
  { rows: fileRows, outputs, values }: PredictionsFile,
): boolean {
  const { dataset, folds, settings } = prepared;
  const rows = testedRows(prepared);
  if (fileRows !== rows.length) return true;
  if (canonicalJson(outOfFoldConfusion(dataset, { rows, values })) !== canonicalJson(confusion)) return false;
  if (folds.reduce((sum, { test }) => sum + test.length, 0) !== rows.length) return true;
  const positions = new Int32Array(dataset.table.rows);
  rows.forEach((row, position) => (positions[row] = position));
  const byFold = folds.map(({ test }) =>
    pickRows(
      values,
      outputs,
      test.map((row) => positions[row]!),
    ),
  );
  return canonicalJson(foldMetrics(dataset, folds, byFold, settings.metrics)) === canonicalJson(metrics);
}
