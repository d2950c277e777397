import { dirname } from 'node:path';
import { announceVersion, takeOver, takeOverVerdict } from '../../factory/artifacts.ts';
import { loadPlan, loadTrained, loadVerdict, prepareByPlan } from '../../factory/handover.ts';
import { configFileOf, connect, historyOn, identityOf, type Job } from '../../factory/job.ts';
import type { RunIdentity } from '../../factory/ports.ts';
import { publish } from '../../factory/publish.ts';
import { UserError } from '../../errors/user-error.ts';
import { commonInputs, integerInput, requiredInput } from '../inputs.ts';

/** Publishes the model of a verdict that says `promote`, and makes it the champion. */
export async function run(job: Job): Promise<void> {
  const { runner, context } = job;
  const inputs = commonInputs(runner);
  const fromRun = integerInput(runner, 'from-run', 1, Number.MAX_SAFE_INTEGER);
  if (fromRun === null) requiredInput(runner, 'verdict-artifact-id');
  const id = integerInput(runner, 'verdict-artifact-id', 1, Number.MAX_SAFE_INTEGER) ?? 0;
  const folder =
    fromRun === null
      ? await takeOver(job, id, 'publish')
      : await takeOverVerdict(job, inputs.githubToken, fromRun);
  const verdict = await loadVerdict(folder);
  if (verdict.conclusion !== 'promote') {
    runner.info(`Nothing to publish: the verdict is ${verdict.conclusion} (${verdict.reason}).`);
    announceVersion(job, null);
    return;
  }
  const plan = await loadPlan(folder);
  const dataFolder = dirname(configFileOf(context, inputs.workingDirectory, inputs.config));
  const prepared = await prepareByPlan(folder, plan, dataFolder);
  const winner = (await loadTrained(folder)).find(({ result }) => result.candidate === verdict.winner);
  if (!winner) throw missingWinner(verdict.winner);
  const outcome = await publish(
    {
      ...{
        prepared,
        plan,
        verdict,
        winner,
        person: null,
        run: publishedBy(context, fromRun),
        now: new Date(),
      },
      judgedVersion: verdict.champion?.version ?? null,
      notes: verdict.sentence,
    },
    historyOn(connect(job, inputs.githubToken), inputs.ledgerRef),
  );
  if (outcome.kind === 'published') {
    announceVersion(job, outcome);
    return;
  }
  throw new UserError({
    code: 'LEDGER_CONFLICT',
    message: 'another run made its model champion after this verdict was made',
    fix: 'Run all jobs again, so that the model is judged against the new champion.',
  });
}

/** The run that the release names: the one that judged. */
function publishedBy(context: Job['context'], fromRun: number | null): RunIdentity {
  const own = identityOf(context);
  return fromRun === null ? own : { ...own, id: String(fromRun) };
}

function missingWinner(name: string | null): UserError {
  return new UserError({
    code: 'ARTIFACT_MISSING',
    message: `the verdict's hand-over holds no model of ${name ?? 'the winner'}`,
    fix: 'Run the gate job again.',
  });
}
