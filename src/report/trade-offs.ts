import type { Standing, Verdict } from '../contracts/verdict.ts';
import { isTrained } from '../gate/contestant.ts';
import { orientation } from '../gate/metrics/metric.ts';
import { metrics } from '../gate/metrics/metrics.ts';

/** The best candidate of each trainer, in the order of the standings, which is best first. */
export function familyWinners(standings: readonly Standing[]): Standing[] {
  const seen = new Set<string>();
  return standings.filter(({ role, trainer, status }) => {
    if (role !== 'candidate' || !isTrained({ status }) || seen.has(trainer)) return false;
    seen.add(trainer);
    return true;
  });
}

/** A candidate that no other beats in score, prediction time and size at once. */
export interface FrontMember {
  readonly standing: Standing;
  readonly score: number;
  readonly predictMsPer1k: number;
  readonly modelBytes: number;
}

/**
 * Pareto front of score against prediction time and model size: everyone else is no better than somebody here in all
 * three and worse in one. Candidates without one of the numbers are left out.
 */
export function paretoFront({ standings, metric }: Pick<Verdict, 'standings' | 'metric'>): FrontMember[] {
  const known = metrics.get(metric);
  const sign = known ? orientation(known) : 1;
  const members = standings.flatMap((standing): FrontMember[] => {
    const { role, predictMsPer1k, modelBytes } = standing;
    const score = standing.metrics[metric] ?? null;
    if (role !== 'candidate' || !isTrained(standing)) return [];
    if (score === null || predictMsPer1k === null || modelBytes === null) return [];
    return [{ standing, score, predictMsPer1k, modelBytes }];
  });
  const costs = (member: FrontMember) => [-sign * member.score, member.predictMsPer1k, member.modelBytes];
  const isBeaten = (own: FrontMember): boolean =>
    members.some((other) => {
      const [ours, theirs] = [costs(own), costs(other)];
      return theirs.every((value, i) => value <= ours[i]!) && theirs.some((value, i) => value < ours[i]!);
    });
  return members.filter((member) => !isBeaten(member));
}
