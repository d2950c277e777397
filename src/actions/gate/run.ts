import { join } from 'node:path';
import { handOver, takeOver, takeOverShards } from '../../factory/job/artifacts.ts';
import { putOut, summarise } from '../../factory/job/announce.ts';
import { documentFiles, loadPlan } from '../../factory/handover.ts';
import { configFileOf, connect, historyOn, portsOf, type Job } from '../../factory/job/job.ts';
import { baseOf } from '../../factory/job/question.ts';
import { gateStep } from '../../factory/steps/gate.ts';
import { refuseUntrustedPrograms, refuseUntrustedSource } from '../../factory/command/trust.ts';
import { Git } from '../../platform/git.ts';
import { commonInputs, integerInput, personInput, requiredInput } from '../inputs.ts';

/** Judges what the shards trained, records the run, and hands the verdict over. */
export async function run(job: Job): Promise<void> {
  const inputs = commonInputs(job.runner);
  const { runner, context } = job;
  requiredInput(runner, 'plan-artifact-id');
  const planId = integerInput(runner, 'plan-artifact-id', 1, Number.MAX_SAFE_INTEGER)!;
  const folder = await takeOver(job, planId, 'gate');
  const { model, candidates } = await loadPlan(folder);
  await takeOverShards(job, model, folder);
  await refuseUntrustedPrograms(job, { candidates }, inputs.githubToken);
  const history = historyOn(connect(job, inputs.githubToken), inputs.ledgerRef);
  const { verdict, config, sections, files, refusal } = await gateStep({
    folder,
    configFile: configFileOf(context, inputs.workingDirectory, inputs.config),
    base: await baseOf(context, new Git(context.workspace)),
    person: personInput(runner, context),
    onProject: (config) => refuseUntrustedSource(job, config, inputs.githubToken),
    ports: portsOf(job, history, integerInput(runner, 'workers', 1, 256)),
  });
  await summarise(job, sections);
  const id = await handOver(job, 'verdict', model, folder, files);
  runner.setOutput('report-path', join(folder, documentFiles.report));
  runner.setOutput('verdict-path', join(folder, documentFiles.verdict));
  runner.setOutput('verdict-artifact-id', id);
  putOut(job, verdict, config);
  if (refusal) throw refusal;
}
