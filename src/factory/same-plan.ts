import type { Plan } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import { planOf } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import type { Situation } from './situation.ts';
import { trainCandidates, type TrainedCandidate } from './train.ts';

/**
 * The plan as it holds at the gate. Data, split and candidates must be those that were planned; where the champion
 * changed meanwhile, the new champion's recipe is trained here.
 * @throws UserError DIGEST_MISMATCH
 */
export async function samePlan(
  situation: Situation,
  planned: Plan,
  trained: readonly TrainedCandidate[],
  { workers, progress, environment, now, run }: FactoryPorts,
): Promise<{ plan: Plan; extra: TrainedCandidate[] }> {
  const fresh = planOf(situation, planned.commit, planned.base, Math.max(1, planned.shards.length));
  const known = new Set(planned.candidates.map(({ fingerprint }) => fingerprint));
  const moved = fresh.candidates.some(
    ({ role, fingerprint }) => role === 'candidate' && !known.has(fingerprint),
  );
  if (moved || fresh.split.digest !== planned.split.digest)
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: 'the data, the configuration or the history changed between plan and gate',
      at: { file: planned.data.source },
      fix: 'Let all jobs of a run check out the same commit; run the whole workflow again.',
    });
  const plan = { ...fresh, shards: planned.shards };
  const recipe = plan.candidates.find(({ role }) => role === 'champion');
  const atHand = trained.some(({ result }) => result.fingerprint === recipe?.fingerprint);
  if (!recipe || atHand) return { plan, extra: [] };
  return {
    plan,
    extra: await trainCandidates(situation.head, [recipe], {
      workers,
      progress,
      environment,
      now,
      runUrl: run.url,
    }),
  };
}
