import { dirname } from 'node:path';
import { announceVersion, takeOver, takeOverVerdict } from '../../factory/job/artifacts.ts';
import { requireDefaultBranchRun } from '../../factory/job/earlier-run.ts';
import { configFileOf, connect, historyOn, identityOf, type Job } from '../../factory/job/job.ts';
import type { RunIdentity } from '../../factory/ports.ts';
import { openProject } from '../../factory/project.ts';
import { publishStep } from '../../factory/steps/publish.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { commonInputs, integerInput, requiredInput } from '../inputs.ts';

/** Publishes the model of a verdict that says `promote`, and makes it the champion. */
export async function run(job: Job): Promise<void> {
  const { runner, context } = job;
  const inputs = commonInputs(runner);
  const fromRun = integerInput(runner, 'from-run', 1, Number.MAX_SAFE_INTEGER);
  if (fromRun === null) requiredInput(runner, 'verdict-artifact-id');
  const id = integerInput(runner, 'verdict-artifact-id', 1, Number.MAX_SAFE_INTEGER) ?? 0;
  const configFile = configFileOf(context, inputs.workingDirectory, inputs.config);
  const github = connect(job, inputs.githubToken);
  const folder =
    fromRun === null
      ? await takeOver(job, id, 'publish')
      : await takeOverEarlier(job, github, inputs.githubToken, configFile, fromRun);
  const { verdict, published } = await publishStep({
    folder,
    dataFolder: dirname(configFile),
    run: publishedBy(context, fromRun),
    history: historyOn(github, inputs.ledgerRef),
    now: new Date(),
    mayRecord: fromRun !== null,
    asked: fromRun !== null,
  });
  if (!published)
    runner.info(
      verdict.conclusion === 'promote'
        ? verdict.next
        : `Nothing to publish: the verdict is ${verdict.conclusion} (${verdict.reason}).`,
    );
  announceVersion(job, published);
}

async function takeOverEarlier(
  job: Job,
  github: GitHub,
  token: string,
  configFile: string,
  runId: number,
): Promise<string> {
  await requireDefaultBranchRun(job, github, runId);
  const { model } = (await openProject(configFile)).loaded.config;
  return takeOverVerdict(job, token, { runId, model });
}

/** The run that the release names: the one that judged. */
function publishedBy(context: Job['context'], fromRun: number | null): RunIdentity {
  const own = identityOf(context);
  return fromRun === null ? own : { ...own, id: String(fromRun) };
}
