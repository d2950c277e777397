import { dirname, join, relative } from 'node:path';
import type { DeployConfig } from '../../config/schema.ts';
import { UserError } from '../../errors/user-error.ts';
import { slashed } from '../../platform/files.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { readText } from '../../platform/github/contents.ts';
import { contains, readRef } from '../../platform/github/git-data.ts';
import { placedTags } from '../../platform/github/tags.ts';
import { deployConfigOf, loadDefaultConfig } from './default-branch.ts';
import { checkVersion } from './checks.ts';
import { layOut, runDeployCommand } from './command.ts';
import {
  beginDeployment,
  endDeployment,
  leaveDeployment,
  liveVersion,
  type DeployRun,
  type Live,
} from './record.ts';
import type { DeployRequest } from './request.ts';
import { findTarget, newerTag, type DeployTarget } from './target.ts';
import type { Job } from '../job/job.ts';
import type { HistoryPorts } from '../ports.ts';

export interface DeployPorts {
  readonly job: Job;
  readonly github: GitHub;
  readonly history: HistoryPorts;
  /** Absolute path of the configuration in the workspace. */
  readonly configFile: string;
  /** Folder below which the verified files are laid out. */
  readonly temporary: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told as soon as it is known what goes where, and again once the live version is known. */
  readonly onTarget: (target: DeployTarget, previous: string | null) => void;
}

export type DeployOutcome =
  | {
      readonly kind: 'deployed';
      readonly target: DeployTarget;
      readonly previous: string | null;
      readonly modelSha256: string;
      readonly goldenRows: number;
    }
  | { readonly kind: 'overtaken'; readonly target: DeployTarget; readonly newer: string };

/**
 * Deploys what a tag asks for: finds the version, checks everything about it, runs the stage's command, and records
 * each step as a GitHub Deployment. Nothing runs before all checks have passed.
 * @throws UserError for whatever is refused; then the stage keeps the version it has
 */
export async function deploy(
  request: Exclude<DeployRequest, { kind: 'nothing' }>,
  ports: DeployPorts,
): Promise<DeployOutcome> {
  const { job, github, history, onTarget } = ports;
  const run: DeployRun = { id: job.context.runId, url: job.context.runUrl, sha: job.context.sha };
  const tags = await placedTags(github);
  const target = await findTarget(request, tags, (below, commit) => contains(github, commit, below));
  onTarget(target, null);
  const branch = await defaultBranch(job, github);
  const config = await stageConfig(ports, branch, target);
  const newer = newerTag(tags, target);
  if (newer) return overtaken(newer.tag.name);
  const checked = await checkVersion(target, github, history, branch);
  const live = await liveVersion(github, target.model, target.stage);
  const previous = live?.version ?? null;
  onTarget(target, previous);
  // Tags that were pushed while the files came in count too.
  const newest = newerTag(await placedTags(github), target);
  if (newest) return overtaken(newest.tag.name);
  const modelFolder = join(ports.temporary, 'model-factory', `${target.model}-${target.version}`);
  await layOut(modelFolder, checked.files);
  await recorded({ target, live, run }, github, () =>
    runDeployCommand({
      ...{ target, config, modelFolder, previous },
      folder: dirname(ports.configFile),
      environment: ports.environment,
      logger: job.runner,
    }),
  );
  const { goldenRows, promotion } = checked;
  return { kind: 'deployed', target, previous, modelSha256: promotion.modelSha256, goldenRows };

  async function overtaken(tag: string): Promise<DeployOutcome> {
    await leaveDeployment(github, target, run, tag);
    return { kind: 'overtaken', target, newer: tag };
  }
}

/** Runs `body` between the deployment's first and last status. */
async function recorded(
  facts: { readonly target: DeployTarget; readonly live: Live | null; readonly run: DeployRun },
  github: GitHub,
  body: () => Promise<void>,
): Promise<void> {
  const deployment = await beginDeployment(github, facts.target, facts.run);
  const end = (failure: string | null) => endDeployment(github, { ...facts, deployment }, failure);
  try {
    await body();
  } catch (error) {
    await end(error instanceof UserError ? `failed: ${error.message}` : 'failed');
    throw error;
  }
  await end(null);
}

interface Branch {
  readonly name: string;
  readonly head: string;
}

async function defaultBranch({ context }: Job, github: GitHub): Promise<Branch> {
  const name = context.defaultBranch;
  const ref = await readRef(github, `heads/${name}`);
  if (ref !== null) return { name, head: ref.sha };
  throw new UserError({
    code: 'BASE_MISSING',
    message: `the default branch ${name} does not exist`,
    fix: 'Push it, or choose another default branch in the settings of the repository.',
  });
}

/** What the default branch says about the stage, whatever the commit of the tag says. */
async function stageConfig(
  { job, github, configFile }: DeployPorts,
  { name, head }: Branch,
  { model, stage }: DeployTarget,
): Promise<DeployConfig> {
  const path = slashed(relative(job.context.workspace, configFile));
  const text = await readText(github, path, head);
  return deployConfigOf(loadDefaultConfig(text, path, name), model, stage);
}
