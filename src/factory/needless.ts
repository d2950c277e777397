import type { Plan } from '../contracts/plan.ts';
import type { TrainedCandidate } from './train.ts';

/** Whether a plan says that nothing changed: nobody is trained, and nobody's earlier result is needed. */
export function isNeedless({ shards, cached }: Pick<Plan, 'shards' | 'cached'>): boolean {
  return shards.length === 0 && cached.length === 0;
}

/** The candidates that are to be trained. */
export function toTrain(plan: Pick<Plan, 'candidates' | 'shards' | 'cached'>): Plan['candidates'] {
  if (isNeedless(plan)) return [];
  const taken = new Set(plan.cached.map(({ name }) => name));
  return plan.candidates.filter(({ name }) => !taken.has(name));
}

/** Results in the order of the plan. */
export function inOrder(
  { candidates }: Pick<Plan, 'candidates'>,
  trained: readonly TrainedCandidate[],
): TrainedCandidate[] {
  const byName = new Map(trained.map((own) => [own.result.candidate, own]));
  return candidates.flatMap(({ name }) => byName.get(name) ?? []);
}
