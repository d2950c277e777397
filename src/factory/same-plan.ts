import type { Plan } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import type { PersonalChoice } from '../gate/person.ts';
import { isNeedless } from './needless.ts';
import { planOf } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import type { Situation } from './situation.ts';
import { trainCandidates, type TrainedCandidate } from './train.ts';
import { isUnchanged } from './unchanged.ts';

/**
 * The plan as it holds at the gate. Data, split and candidates must be those that were planned; where the champion
 * changed meanwhile, the new champion's recipe is trained here, and everything where no training was planned. A
 * person's choice is trained as well.
 * @throws UserError DIGEST_MISMATCH
 */
export async function samePlan(
  situation: Situation,
  planned: Plan,
  trained: readonly TrainedCandidate[],
  { workers, progress, environment, now, run }: FactoryPorts,
  person: PersonalChoice | null,
): Promise<{ plan: Plan; extra: TrainedCandidate[] }> {
  const skip = new Set(planned.skipped.map(({ fingerprint }) => fingerprint));
  const jobs = Math.max(1, planned.shards.length);
  const fresh = planOf(situation, planned.commit, planned.base, jobs, skip);
  const known = new Set(planned.candidates.map(({ fingerprint }) => fingerprint));
  const moved = fresh.candidates.some(
    ({ role, fingerprint }) => role === 'candidate' && !known.has(fingerprint),
  );
  const ruled = fresh.policy.digest !== planned.policy.digest;
  if (moved || ruled || fresh.split.digest !== planned.split.digest)
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: 'the data, the configuration or the history changed between plan and gate',
      at: { file: planned.data.source },
      fix:
        'Let all jobs of a run check out the same commit, and fetch the same state of the data; run the whole workflow ' +
        'again. On a laptop: plan again.',
    });
  const skipped = isNeedless(planned);
  if (skipped && !person && isUnchanged(situation, fresh))
    return { plan: { ...fresh, shards: [] }, extra: [] };
  const plan = skipped ? fresh : { ...fresh, shards: planned.shards, cached: planned.cached };
  const whole = trained.filter(({ result }) => result.status !== 'stopped');
  const atHand = new Set(whole.map(({ result }) => result.fingerprint));
  const missing = plan.candidates
    .filter(({ name, fingerprint }) => skipped || (name === plan.championRecipe && !atHand.has(fingerprint)))
    // A search that is over can't take back that it stopped the new champion's recipe.
    .map(({ race, ...candidate }) => (skipped && race ? { ...candidate, race } : candidate));
  if (missing.length === 0) return { plan, extra: [] };
  const context = { workers, progress, environment, now, runUrl: run.url };
  return { plan, extra: await trainCandidates(situation.head, missing, context) };
}
