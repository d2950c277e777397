import { join } from 'node:path';
import { announceVersion, keepDocuments, outFolderOf } from '../../factory/job/artifacts.ts';
import { comment, putOut, summarise } from '../../factory/job/announce.ts';
import { namesSeveral } from '../../factory/config-files.ts';
import { documentFiles } from '../../factory/handover.ts';
import { earlierResults } from '../../factory/job/earlier-results.ts';
import { configFileOf, connect, historyOn, portsOf, type Job } from '../../factory/job/job.ts';
import { baseOf, questionOf } from '../../factory/job/question.ts';
import { runFactory } from '../../factory/run.ts';
import { modelOutput } from '../../factory/several.ts';
import { refuseUntrustedPrograms, refuseUntrustedSource } from '../../factory/command/trust.ts';
import { Git } from '../../platform/git.ts';
import { personInput } from '../inputs.ts';
import { readInputs, type FactoryInputs } from './inputs.ts';
import { runModels } from './models.ts';

/** The whole loop in one job, for one model or several. */
export async function run(job: Job): Promise<void> {
  const inputs = readInputs(job.runner);
  await (namesSeveral(inputs.config) ? runModels(job, inputs) : runModel(job, inputs));
}

async function runModel(job: Job, inputs: FactoryInputs): Promise<void> {
  const { runner, context } = job;
  const { workingDirectory } = inputs;
  const question = questionOf(context);
  const github = connect(job, inputs.githubToken);
  const base = await baseOf(context, new Git(context.workspace));
  const outFolder = outFolderOf('factory');
  const outcome = await runFactory({
    configFile: configFileOf(context, workingDirectory, inputs.config),
    outFolder,
    question,
    base,
    person: personInput(runner, context),
    ports: portsOf(job, historyOn(github, inputs.ledgerRef), inputs.workers),
    cache: earlierResults(job, { github, token: inputs.githubToken, mode: inputs.cache, base }),
    onProject: (config) => refuseUntrustedSource(job, config, inputs.githubToken),
    onPlan: (plan) => refuseUntrustedPrograms(job, plan, inputs.githubToken),
    onVerdict: async ({ verdict, sections, config }) => {
      await summarise(job, sections);
      runner.setOutput('report-path', join(outFolder, documentFiles.report));
      runner.setOutput('verdict-path', join(outFolder, documentFiles.verdict));
      putOut(job, verdict, config);
      await comment(job, github, {
        ...{ mode: inputs.comment, model: verdict.model, verdicts: [verdict] },
        ...{ sections, workingDirectory },
      });
      await keepDocuments(job, outFolder, verdict);
    },
  });
  announceVersion(job, outcome.published);
  runner.setOutput('models', JSON.stringify([modelOutput({ kind: 'judged', ...outcome, error: null })]));
}
