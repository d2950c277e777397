import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { buildReport, type ReportLinks, type Section } from '../report/report.ts';
import type { TrainedCandidate } from './train.ts';

/** What is known when a verdict stands. */
export interface Judged {
  readonly verdict: Verdict;
  readonly plan: Plan;
  readonly trained: readonly Pick<TrainedCandidate, 'result'>[];
  /** The base side's plan; null where there is none. */
  readonly basePlan: Plan | null;
}

/** The report of a verdict: the same wherever it is rendered. */
export function reportOf({ verdict, plan, trained, basePlan }: Judged): Section[] {
  const results = trained.map(({ result }) => result);
  return buildReport({ verdict, plan, results, basePlan, links: linksOf(verdict, plan) });
}

/** Pages of the run that judged; none on a laptop. */
function linksOf({ run }: Verdict, { commit }: Plan): ReportLinks {
  const runUrl = run?.url ?? null;
  const repository = runUrl?.split('/actions/runs/')[0];
  const commitUrl = repository === undefined || commit === null ? null : `${repository}/commit/${commit}`;
  return { runUrl, commitUrl, artifactUrl: runUrl };
}
