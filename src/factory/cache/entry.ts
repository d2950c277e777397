import type { PlannedCandidate } from '../../contracts/plan.ts';
import { decodePredictions } from '../../contracts/predictions.ts';
import type { Result } from '../../contracts/result.ts';
import { UserError } from '../../errors/user-error.ts';
import { pickIdentities } from '../alignment.ts';
import { testedRows } from '../contestants.ts';
import { candidateFiles, loadResult, withFiles } from '../handover.ts';
import type { Prepared } from '../prepared.ts';
import { hasOwnScores } from '../scores-check.ts';
import { timePredictions, type TrainedCandidate } from '../train.ts';
import { isIntact } from './seal.ts';

/** What a place holds of a candidate: its result, nothing that fits, or something that can't be believed. */
export type Entry =
  | { readonly kind: 'found'; readonly trained: TrainedCandidate }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly why: string };

/** Reads a candidate's result of an earlier run and believes nothing of it that can be checked. */
export async function readEntry(
  prepared: Prepared,
  candidate: PlannedCandidate,
  key: string,
  folder: string,
): Promise<Entry> {
  try {
    const result = await loadResult(folder, candidate.name);
    if (!result?.reuse) return { kind: 'none' };
    if (!isIntact(result)) return damaged('was changed since it was written');
    if (result.reuse.key !== key) return { kind: 'none' };
    const trained = await withFiles(folder, result);
    const why = faultOf(prepared, candidate, trained);
    if (why !== null) return damaged(why);
    const { model } = trained;
    const predictMsPer1k = model && timePredictions(prepared, model);
    return { kind: 'found', trained: { ...trained, result: { ...result, predictMsPer1k } } };
  } catch (error) {
    // A model's reader and scorer throw errors of their own; whatever it is, the entry is of no use.
    return damaged(error instanceof UserError ? `can't be read: ${error.message}` : "can't be used");
  }
}

function damaged(why: string): Entry {
  return { kind: 'damaged', why };
}

/** What is wrong with a result whose digests are right; null = nothing. */
function faultOf(
  prepared: Prepared,
  candidate: PlannedCandidate,
  { result, predictions, model }: TrainedCandidate,
): string | null {
  if (!isOf(result, candidate)) return 'is about another candidate';
  if (result.status === 'stopped') return predictions || model ? 'has files that it does not name' : null;
  if (!predictions) return 'has no predictions beside it';
  if ((model !== null) !== (candidate.role === 'candidate')) return 'has no model beside it';
  return areAbout(prepared, result, predictions) ? null : 'has predictions of other rows, labels or folds';
}

function isOf(result: Result, { name, role, trainer, seed, fingerprint, race }: PlannedCandidate): boolean {
  return (
    result.candidate === name &&
    result.role === role &&
    result.trainer === trainer &&
    result.seed === seed &&
    result.fingerprint === fingerprint &&
    result.status !== 'failed' &&
    (result.status === 'stopped') === (result.stopped !== null) &&
    (race !== undefined || result.status !== 'stopped')
  );
}

/** Whether predictions are about exactly this data: its rows, their labels and folds; and have the result's scores. */
function areAbout(prepared: Prepared, result: Result, bytes: Uint8Array): boolean {
  const { dataset, folds, identities, labelChecks, config } = prepared;
  const file = decodePredictions(bytes, candidateFiles.predictions(result.candidate));
  const rows = testedRows(prepared);
  const firstFold = new Uint8Array(dataset.table.rows);
  for (const [f, { test }] of [...folds.entries()].reverse()) for (const row of test) firstFold[row] = f;
  return (
    file.model === config.model &&
    file.candidate === result.candidate &&
    file.fingerprint === result.fingerprint &&
    file.rows === rows.length &&
    file.outputs === Math.max(dataset.classes.length, 1) &&
    sameValues(file.identities, pickIdentities(identities, rows)) &&
    sameValues(
      file.labelChecks,
      Uint32Array.from(rows, (row) => labelChecks[row]!),
    ) &&
    sameValues(
      file.folds,
      rows.map((row) => firstFold[row]!),
    ) &&
    hasOwnScores(prepared, result, file)
  );
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
