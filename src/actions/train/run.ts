import { dirname } from 'node:path';
import { handOver, outFolderOf, takeOver } from '../../factory/artifacts.ts';
import { loadPlan, prepareByPlan, saveTrained } from '../../factory/handover.ts';
import { configFileOf, portsOf, type Job } from '../../factory/job.ts';
import { trainCandidates } from '../../factory/train.ts';
import { readInputs } from './inputs.ts';

/** Trains the candidates of one shard. Makes no REST call. */
export async function run(job: Job): Promise<void> {
  const inputs = readInputs(job.runner);
  const { runner, context } = job;
  const folder = await takeOver(job, inputs.planArtifactId, 'plan');
  const plan = await loadPlan(folder);
  const dataFolder = dirname(configFileOf(context, inputs.workingDirectory, inputs.config));
  const prepared = await prepareByPlan(folder, plan, dataFolder);
  const own = plan.candidates.filter(({ shard }) => shard === inputs.shard);
  const { workers, progress, environment, now, run: identity } = portsOf(job, null, inputs.workers);
  const trained = await runner.group(`Training ${own.map(({ name }) => name).join(', ')}`, () =>
    trainCandidates(prepared, own, { workers, progress, environment, now, runUrl: identity.url }),
  );
  for (const { result } of trained)
    if (result.failure) runner.warning(`${result.candidate} failed: ${result.failure.message}`);
  const out = outFolderOf(`shard-${inputs.shard}`);
  await handOver(job, `shard-${inputs.shard}`, plan.model, out, await saveTrained(out, trained));
  runner.setOutput('model', plan.model);
}
