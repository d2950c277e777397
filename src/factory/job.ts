import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Plan } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import { systemClock } from '../platform/clock.ts';
import type { Git } from '../platform/git.ts';
import { GitHub } from '../platform/github/client.ts';
import { readRunContext, type RunContext } from '../platform/github/event.ts';
import { githubReleases } from '../platform/github/release-store.ts';
import { ledgerBranch } from '../platform/ledger-branch.ts';
import type { Runner } from '../platform/runner.ts';
import { environmentOf } from './environment.ts';
import type { FactoryPorts, HistoryPorts, RunIdentity } from './ports.ts';

/** The job that an action runs in. */
export interface Job {
  readonly runner: Runner;
  readonly context: RunContext;
  /** File that serves fits on a worker thread. */
  readonly workerEntry: string;
}

export async function openJob(runner: Runner, workerEntry: string): Promise<Job> {
  return { runner, context: await readRunContext(process.env), workerEntry };
}

/** The repository's REST API. */
export function connect({ runner, context }: Job, token: string): GitHub {
  runner.mask(token);
  const { owner, repo, apiUrl } = context;
  return new GitHub({ token, owner, repo, apiUrl, clock: systemClock, logger: runner });
}

/** History on its branch, models in releases. */
export function historyOn(github: GitHub, ledgerRef: string): HistoryPorts {
  return { ledger: ledgerBranch(github, ledgerRef), releases: githubReleases(github) };
}

/**
 * Which question the event asks.
 * @throws UserError EVENT_INVALID for events that ask none
 */
export function questionOf({ event, defaultBranch }: RunContext): Plan['question'] {
  switch (event.kind) {
    case 'pull-request':
    case 'merge-group':
      return 'merge';
    case 'schedule':
      return 'promote';
    case 'push':
      if (event.tag === null) return event.onDefaultBranch ? 'promote' : 'merge';
      break;
    case 'workflow-dispatch':
      return event.onDefaultBranch ? 'promote' : 'merge';
    default:
  }
  throw new UserError({
    code: 'EVENT_INVALID',
    message: `the event ${event.kind} asks nothing of the factory`,
    fix: `Start the workflow on: pull_request, merge_group, push to ${defaultBranch}, schedule or workflow_dispatch.`,
  });
}

/**
 * The commit that a change is compared with: in a pull request the first parent of the merge commit under test, in a
 * merge queue its base, elsewhere where the default branch was left. Null where the question needs none.
 */
export async function baseOf({ event, defaultBranch }: RunContext, git: Git): Promise<string | null> {
  switch (event.kind) {
    case 'pull-request':
      return (await isMergeCommit(git)) ? git.firstParent('HEAD') : git.mergeBase('HEAD', event.baseSha);
    case 'merge-group':
      return event.baseSha;
    case 'push':
    case 'workflow-dispatch':
      return event.onDefaultBranch ? null : git.mergeBase('HEAD', `origin/${defaultBranch}`);
    default:
      return null;
  }
}

async function isMergeCommit(git: Git): Promise<boolean> {
  return (await git.resolve('HEAD^2')) !== null;
}

export function identityOf({ runId, runAttempt, runUrl, event }: RunContext): RunIdentity {
  return { id: runId, attempt: runAttempt, url: runUrl, event: event.kind };
}

/** Ports of a job: progress as lines of the log. */
export function portsOf(job: Job, history: HistoryPorts | null, threads: number | null): FactoryPorts {
  const { runner, context, workerEntry } = job;
  return {
    logger: runner,
    progress: {
      update: () => undefined,
      finished: (candidate) => runner.info(`trained ${candidate}`),
      end: () => undefined,
    },
    workers: { threads: threads ?? availableParallelism(), entry: workerEntry },
    environment: environmentOf(process),
    now: () => new Date(),
    history,
    run: identityOf(context),
  };
}

/** Absolute path of the configuration in the workspace. */
export function configFileOf({ workspace }: RunContext, workingDirectory: string, config: string): string {
  return resolve(workspace, workingDirectory, config);
}
