import { runsUserCode } from '../config/program.ts';
import { canonicalJson } from '../contracts/digest.ts';
import type { RunRecord } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { judgeUnchanged } from '../gate/unchanged.ts';
import { championRecord } from './case.ts';
import { isNeedless } from './needless.ts';
import { incomparable } from './promotion-case.ts';
import { inputsDigest } from './plan.ts';
import type { Situation } from './situation.ts';

/** Events that nobody asked for by hand: a person who starts a run wants to see it train. */
const automatic = new Set(['pull-request', 'merge-group', 'push', 'schedule']);

/** Reasons of `keep` that the same inputs against the same champion give again. */
const repeatable = new Set(['unchanged', 'cv-not-better', 'not-better']);

/** The plan without shards where training could change nothing; the same plan in any doubt. */
export function withoutNeedlessTraining(situation: Situation, plan: Plan, event: string): Plan {
  return automatic.has(event) && isUnchanged(situation, plan) ? { ...plan, shards: [] } : plan;
}

/**
 * Whether nothing changed that the verdict depends on. In a pull request: since the base commit. On the default
 * branch: since the last run, if that one kept today's champion or made it.
 */
export function isUnchanged(situation: Situation, plan: Plan): boolean {
  const { champion, question, latestRun } = situation;
  if (!champion || incomparable(champion, { plan })) return false;
  // Of built-in trainers and pre-trained models equal fingerprints mean equal models.
  if (plan.candidates.some(runsUserCode)) return false;
  return question === 'merge'
    ? sameAsBase(situation)
    : latestRun !== null && repeats(situation, plan, latestRun);
}

function sameAsBase({ base, head, policyEdits }: Situation): boolean {
  if (base.kind !== 'ready' || policyEdits.length > 0) return false;
  const sides = [head, base.prepared].map(({ fingerprint, splitDigest, files, config, given }) =>
    canonicalJson({ fingerprint, splitDigest, files, config, models: [...given.files] }),
  );
  return sides[0] === sides[1];
}

function repeats({ champion }: Situation, plan: Plan, run: RunRecord): boolean {
  if (run.inputs !== inputsDigest(plan)) return false;
  return run.conclusion === 'promote'
    ? champion?.runId === run.runId
    : run.conclusion === 'keep' && repeatable.has(run.reason) && champion?.version === run.champion;
}

/** `keep / unchanged` for a plan without shards; null where something was to be trained. */
export function unchangedVerdict(situation: Situation, plan: Plan, now: Date): Verdict | null {
  const { champion, question, head } = situation;
  if (!isNeedless(plan) || !champion) return null;
  return judgeUnchanged({
    ...{ model: plan.model, question, metric: plan.rankingMetric },
    champion: championRecord(champion, 'stored', now),
    rows: {
      total: head.totalRows,
      development: head.development.length,
      holdout: head.holdout.length,
      changedLabels: 0,
    },
  });
}
