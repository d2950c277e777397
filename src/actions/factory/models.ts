import { join, relative, resolve } from 'node:path';
import { keepDocuments, outFolderOf } from '../../factory/job/artifacts.ts';
import { comment, summarise, tellVerdict } from '../../factory/job/announce.ts';
import { earlierResults } from '../../factory/job/earlier-results.ts';
import { configFilesIn } from '../../factory/config-files.ts';
import { documentFiles } from '../../factory/handover.ts';
import { connect, historyOn, portsOf, type Job } from '../../factory/job/job.ts';
import { baseOf, questionOf } from '../../factory/job/question.ts';
import { modelOutput, reportsOf, runSeveral, type ModelRun } from '../../factory/several.ts';
import { refuseUntrustedPrograms, refuseUntrustedSource } from '../../factory/command/trust.ts';
import { UserError } from '../../errors/user-error.ts';
import { writeFileAtomic } from '../../platform/files.ts';
import { Git } from '../../platform/git.ts';
import { combine, worstOf } from '../../report/combine.ts';
import { allModels } from '../../report/comment.ts';
import { renderReport } from '../../report/report.ts';
import type { FactoryInputs } from './inputs.ts';

/** The whole loop for several models in one job: one after the other, then one summary and one comment. */
export async function runModels(job: Job, inputs: FactoryInputs): Promise<void> {
  const { runner, context } = job;
  if (runner.input('candidate')) throw whichModel();
  const { workingDirectory, config, githubToken, ledgerRef, workers } = inputs;
  const paths = await configFilesIn(resolve(context.workspace, workingDirectory), config);
  const github = connect(job, githubToken);
  const base = await baseOf(context, new Git(context.workspace));
  const outFolder = outFolderOf('factory');
  const runs = await runSeveral({
    configFiles: paths.map((path) => ({ path, shown: relative(context.workspace, path) })),
    outFolder,
    question: questionOf(context),
    base,
    ports: portsOf(job, historyOn(github, ledgerRef), workers),
    cache: earlierResults(job, { github, token: githubToken, mode: inputs.cache, base }),
    onProject: (config) => refuseUntrustedSource(job, config, githubToken),
    onPlan: (plan) => refuseUntrustedPrograms(job, plan, githubToken),
    // After each model: a job that is cut off later has told of those that it finished.
    onModel: async (soFar, folder) => {
      await summarise(job, combine(reportsOf(soFar)));
      const newest = soFar.at(-1);
      // A run may hold 500 artifacts: models that nothing was trained for leave none.
      if (newest?.kind === 'judged' && newest.verdict.standings.length > 0)
        await keepDocuments(job, folder, newest.verdict);
    },
  });
  const reports = reportsOf(runs);
  const sections = combine(reports);
  const reportPath = join(outFolder, documentFiles.report);
  await writeFileAtomic(reportPath, renderReport(sections));
  runner.setOutput('report-path', reportPath);
  putOutAll(job, runs, worstOf(reports));
  await comment(job, github, {
    ...{ mode: inputs.comment, model: allModels, sections, workingDirectory },
    verdicts: runs.flatMap((run) => (run.kind === 'judged' ? [run.verdict] : [])),
    failed: runs.some(({ error }) => error !== null),
  });
}

/** Outputs for all models, a line each in the log, and a failed job where a check or a run failed. */
function putOutAll(job: Job, runs: readonly ModelRun[], worst: ReturnType<typeof worstOf>): void {
  const { runner } = job;
  const outputs = runs.map(modelOutput);
  const loudest = outputs.find(({ conclusion }) => conclusion === worst);
  runner.setOutput('conclusion', worst === 'error' ? 'block' : worst);
  runner.setOutput('reason', loudest?.reason ?? '');
  runner.setOutput('models', JSON.stringify(outputs));
  for (const run of runs) {
    if (run.kind === 'judged') tellVerdict(job, run.verdict, run.config, `${run.verdict.model}: `);
    if (run.error !== null) runner.fail(run.error);
  }
}

function whichModel(): UserError {
  return new UserError({
    code: 'ARGUMENT_INVALID',
    message: 'the input candidate promotes a candidate of one model, but config names several',
    at: { name: 'candidate' },
    fix: 'Let config name the configuration of that model alone.',
  });
}
