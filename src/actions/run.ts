import { openJob, type Job } from '../factory/job/job.ts';
import { actionsRunner } from '../platform/runner.ts';
import { run as comment } from './comment/run.ts';
import { run as deploy } from './deploy/run.ts';
import { run as factory } from './factory/run.ts';
import { run as gate } from './gate/run.ts';
import { run as plan } from './plan/run.ts';
import { run as publish } from './publish/run.ts';
import { run as train } from './train/run.ts';

const actions: Readonly<Record<string, (job: Job) => Promise<void>>> = {
  comment,
  deploy,
  factory,
  gate,
  plan,
  publish,
  train,
};

/** Runs one action of the toolkit; never throws. `workerEntry` = file that calls `serveFits`. */
export async function runAction(name: string, workerEntry: string): Promise<void> {
  const runner = actionsRunner();
  try {
    const action = actions[name];
    if (!action) throw new Error(`there is no action ${name}`);
    await action(await openJob(runner, workerEntry));
  } catch (error) {
    runner.fail(error);
  }
}
