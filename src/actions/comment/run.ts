import { takeOver, takeOverVerdicts } from '../../factory/artifacts.ts';
import { comment, linksOf } from '../../factory/announce.ts';
import { loadBasePlan, loadPlan, loadTrained, loadVerdict } from '../../factory/handover.ts';
import { connect, type Job } from '../../factory/job.ts';
import { combine } from '../../report/combine.ts';
import { allModels } from '../../report/comment.ts';
import { buildReport } from '../../report/report.ts';
import { choiceInput, commonInputs, integersInput } from '../inputs.ts';

/** Writes the report of one verdict, or of several, as the one comment of the pull request. */
export async function run(job: Job): Promise<void> {
  const { runner } = job;
  const { githubToken, workingDirectory } = commonInputs(runner);
  const mode = choiceInput(runner, 'comment', ['always', 'on-change', 'on-fail', 'never']);
  const ids = integersInput(runner, 'verdict-artifact-id', 1, Number.MAX_SAFE_INTEGER);
  const folders =
    ids.length === 0
      ? await takeOverVerdicts(job)
      : await Promise.all(ids.map((id) => takeOver(job, id, `comment-${id}`)));
  const reports = await Promise.all(folders.map((folder) => readReport(job, folder)));
  const verdicts = reports.map(({ verdict }) => verdict);
  const url = await comment(job, connect(job, githubToken), {
    model: ids.length === 1 ? verdicts[0]!.model : allModels,
    ...{ mode, verdicts, sections: combine(reports), workingDirectory },
  });
  runner.setOutput('comment-url', url ?? '');
}

async function readReport(job: Job, folder: string) {
  const verdict = await loadVerdict(folder);
  const sections = buildReport({
    verdict,
    plan: await loadPlan(folder),
    results: (await loadTrained(folder)).map(({ result }) => result),
    basePlan: await loadBasePlan(folder),
    links: linksOf(job),
    command: null,
  });
  return { kind: 'judged' as const, verdict, sections, url: null, trouble: null };
}
