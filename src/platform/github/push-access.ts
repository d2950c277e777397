import { UserError } from '../../errors/user-error.ts';
import { backoffMs, type Clock } from '../clock.ts';

export interface PushQuestion {
  readonly token: string;
  readonly serverUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly clock: Clock;
}

const mostAttempts = 4;
const timeoutMs = 30_000;

/**
 * Whether a token may write the repository's contents, without writing anything: git's first question of every push,
 * "which refs are there?", is answered only to those who may push. The REST API can't be asked: what it calls the
 * permissions of a repository are a user's, and the token of a job belongs to none.
 * @throws UserError GITHUB_UNAVAILABLE
 */
export async function mayPush({ token, serverUrl, owner, repo, clock }: PushQuestion): Promise<boolean> {
  const address = `${serverUrl}/${owner}/${repo}.git/info/refs?service=git-receive-pack`;
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  let last = '';
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    try {
      const headers = { authorization: `Basic ${credentials}`, 'user-agent': 'model-factory' };
      const answer = await fetch(address, { headers, signal: AbortSignal.timeout(timeoutMs) });
      await answer.body?.cancel();
      if (answer.ok) return true;
      if ([401, 403, 404].includes(answer.status)) return false;
      last = `status ${answer.status}`;
    } catch (error) {
      last = String(error);
    }
    if (attempt < mostAttempts) await clock.sleep(backoffMs(attempt, clock.random()));
  }
  throw new UserError({
    code: 'GITHUB_UNAVAILABLE',
    message: `could not learn what the token may do (${last})`,
    fix: 'Run the job again.',
  });
}
