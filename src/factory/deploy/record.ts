import type { GitHub } from '../../platform/github/client.ts';
import {
  createDeployment,
  listDeployments,
  setDeploymentStatus,
  statusesOf,
  type Deployment,
  type DeploymentStatus,
} from '../../platform/github/deployments.ts';
import { parseVersionTag } from '../../registry/versions.ts';
import type { DeployTarget } from './target.ts';

/** The run that deploys. */
export interface DeployRun {
  readonly id: string;
  readonly url: string;
  /** The commit that the job's own deployment stands on. */
  readonly sha: string;
}

/** A version that was deployed successfully last. */
export interface Live {
  readonly version: string;
  readonly deployment: Deployment;
}

/** Begins the description of every status of ours, and tells which version it is about. */
const told = ({ name }: DeployTarget, what: string): string => `${name} ${what}`;

/** The version that one of our statuses is about. */
function subjectOf({ description }: Pick<DeploymentStatus, 'description'>) {
  return parseVersionTag(description.split(' ')[0] ?? '');
}

/**
 * The version of a model that is live on a stage: the newest deployment that we called a success. What GitHub says of
 * a job by itself doesn't count, because a job can succeed without deploying.
 */
export async function liveVersion(github: GitHub, model: string, stage: string): Promise<Live | null> {
  for (const deployment of await listDeployments(github, stage)) {
    for (const status of await statusesOf(github, deployment)) {
      const about = subjectOf(status);
      if (status.state === 'success' && about?.model === model) return { version: about.version, deployment };
    }
  }
  return null;
}

/**
 * Finds the deployment that this run's `environment:` made, or makes one where there is none, and says that it is in
 * progress; never two.
 * @throws UserError PERMISSION_MISSING without `deployments: write`
 */
export async function beginDeployment(
  github: GitHub,
  target: DeployTarget,
  run: DeployRun,
): Promise<Deployment> {
  const deployment = (await ownDeployment(github, target, run)) ?? (await make(github, target, run));
  const description = told(target, 'is being deployed');
  await setDeploymentStatus(github, deployment, { state: 'in_progress', description, logUrl: run.url });
  return deployment;
}

/** Says how a deployment ended; after a success the version before it is no longer active. */
export async function endDeployment(
  github: GitHub,
  {
    target,
    deployment,
    run,
    live,
  }: { target: DeployTarget; deployment: Deployment; run: DeployRun; live: Live | null },
  failure: string | null,
): Promise<void> {
  const logUrl = run.url;
  if (failure !== null) {
    const description = told(target, failure);
    await setDeploymentStatus(github, deployment, { state: 'failure', description, logUrl });
    return;
  }
  const description = told(target, 'is live');
  await setDeploymentStatus(github, deployment, { state: 'success', description, logUrl });
  if (live === null || live.deployment.id === deployment.id) return;
  const replaced = `was replaced by ${target.name}`;
  await setDeploymentStatus(github, live.deployment, { state: 'inactive', description: replaced, logUrl });
}

/** Marks the deployment of this run's `environment:`, if there is one, as overtaken. */
export async function leaveDeployment(
  github: GitHub,
  target: DeployTarget,
  run: DeployRun,
  newer: string,
): Promise<void> {
  const deployment = await ownDeployment(github, target, run);
  if (deployment === null) return;
  const description = told(target, `was overtaken by ${newer}`);
  await setDeploymentStatus(github, deployment, { state: 'inactive', description, logUrl: run.url });
}

/**
 * Ours of an earlier attempt, or the one of the job's `environment:`: GitHub links that one to the run's log. Jobs of
 * one run that deploy other models have their own.
 */
async function ownDeployment(
  github: GitHub,
  { model, stage }: DeployTarget,
  run: DeployRun,
): Promise<Deployment | null> {
  const ofRun = new RegExp(`/actions/runs/${run.id}(/|$)`);
  for (const deployment of await listDeployments(github, stage)) {
    if (isOurs(deployment, model, run)) return deployment;
    if (deployment.commit !== run.sha || deployment.payload.run !== undefined) continue;
    const statuses = await statusesOf(github, deployment);
    const others = statuses.some((status) => (subjectOf(status)?.model ?? model) !== model);
    if (!others && statuses.some(({ logUrl }) => ofRun.test(logUrl))) return deployment;
  }
  return null;
}

function isOurs({ payload }: Deployment, model: string, run: DeployRun): boolean {
  return payload.run === run.id && payload.model === model;
}

function make(github: GitHub, { model, version, stage, askedBy }: DeployTarget, run: DeployRun) {
  const payload = { model, version, tag: askedBy, run: run.id };
  return createDeployment(
    github,
    { environment: stage, ref: askedBy, description: `${model} ${version}`, payload },
    (deployment) => isOurs(deployment, model, run),
  );
}
