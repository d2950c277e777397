import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '../../platform/clock.ts';
import { GitHub } from '../../platform/github/client.ts';
import { readRunContext, type RunContext } from '../../platform/github/event.ts';
import { githubReleases } from '../../platform/github/release-store.ts';
import { ledgerBranch } from '../../platform/ledger-branch.ts';
import type { Runner } from '../../platform/runner.ts';
import { environmentOf } from '../environment.ts';
import { progressLines } from '../progress.ts';
import type { FactoryPorts, HistoryPorts, RunIdentity } from '../ports.ts';

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
  const place = { kind: 'remote', remote: 'origin', ref: ledgerRef } as const;
  return { place, ledger: ledgerBranch(github, ledgerRef), releases: githubReleases(github) };
}

export function identityOf({ runId, runAttempt, runUrl, event }: RunContext): RunIdentity {
  return { id: runId, attempt: runAttempt, url: runUrl, event: event.kind };
}

/** Ports of a job: progress as lines of the log. */
export function portsOf(job: Job, history: HistoryPorts | null, threads: number | null): FactoryPorts {
  const { runner, context, workerEntry } = job;
  return {
    logger: runner,
    progress: progressLines((line) => runner.info(line), systemClock.monotonicMs),
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
