import { dirname } from 'node:path';
import { handOver, outFolderOf, takeOver } from '../../factory/job/artifacts.ts';
import { configFileOf, portsOf, type Job } from '../../factory/job/job.ts';
import { trainStep } from '../../factory/steps/train.ts';
import { readInputs } from './inputs.ts';

/** Trains the candidates of one shard. Makes no REST call. */
export async function run(job: Job): Promise<void> {
  const { planArtifactId, shard, config, workingDirectory, workers } = readInputs(job.runner);
  const outFolder = outFolderOf(`shard-${shard}`);
  const { plan, files } = await trainStep({
    folder: await takeOver(job, planArtifactId, 'plan'),
    outFolder,
    dataFolder: dirname(configFileOf(job.context, workingDirectory, config)),
    shard,
    ports: portsOf(job, null, workers),
    cache: null,
  });
  await handOver(job, `shard-${shard}`, plan.model, outFolder, files);
  job.runner.setOutput('model', plan.model);
}
