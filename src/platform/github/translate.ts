import { UserError } from '../../errors/user-error.ts';
import type { Purpose } from './client.ts';
import type { Failure, Refusal } from './failures.ts';

/** The token is refused: which line the job lacks, and why a fork's job can't have it. */
export function forbidden({ what, permission, forbidden: code }: Purpose, refusal: Refusal): UserError {
  if (refusal.status === 401) {
    return new UserError({
      code: 'PERMISSION_MISSING',
      message: `could not ${what}: GitHub does not accept the token (401)`,
      fix: 'Leave the input `github-token` at its default, or pass a token that has not expired.',
      cause: refusal,
    });
  }
  return new UserError({
    code: code ?? 'PERMISSION_MISSING',
    message: `could not ${what}: GitHub refused (${refusal.message})`,
    fix: otherReason(refusal.message) ?? lacking(permission, refusal),
    cause: refusal,
  });
}

function lacking(permission: string, { accepted }: Refusal): string {
  const granted = accepted.length > 0 ? ` GitHub would accept: ${accepted.join(' or ')}.` : '';
  const forks = /^(issues|pull-requests): write$/.test(permission) ? notForForks : '';
  return `Add to the job: permissions: { ${permission} }.${granted}${forks}`;
}

const notForForks =
  ' In a pull request from a fork the token can only read, whatever the workflow says; ' +
  'there the summary of the job holds the report.';

/** Refusals that no permission of the job would mend, by GitHub's words. */
function otherReason(message: string): string | null {
  if (/\blocked\b/i.test(message))
    return 'Unlock the conversation; until then the job summary holds the report.';
  if (/\barchived\b/i.test(message)) return 'Unarchive the repository: an archived one can only be read.';
  if (/IP allow list/i.test(message))
    return "Add the runner's address to the organisation's IP allow list, or use a runner that is on it.";
  return null;
}

/** Repeating didn't help. */
export function unavailable(
  { what }: Purpose,
  { message, cause }: Extract<Failure, { kind: 'unclear' }>,
  attempts: number,
): UserError {
  return new UserError({
    code: 'GITHUB_UNAVAILABLE',
    message: `could not ${what}: GitHub failed ${attempts} times (${message})`,
    fix: 'Run the job again; https://www.githubstatus.com tells whether GitHub has trouble.',
    cause,
  });
}

/** The limit lasts longer than is reasonable to wait. */
export function limitReached(
  { what }: Purpose,
  { message, until }: Extract<Failure, { kind: 'limited' }>,
): UserError {
  const time = new Date(until).toISOString().slice(0, 19).replace('T', ' ');
  return new UserError({
    code: 'RATE_LIMITED',
    message: `could not ${what}: GitHub takes no more requests until ${time} UTC (${message})`,
    fix: 'Run the job again after that time, or pass a token of a GitHub App, which has a limit of its own.',
  });
}
