import type { Plan } from '../contracts/plan.ts';
import { decodePredictions } from '../contracts/predictions.ts';
import { UserError } from '../errors/user-error.ts';
import type { Contestant } from '../gate/contestant.ts';
import type { Predictions } from '../gate/predictions.ts';
import { pickIdentities, pickRows } from './alignment.ts';
import type { Prepared } from './prepared.ts';
import type { TrainedCandidate } from './train.ts';

/** Rows of the table that were tested at least once, ascending. */
export function testedRows({ dataset, folds }: Pick<Prepared, 'dataset' | 'folds'>): Int32Array {
  const tested = new Uint8Array(dataset.table.rows);
  for (const { test } of folds) for (const row of test) tested[row] = 1;
  return Int32Array.from(tested.keys()).filter((row) => tested[row] === 1);
}

/** Rows on which everyone is compared: positions among the tested rows, and the truth to judge by. */
export interface ComparedRows {
  /** Positions in `testedRows`. */
  readonly positions: Int32Array;
  /** Class index or number, one for each position. */
  readonly y: Float64Array;
}

/** Every tested row, judged by its own label. */
export function allTestedRows(prepared: Prepared): ComparedRows {
  const rows = testedRows(prepared);
  return { positions: rows.map((_, i) => i), y: Float64Array.from(rows, (row) => prepared.dataset.y[row]!) };
}

/**
 * The candidates as the gate sees them, and the champion's recipe with role `champion`. A planned candidate whose
 * result never arrived counts as failed.
 * @throws UserError DIGEST_MISMATCH where predictions are about other rows than this checkout's
 */
export function contestantsOf(
  prepared: Prepared,
  plan: Plan,
  trained: readonly TrainedCandidate[],
  compared: ComparedRows,
): Contestant[] {
  const rows = testedRows(prepared);
  const identities = pickIdentities(prepared.identities, rows);
  const byName = new Map(trained.map((candidate) => [candidate.result.candidate, candidate]));
  const contestants = plan.candidates.map((planned): Contestant => {
    const found = byName.get(planned.name);
    const outOfFold = found?.predictions
      ? readOutOfFold(prepared, found.predictions, identities, planned, compared)
      : null;
    return {
      name: planned.name,
      role: planned.role,
      trainer: planned.trainer,
      params: planned.params,
      status: found?.result.status ?? 'failed',
      failure: found ? (found.result.failure?.message ?? null) : 'its result never arrived',
      stopped: found?.result.stopped ?? null,
      metrics: found?.result.metrics ?? {},
      outOfFold,
      trainMs: found?.result.trainMs ?? 0,
      predictMsPer1k: found?.result.predictMsPer1k ?? null,
      modelBytes: found?.result.modelBytes ?? null,
      modelSha256: found?.result.modelSha256 ?? null,
    };
  });
  const recipe = contestants.find(({ name, role }) => name === plan.championRecipe && role === 'candidate');
  return recipe ? [...contestants, { ...recipe, role: 'champion' }] : contestants;
}

function readOutOfFold(
  { dataset }: Prepared,
  bytes: Uint8Array,
  identities: Uint8Array,
  planned: Plan['candidates'][number],
  { positions, y }: ComparedRows,
): Predictions {
  const name = `predictions/${planned.name}`;
  const file = decodePredictions(bytes, name);
  if (file.fingerprint !== planned.fingerprint || !equalBytes(file.identities, identities))
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${name} is about other data than this checkout holds`,
      at: { file: name },
      fix: 'Let all jobs of a run check out the same commit.',
    });
  const { task, classes } = dataset;
  const p = pickRows(file.values, file.outputs, positions);
  return { task, classes: classes.length, rows: positions.length, y, p };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
