import type { Plan } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { mayPush } from '../../platform/github/push-access.ts';
import type { Job } from '../job/job.ts';

/**
 * A pull request's programs are code that nobody has reviewed, and a program can read the memory of the process that
 * started it: it may not run beside a token that can write.
 * @throws UserError COMMAND_REFUSED
 */
export async function refuseUntrustedPrograms(
  { context }: Job,
  { candidates }: Pick<Plan, 'candidates'>,
  token: string,
): Promise<void> {
  const names = candidates.filter(({ program }) => program !== undefined).map(({ name }) => name);
  if (context.event.kind !== 'pull-request' || names.length === 0) return;
  const { serverUrl, owner, repo } = context;
  if (!(await mayPush({ token, serverUrl, owner, repo, clock: systemClock }))) return;
  throw new UserError({
    code: 'COMMAND_REFUSED',
    message: `this pull request would run programs (${names.join(', ')}) beside a token that can write to the repository`,
    fix:
      'Give the job of pull requests its own permissions: { contents: read, pull-requests: write }, and contents: write ' +
      'only to the job of the default branch, as in docs/command-candidates.md.',
  });
}
