import { writeDocument } from '../contracts/document.ts';
import { epochDocument, holdoutDocument, lookDocument, runDocument } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Result } from '../contracts/result.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { encodeUnits, ledgerPaths, type History } from '../registry/history.ts';
import type { LedgerStore } from '../registry/store.ts';
import { newEpochCode } from './epoch.ts';
import { inputsDigest } from './plan.ts';
import type { RunIdentity } from './ports.ts';
import type { Prepared } from './prepared.ts';
import { askedUntil } from './rotation.ts';

export interface RecordRequest {
  readonly plan: Plan;
  readonly results: readonly Result[];
  readonly verdict: Verdict;
  /** The data that it was judged on. */
  readonly head: Prepared;
  /** The history that the verdict was made with. */
  readonly history: History;
  readonly run: RunIdentity;
  readonly now: Date;
}

/**
 * Adds the run, the look that it spent and a new epoch to the history; `conflict` where that moved since the verdict was
 * made, though this run's own record of an earlier verdict be in it.
 */
export async function recordRun(
  request: RecordRequest,
  ledger: LedgerStore,
): Promise<'written' | 'conflict'> {
  const files = recordsOf(request);
  const snapshot = await ledger.open();
  if (snapshot.head !== request.history.head) return 'conflict';
  const message = `${request.plan.model}: ${request.verdict.conclusion} (${request.verdict.reason})`;
  return (await ledger.append(snapshot.head, files, message)).kind;
}

function recordsOf({ plan, results, head, verdict, history, run, now }: RecordRequest): Map<string, string> {
  const { model } = plan;
  const { epoch } = plan.split;
  const about = { runId: run.id, runUrl: run.url, commit: plan.commit, at: now.toISOString() };
  const files = new Map<string, string>();
  const isSameEpoch = history.epoch?.number === epoch.number;
  if (!isSameEpoch) {
    const notice = plan.data.notices.find(({ code }) => code === newEpochCode);
    const reason = notice?.message ?? 'first run';
    const record = { schema: 'epoch/1' as const, model, epoch, reason, ...about };
    files.set(ledgerPaths.epoch(model, epoch.number), writeDocument(epochDocument, record));
    if (head.listed) {
      const list = {
        schema: 'holdout/1' as const,
        model,
        epoch: epoch.number,
        units: encodeUnits(head.listed),
      };
      const text = writeDocument(holdoutDocument, { ...list, ...about });
      files.set(ledgerPaths.holdout(model, epoch.number), text);
    }
  }
  const winner = results.find(({ candidate }) => candidate === verdict.winner);
  if (verdict.looks?.spent && winner?.modelSha256) {
    const look = {
      schema: 'look/1' as const,
      model,
      epoch: epoch.number,
      number: verdict.looks.used,
      candidate: winner.candidate,
      modelSha256: winner.modelSha256,
      conclusion: verdict.conclusion,
      reason: verdict.reason,
      until: askedUntil(head),
      earlier: isSameEpoch ? [...history.looks] : [],
      ...about,
    };
    files.set(ledgerPaths.look(model, epoch.number, look.number), writeDocument(lookDocument, look));
  }
  const record = {
    schema: 'run/1' as const,
    model,
    attempt: run.attempt,
    event: run.event,
    conclusion: verdict.conclusion,
    reason: verdict.reason,
    sentence: verdict.sentence,
    dataFingerprint: plan.data.fingerprint,
    inputs: inputsDigest(plan),
    champion: verdict.champion?.version ?? null,
    rows: plan.data.usedRows,
    features: Math.max(1, plan.data.features.length + plan.data.engineered.length),
    fits: head.folds.length + 1,
    winner: verdict.winner,
    metric: verdict.metric,
    candidates: results.map(({ candidate, metrics, ...result }) => ({
      name: candidate,
      trainer: result.trainer,
      params: result.params,
      status: result.status,
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean])),
      trainMs: result.trainMs,
      modelBytes: result.modelBytes,
      modelSha256: result.modelSha256,
    })),
    ...about,
  };
  return files.set(ledgerPaths.run(model, run.id, run.attempt), writeDocument(runDocument, record));
}
