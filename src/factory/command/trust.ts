import { isCommandSource } from '../../config/data-source.ts';
import type { Config } from '../../config/schema.ts';
import type { Plan } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { mayPush } from '../../platform/github/push-access.ts';
import type { Job } from '../job/job.ts';

/** @throws UserError COMMAND_REFUSED for candidates that are programs; see `refuseUntrusted` */
export async function refuseUntrustedPrograms(
  job: Job,
  { candidates }: Pick<Plan, 'candidates'>,
  token: string,
): Promise<void> {
  const programs = candidates.filter(({ program }) => program !== undefined);
  await refuseUntrusted(
    job,
    programs.map(({ name }) => name),
    token,
  );
}

/** @throws UserError COMMAND_REFUSED for a program that fetches the data; see `refuseUntrusted` */
export async function refuseUntrustedSource(
  job: Job,
  { data: { source } }: Pick<Config, 'data'>,
  token: string,
): Promise<void> {
  await refuseUntrusted(job, isCommandSource(source) ? ['data.source'] : [], token);
}

/**
 * A pull request's programs are code that nobody has reviewed, and a program can read the memory of the process that
 * started it: it may not run beside a token that can write.
 */
async function refuseUntrusted({ context }: Job, names: readonly string[], token: string): Promise<void> {
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
