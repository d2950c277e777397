import { takeOver, takeOverVerdicts } from '../../factory/job/artifacts.ts';
import { comment } from '../../factory/job/announce.ts';
import { connect, type Job } from '../../factory/job/job.ts';
import { reportStep } from '../../factory/steps/report.ts';
import { combine } from '../../report/combine.ts';
import { allModels } from '../../report/comment.ts';
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
  const judged = await Promise.all(folders.map(reportStep));
  const verdicts = judged.map(({ verdict }) => verdict);
  const reports = judged.map((one) => ({ kind: 'judged' as const, ...one, url: null, trouble: null }));
  const url = await comment(job, connect(job, githubToken), {
    model: ids.length === 1 ? verdicts[0]!.model : allModels,
    ...{ mode, verdicts, sections: combine(reports), workingDirectory },
  });
  runner.setOutput('comment-url', url ?? '');
}
