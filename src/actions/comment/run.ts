import { takeOver } from '../../factory/artifacts.ts';
import { comment, linksOf } from '../../factory/announce.ts';
import { loadBasePlan, loadPlan, loadTrained, loadVerdict } from '../../factory/handover.ts';
import { connect, type Job } from '../../factory/job.ts';
import { buildReport } from '../../report/report.ts';
import { choiceInput, commonInputs, integerInput, requiredInput } from '../inputs.ts';

/** Writes the report of a verdict as the one comment of the pull request. */
export async function run(job: Job): Promise<void> {
  const { runner } = job;
  const { githubToken, workingDirectory } = commonInputs(runner);
  const mode = choiceInput(runner, 'comment', ['always', 'on-change', 'on-fail', 'never']);
  requiredInput(runner, 'verdict-artifact-id');
  const id = integerInput(runner, 'verdict-artifact-id', 1, Number.MAX_SAFE_INTEGER)!;
  const folder = await takeOver(job, id, 'comment');
  const verdict = await loadVerdict(folder);
  const sections = buildReport({
    verdict,
    plan: await loadPlan(folder),
    results: (await loadTrained(folder)).map(({ result }) => result),
    basePlan: await loadBasePlan(folder),
    links: linksOf(job),
    command: null,
  });
  const url = await comment(job, connect(job, githubToken), { mode, verdict, sections, workingDirectory });
  runner.setOutput('comment-url', url ?? '');
}
