import { UserError } from '../../errors/user-error.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { readRun } from '../../platform/github/runs.ts';
import type { Job } from './job.ts';

/** Events on which the default branch's own workflow asks its question. */
export const defaultBranchEvents: ReadonlySet<string> = new Set(['push', 'schedule', 'workflow_dispatch']);

/**
 * Makes sure that an earlier run judged the default branch. The artifacts of any other run are what its branch, or a
 * stranger's fork, wants them to be: nothing of them may be published.
 * @throws UserError ARGUMENT_INVALID, PERMISSION_MISSING without `actions: read`
 */
export async function requireDefaultBranchRun({ context }: Job, github: GitHub, id: number): Promise<void> {
  const run = await readRun(github, id);
  if (run === null) throw refusal(`there is no run ${id} in this repository`);
  const { owner, repo, defaultBranch } = context;
  const isOwn = run.repository.toLowerCase() === `${owner}/${repo}`.toLowerCase();
  if (isOwn && run.branch === defaultBranch && defaultBranchEvents.has(run.event)) return;
  throw refusal(`run ${id} ran on ${run.event} for ${run.branch ?? 'no branch'} of ${run.repository}`);
}

function refusal(message: string): UserError {
  return new UserError({
    code: 'ARGUMENT_INVALID',
    message,
    at: { name: 'from-run' },
    fix: 'Name a run of the default branch, by push, schedule or workflow_dispatch: its number stands in the address of the run.',
  });
}
