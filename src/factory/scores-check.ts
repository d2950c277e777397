import { canonicalJson } from '../contracts/digest.ts';
import { decodePredictions } from '../contracts/predictions.ts';
import { UserError } from '../errors/user-error.ts';
import { pickRows } from './alignment.ts';
import { testedRows } from './contestants.ts';
import { candidateFiles } from './handover.ts';
import { foldMetrics } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';
import type { TrainedCandidate } from './train.ts';

/**
 * Makes sure that results that were handed over have the scores of their own predictions: scores rank the candidates.
 * Not checked where rows were tested more than once: the file holds the mean of their predictions.
 * @throws UserError DIGEST_MISMATCH
 */
export function requireOwnScores(prepared: Prepared, trained: readonly TrainedCandidate[]): void {
  const { dataset, folds, settings } = prepared;
  const rows = testedRows(prepared);
  if (folds.reduce((sum, { test }) => sum + test.length, 0) !== rows.length) return;
  const positions = new Int32Array(dataset.table.rows);
  rows.forEach((row, position) => (positions[row] = position));
  for (const { result, predictions } of trained) {
    if (!predictions) continue;
    const file = decodePredictions(predictions, candidateFiles.predictions(result.candidate));
    // About other data: said where the candidates are compared.
    if (file.rows !== rows.length || file.fingerprint !== result.fingerprint) continue;
    const byFold = folds.map(({ test }) =>
      pickRows(
        file.values,
        file.outputs,
        test.map((row) => positions[row]!),
      ),
    );
    const own = foldMetrics(dataset, folds, byFold, settings.metrics);
    if (canonicalJson(own) === canonicalJson(result.metrics)) continue;
    const name = candidateFiles.result(result.candidate);
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${name} has other scores than its predictions give`,
      at: { file: name },
      fix: 'Run the training step again; nothing is judged on changed files.',
    });
  }
}
