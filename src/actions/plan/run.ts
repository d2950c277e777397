import type { Plan } from '../../contracts/plan.ts';
import { announceTraining } from '../../factory/job/announce.ts';
import { handOver, outFolderOf } from '../../factory/job/artifacts.ts';
import { earlierResults } from '../../factory/job/earlier-results.ts';
import { configFileOf, connect, historyOn, type Job } from '../../factory/job/job.ts';
import { baseOf, questionOf } from '../../factory/job/question.ts';
import { planSummary } from '../../factory/cost.ts';
import { planStep } from '../../factory/steps/plan.ts';
import { refuseUntrustedSource } from '../../factory/command/trust.ts';
import { Git } from '../../platform/git.ts';
import { choiceInput, commonInputs, integerInput } from '../inputs.ts';

/** Decides what is trained, in how many jobs, and hands the plan over. */
export async function run(job: Job): Promise<void> {
  const inputs = commonInputs(job.runner);
  const { runner, context } = job;
  const mode = choiceInput(runner, 'comment', ['never', 'always', 'on-change', 'on-fail']);
  const cache = choiceInput(runner, 'cache', ['true', 'false']);
  const github = connect(job, inputs.githubToken);
  const base = await baseOf(context, new Git(context.workspace));
  const outFolder = outFolderOf('plan');
  const { plan, files } = await planStep({
    configFile: configFileOf(context, inputs.workingDirectory, inputs.config),
    outFolder,
    question: questionOf(context),
    base,
    maxShards: integerInput(runner, 'max-shards', 1, 256) ?? 20,
    history: historyOn(github, inputs.ledgerRef),
    event: context.event.kind,
    onProject: (config) => refuseUntrustedSource(job, config, inputs.githubToken),
    person: null,
    cache: earlierResults(job, { github, token: inputs.githubToken, mode: cache, base }),
    logger: runner,
  });
  runner.setOutput('model', plan.model);
  runner.setOutput('shards', JSON.stringify(plan.shards.map(matrixEntry)));
  runner.setOutput('plan-artifact-id', await handOver(job, 'plan', plan.model, outFolder, files));
  runner.info(planSummary(plan));
  await announceTraining(job, github, { mode, plan, workingDirectory: inputs.workingDirectory });
}

/** One job of the matrix, for `strategy.matrix.include`. */
function matrixEntry({ index, runsOn }: Plan['shards'][number]) {
  return { shard: index, 'runs-on': runsOn ?? 'ubuntu-latest' };
}
