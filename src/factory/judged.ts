import type { RunRecord } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { UserError } from '../errors/user-error.ts';
import { readHistory, readRuns } from '../registry/history.ts';
import type { LedgerStore } from '../registry/store.ts';
import type { RunIdentity } from './ports.ts';
import type { Prepared } from './prepared.ts';
import { recordRun } from './record.ts';
import type { TrainedCandidate } from './train.ts';

export interface JudgedRequest {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly trained: readonly TrainedCandidate[];
  readonly winner: TrainedCandidate;
  readonly prepared: Prepared;
  readonly run: RunIdentity;
  readonly now: Date;
  /** Whether a run that could not write the history is recorded now; else its verdict is refused. */
  readonly mayRecord: boolean;
}

/**
 * Makes sure that a verdict is the one that its run recorded, about this very model: a verdict is a file, and may have
 * been edited since. One that its run was not allowed to record is recorded first, so that its look counts.
 * @throws UserError DIGEST_MISMATCH, LEDGER_CONFLICT
 */
export async function requireJudged(request: JudgedRequest, ledger: LedgerStore): Promise<void> {
  const { plan, run, mayRecord } = request;
  const records = await readRuns(await ledger.open(), plan.model, run.id);
  if (records.some((record) => isOf(record, request))) return;
  if (records.length > 0 || !mayRecord) throw unjudged(run);
  await recordLate(request, ledger);
}

function isOf(record: RunRecord, { plan, verdict, winner }: JudgedRequest): boolean {
  const model = record.candidates.find(({ name }) => name === record.winner)?.modelSha256 ?? null;
  return (
    record.conclusion === verdict.conclusion &&
    record.reason === verdict.reason &&
    record.winner === verdict.winner &&
    record.commit === plan.commit &&
    record.dataFingerprint === plan.data.fingerprint &&
    record.champion === (verdict.champion?.version ?? null) &&
    (model === null || model === winner.result.modelSha256)
  );
}

async function recordLate(request: JudgedRequest, ledger: LedgerStore): Promise<void> {
  const { plan, verdict, trained, prepared: head, run, now } = request;
  const history = await readHistory(await ledger.open(), plan.model);
  const { epoch, looks } = verdict.looks ? history : { ...history, looks: [] };
  const asked = epoch?.number === plan.split.epoch.number ? looks.length : 0;
  const counted = verdict.looks === null || verdict.looks.used === asked + (verdict.looks.spent ? 1 : 0);
  const known = epoch?.number ?? 0;
  const drawn = plan.split.epoch;
  const follows = drawn.number === known || (drawn.number === known + 1 && !drawn.listed);
  if (!counted || !follows) throw overtaken();
  const results = trained.map(({ result }) => result);
  if ((await recordRun({ plan, results, verdict, head, history, run, now }, ledger)) === 'conflict')
    throw overtaken();
}

function unjudged({ id }: RunIdentity): UserError {
  return new UserError({
    code: 'DIGEST_MISMATCH',
    message: `the history has no such verdict of run ${id}: another conclusion, winner, model or data, or none`,
    at: { file: 'verdict.json' },
    fix: 'Run the gate again with the same history; nothing is published that it did not record.',
  });
}

function overtaken(): UserError {
  return new UserError({
    code: 'LEDGER_CONFLICT',
    message: 'other runs asked the test set (hold-out), or drew it anew, since this verdict was made',
    fix: 'Run all jobs again, so that the model is judged by the history as it is.',
  });
}
