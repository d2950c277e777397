import type { Plan } from '../../contracts/plan.ts';
import { handOver, outFolderOf } from '../../factory/artifacts.ts';
import { saveBasePlan, savePlan } from '../../factory/handover.ts';
import { configFileOf, connect, historyOn, type Job } from '../../factory/job.ts';
import { basePlanOf, planOf } from '../../factory/plan.ts';
import { openProject } from '../../factory/project.ts';
import { baseOf, questionOf } from '../../factory/question.ts';
import { withSides } from '../../factory/run.ts';
import { assess } from '../../factory/situation.ts';
import { withoutNeedlessTraining } from '../../factory/unchanged.ts';
import { Git } from '../../platform/git.ts';
import { commonInputs, integerInput } from '../inputs.ts';

/** Decides what is trained, in how many jobs, and hands the plan over. */
export async function run(job: Job): Promise<void> {
  const inputs = commonInputs(job.runner);
  const maxShards = integerInput(job.runner, 'max-shards', 1, 256) ?? 20;
  const { runner, context } = job;
  const question = questionOf(context);
  const configFile = configFileOf(context, inputs.workingDirectory, inputs.config);
  const history = historyOn(connect(job, inputs.githubToken), inputs.ledgerRef);
  const base = await baseOf(context, new Git(context.workspace));
  await withSides({ configFile, question, base }, async (checkout, commit) => {
    const situation = await assess(await openProject(configFile), question, commit, checkout, history);
    const whole = planOf(situation, commit, checkout?.commit ?? null, maxShards);
    const plan = withoutNeedlessTraining(situation, whole, context.event.kind);
    const folder = outFolderOf('plan');
    const files = [
      ...(await savePlan(folder, plan, situation.head)),
      ...(await saveBasePlan(folder, basePlanOf(situation))),
    ];
    runner.setOutput('model', plan.model);
    runner.setOutput('shards', JSON.stringify(plan.shards.map(matrixEntry)));
    runner.setOutput('plan-artifact-id', await handOver(job, 'plan', plan.model, folder, files));
    const minutes = plan.shards.reduce((sum, { predictedMs }) => sum + predictedMs, 0) / 60_000;
    runner.info(
      plan.shards.length === 0
        ? `${plan.model}: nothing changed that it depends on, so nothing is trained`
        : `${plan.model}: ${plan.candidates.length} candidates in ${plan.shards.length} jobs, about ${minutes.toFixed(1)} minutes in all`,
    );
  });
}

/** One job of the matrix, for `strategy.matrix.include`. */
function matrixEntry({ index, runsOn }: Plan['shards'][number]) {
  return { shard: index, 'runs-on': runsOn ?? 'ubuntu-latest' };
}
