import { tmpdir } from 'node:os';
import { deploy, type DeployOutcome } from '../../factory/deploy/deploy.ts';
import { deployRequestOf } from '../../factory/deploy/request.ts';
import type { DeployTarget } from '../../factory/deploy/target.ts';
import { configFileOf, connect, historyOn, type Job } from '../../factory/job/job.ts';
import { UserError } from '../../errors/user-error.ts';
import { renderDeployment } from '../../report/deployment.ts';
import { readInputs } from './inputs.ts';

/** What goes where, as far as it is known yet. */
interface Known {
  readonly target: DeployTarget;
  readonly previous: string | null;
}

/** Deploys the version that a stage tag, a release or a person names. */
export async function run(job: Job): Promise<void> {
  const { runner, context } = job;
  runner.setOutput('deployed', false);
  const inputs = readInputs(runner);
  const request = deployRequestOf(context.event, inputs);
  if (request.kind === 'nothing') {
    runner.info(`Nothing to deploy: ${request.why}.`);
    return;
  }
  const github = connect(job, inputs.githubToken);
  const known: { now?: Known } = {};
  try {
    const outcome = await deploy(request, {
      ...{ job, github },
      history: historyOn(github, inputs.ledgerRef),
      configFile: configFileOf(context, inputs.workingDirectory, inputs.config),
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      environment: process.env,
      onTarget: (target, previous) => {
        known.now = { target, previous };
        putOut(job, target, previous);
      },
    });
    await tell(job, outcome);
  } catch (error) {
    if (known.now && error instanceof UserError) await tellRefusal(job, known.now, error);
    throw error;
  }
}

function putOut({ runner, context }: Job, target: DeployTarget, previous: string | null): void {
  runner.setOutput('model', target.model);
  runner.setOutput('version', target.version);
  runner.setOutput('stage', target.stage);
  runner.setOutput('previous-version', previous ?? '');
  const { serverUrl, owner, repo } = context;
  runner.setOutput('deployment-url', `${serverUrl}/${owner}/${repo}/deployments/${target.stage}`);
}

async function tell({ runner, context }: Job, outcome: DeployOutcome): Promise<void> {
  const { model, version, stage, name, askedBy, commit } = outcome.target;
  if (outcome.kind === 'overtaken') {
    const { newer } = outcome;
    runner.annotate('notice', 'Not deployed', `${name} was not deployed to ${stage}: ${newer} is newer.`);
    await runner.writeSummary(
      renderDeployment({ kind: 'overtaken', model, version, stage, previous: null, newer }),
    );
    return;
  }
  const { previous, goldenRows, modelSha256 } = outcome;
  runner.setOutput('deployed', true);
  runner.info(`${name} is live on ${stage}.`);
  const facts = [
    ['asked for by', `${askedBy}, by ${context.actor}`],
    ['commit', commit],
    ['sha256 of the model', modelSha256],
    ['golden rows answered', String(goldenRows)],
  ] as const;
  await runner.writeSummary(renderDeployment({ kind: 'deployed', model, version, stage, previous, facts }));
}

async function tellRefusal(
  { runner }: Job,
  { target, previous }: Known,
  { code, message, fix }: UserError,
): Promise<void> {
  const { model, version, stage } = target;
  await runner.writeSummary(
    renderDeployment({ kind: 'refused', model, version, stage, previous, code, message, fix }),
  );
}
