import type { GitHub, Purpose } from './client.ts';

/** A GitHub Deployment to an environment. */
export interface Deployment {
  readonly id: number;
  readonly commit: string;
  /** What its maker wrote down; {} for one that a job's `environment:` made. */
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface DeploymentStatus {
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
}

export interface NewDeployment {
  readonly environment: string;
  /** Tag or commit. */
  readonly ref: string;
  readonly description: string;
  readonly payload: Readonly<Record<string, string>>;
}

/** GitHub refuses longer descriptions. */
const longestDescription = 140;
const reading: Purpose = { what: 'read the deployments', permission: 'deployments: write' };

interface RawDeployment {
  readonly id: number;
  readonly sha: string;
  readonly payload: unknown;
}

/** Deployments to an environment, newest first. */
export async function listDeployments(github: GitHub, environment: string): Promise<Deployment[]> {
  const found = await github.pages<RawDeployment>(reading, ({ rest }, page) =>
    rest.repos.listDeployments({ ...github.place, environment, ...page }),
  );
  return found.map(tidy).sort((a, b) => b.id - a.id);
}

/** What was said about a deployment, newest first. */
export async function statusesOf(github: GitHub, { id }: Deployment): Promise<DeploymentStatus[]> {
  const found = await github.pages(reading, ({ rest }, page) =>
    rest.repos.listDeploymentStatuses({ ...github.place, deployment_id: id, ...page }),
  );
  return found
    .sort((a, b) => b.id - a.id)
    .map(({ state, description, log_url }) => ({ state, description, logUrl: log_url ?? '' }));
}

/**
 * Makes a deployment; it merges nothing and waits for no check. `isOurs` recognises it where GitHub's answer was lost.
 * @throws UserError PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function createDeployment(
  github: GitHub,
  { environment, ref, description, payload }: NewDeployment,
  isOurs: (deployment: Deployment) => boolean,
): Promise<Deployment> {
  const purpose = { what: `record a deployment to ${environment}`, permission: 'deployments: write' };
  const made = await github.once<RawDeployment>(
    purpose,
    async ({ rest }) => {
      const { status, headers, data } = await rest.repos.createDeployment({
        ...{ ...github.place, ref, environment, payload },
        description: description.slice(0, longestDescription),
        auto_merge: false,
        required_contexts: [],
      });
      // 202 means that branches were merged instead, which `auto_merge: false` rules out.
      if (!('id' in data)) throw new Error(data.message ?? 'GitHub made no deployment');
      return { status, headers, data };
    },
    async () => {
      const found = (await listDeployments(github, environment)).find(isOurs);
      return found ? { ...found, sha: found.commit } : null;
    },
  );
  return tidy(made);
}

/**
 * Says how a deployment stands. Others of the environment keep their state: they may be of other models.
 * @throws UserError PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function setDeploymentStatus(
  github: GitHub,
  deployment: Pick<Deployment, 'id'>,
  {
    state,
    description,
    logUrl,
  }: DeploymentStatus & { state: 'in_progress' | 'success' | 'failure' | 'inactive' },
): Promise<void> {
  const purpose = { what: `record that ${description}`, permission: 'deployments: write' };
  await github.repeat(purpose, ({ rest }) =>
    rest.repos.createDeploymentStatus({
      ...github.place,
      deployment_id: deployment.id,
      state,
      description: description.slice(0, longestDescription),
      log_url: logUrl,
      auto_inactive: false,
    }),
  );
}

function tidy({ id, sha, payload }: RawDeployment): Deployment {
  return { id, commit: sha, payload: isRecord(payload) ? payload : {} };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
