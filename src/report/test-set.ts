import type { ComparisonRecord, Verdict } from '../contracts/verdict.ts';

/** Whether a comparison was made on the test set (hold-out); the gate names the other kind "out-of-fold". */
export function onTestSet({ question, rows }: Verdict, { method }: ComparisonRecord): boolean {
  return question === 'promote' && rows.holdout > 0 && !/out-of-fold|identical/.test(method);
}

/** What the test set said is shown with a promotion only: every answer that is seen wears it out. */
export function mayShow(verdict: Verdict, comparison: ComparisonRecord): boolean {
  return verdict.conclusion === 'promote' || !onTestSet(verdict, comparison);
}
