import type { Verdict } from '../../contracts/verdict.ts';
import { UserError } from '../../errors/user-error.ts';
import { isWithheld } from '../conclude.ts';
import { loadPlan, loadTrained, loadVerdict, prepareByPlan } from '../handover.ts';
import type { HistoryPorts, RunIdentity } from '../ports.ts';
import { requireJudged } from '../judged.ts';
import { publish, type PublishOutcome } from '../publish.ts';

export interface PublishStepRequest {
  /** Folder that holds plan, verdict and the winner's files. */
  readonly folder: string;
  /** Folder that data paths are relative to. */
  readonly dataFolder: string;
  /** The run that the release names: the one that judged. */
  readonly run: RunIdentity;
  readonly history: HistoryPorts;
  readonly now: Date;
  /** Whether the verdict of a run that could not write the history may be published. */
  readonly mayRecord: boolean;
  /** Whether somebody asked for this publication; else it follows from the verdict, and `publish.on: never` holds. */
  readonly asked: boolean;
}

/**
 * Publishes the model of a verdict that says `promote`, and makes it the champion; null for every other verdict.
 * @throws UserError DIGEST_MISMATCH for a verdict that its run didn't record, LEDGER_CONFLICT where another model became
 * champion since it was judged
 */
export async function publishStep(request: PublishStepRequest): Promise<{
  verdict: Verdict;
  published: Extract<PublishOutcome, { kind: 'published' }> | null;
}> {
  const { folder, dataFolder, run, history, now, mayRecord, asked } = request;
  const verdict = await loadVerdict(folder);
  if (verdict.conclusion !== 'promote') return { verdict, published: null };
  const plan = await loadPlan(folder);
  const prepared = await prepareByPlan(folder, plan, dataFolder);
  if (!asked && isWithheld(verdict, prepared.config)) return { verdict, published: null };
  const trained = await loadTrained(folder);
  const winner = trained.find(({ result }) => result.candidate === verdict.winner);
  if (!winner?.model) throw missingWinner(verdict.winner);
  await requireJudged({ plan, verdict, trained, winner, prepared, run, now, mayRecord }, history.ledger);
  const judgedVersion = verdict.champion?.version ?? null;
  const notes = verdict.sentence;
  const outcome = await publish({ prepared, plan, verdict, winner, run, now, judgedVersion, notes }, history);
  if (outcome.kind === 'published') return { verdict, published: outcome };
  throw new UserError({
    code: 'LEDGER_CONFLICT',
    message: 'another run made its model champion after this verdict was made',
    fix: 'Run all jobs again, so that the model is judged against the new champion; on a laptop: gate again.',
  });
}

function missingWinner(name: string | null): UserError {
  return new UserError({
    code: 'ARTIFACT_MISSING',
    message: `the verdict's hand-over holds no model of ${name ?? 'the winner'}`,
    fix: 'Run the gate job again.',
  });
}
