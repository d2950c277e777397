import type { Verdict } from '../../contracts/verdict.ts';
import type { Section } from '../../report/report.ts';
import { loadBasePlan, loadPlan, loadTrained, loadVerdict } from '../handover.ts';
import { reportOf } from '../report.ts';

/** Reads the documents of a run that was judged and makes its report again. */
export async function reportStep(
  folder: string,
): Promise<{ verdict: Verdict; sections: readonly Section[] }> {
  const verdict = await loadVerdict(folder);
  const plan = await loadPlan(folder);
  const [trained, basePlan] = [await loadTrained(folder), await loadBasePlan(folder)];
  return { verdict, sections: reportOf({ verdict, plan, trained, basePlan }) };
}
