import type { Plan } from '../../contracts/plan.ts';
import type { Logger } from '../../platform/logger.ts';
import type { PersonalChoice } from '../../gate/person.ts';
import { requireSlices } from '../../gate/slices.ts';
import { requireChoice } from '../choice.ts';
import { placesOf } from '../cache/keep.ts';
import { takeCached, type CachePlace, type ResultCache } from '../cache/take.ts';
import { clearDocuments, saveBasePlan, savePlan, saveTrained } from '../handover.ts';
import { isNeedless } from '../needless.ts';
import { basePlanOf, planOf } from '../plan.ts';
import type { HistoryPorts } from '../ports.ts';
import type { Prepared } from '../prepared.ts';
import { requireModels } from '../pretrained/require-models.ts';
import { withSides, type Sides, type SidesRequest } from '../sides.ts';
import { assess, type Situation } from '../situation.ts';
import type { TrainedCandidate } from '../train.ts';
import { withoutNeedlessTraining } from '../unchanged.ts';

export interface PlanStepRequest extends SidesRequest {
  /** Folder for the documents. */
  readonly outFolder: string;
  readonly maxShards: number;
  readonly history: HistoryPorts | null;
  /** What started the run; see `withoutNeedlessTraining`. */
  readonly event: string;
  readonly person: PersonalChoice | null;
  /** Null = whatever is needed is trained. */
  readonly cache: ResultCache | null;
  readonly logger: Pick<Logger, 'info'>;
}

export interface Planned {
  readonly situation: Situation;
  readonly plan: Plan;
  /** Results of the plan's `cached` candidates. */
  readonly cached: readonly TrainedCandidate[];
  /** Names of the documents written. */
  readonly files: readonly string[];
  /** Reads the history again, with the same data. */
  readonly reassess: () => Promise<Situation>;
}

/** Decides what is trained, in how many jobs, and writes it down. Documents of an earlier run are removed. */
export async function planStep(request: PlanStepRequest): Promise<Planned> {
  return withSides(request, (sides) => planBeside(sides, request));
}

/** The same where the sides are laid out already. */
export async function planBeside(sides: Sides, request: PlanStepRequest): Promise<Planned> {
  const { question, outFolder, maxShards, history, event, person } = request;
  const reassess = () => assess(sides, question, history);
  const situation = await reassess();
  requireModels(situation.head);
  requireSlices(situation.head.dataset.table, situation.head.config.gate.block.slices?.columns);
  const whole = planOf(situation, sides.commit, sides.checkout?.commit ?? null, maxShards);
  requireChoice(whole, person);
  const needed = person ? whole : withoutNeedlessTraining(situation, whole, event);
  // Before the folder is cleared, because the earlier run's results may be in it.
  const cached = isNeedless(needed) ? [] : await cachedOf(needed, situation.head, request);
  const plan = cached.length === 0 ? needed : withCached(needed, cached);
  await clearDocuments(outFolder);
  const files = [
    ...(await savePlan(outFolder, plan, situation.head)),
    ...(await saveBasePlan(outFolder, basePlanOf(situation))),
    ...(await saveTrained(outFolder, cached)),
  ];
  return { situation, plan, cached, files, reassess };

  /** Who else is trained stays the same: the budget was spent before anybody looked into the cache. */
  function withCached(full: Plan, taken: readonly TrainedCandidate[]): Plan {
    const skip = new Set(full.skipped.map(({ fingerprint }) => fingerprint));
    const names = taken.map(({ result }) => ({ name: result.candidate, from: result.reuse?.from ?? '' }));
    return planOf(situation, full.commit, full.base, maxShards, skip, names);
  }
}

async function cachedOf(
  plan: Plan,
  head: Prepared,
  { cache, outFolder, logger }: PlanStepRequest,
): Promise<TrainedCandidate[]> {
  if (!cache) return [];
  return takeCached(head, plan.candidates, places(cache), logger);

  async function* places(own: ResultCache): AsyncGenerator<CachePlace> {
    yield* placesOf(own, outFolder);
    yield* own.earlier(plan);
  }
}
