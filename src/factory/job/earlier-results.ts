import type { Plan } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { Git } from '../../platform/git.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { newestRuns } from '../../platform/github/runs.ts';
import type { CachePlace, ResultCache } from '../cache/take.ts';
import { takeOverResults } from './artifacts.ts';
import { isBelievable } from './cache-trust.ts';
import type { Job } from './job.ts';

export interface EarlierRequest {
  readonly github: GitHub;
  readonly token: string;
  /** Value of the input `cache`. */
  readonly mode: 'true' | 'false';
  /** Commit that the change is compared with; null on the default branch. */
  readonly base: string | null;
}

/** So many runs with results are looked through; each costs a download. */
const mostRuns = 5;

/** Who starts a run by hand wants to see it train. */
const automatic = new Set(['pull-request', 'merge-group', 'push', 'schedule']);

/** Results of earlier runs of the job's workflow; null where a person started it, and on servers without artifacts. */
export function earlierResults(job: Job, request: EarlierRequest): ResultCache | null {
  if (request.mode === 'false') return null;
  const { isEnterpriseServer, event, workflowFile } = job.context;
  if (isEnterpriseServer || !automatic.has(event.kind) || workflowFile === null) return null;
  return { store: null, earlier: (plan) => placesOf(job, workflowFile, request, plan) };
}

async function* placesOf(
  job: Job,
  workflowFile: string,
  { github, token, base }: EarlierRequest,
  { model, configFile }: Plan,
): AsyncGenerator<CachePlace> {
  const { owner, repo, defaultBranch, runId, workspace } = job.context;
  const git = new Git(workspace);
  const tip = tipOf(job);
  const believer = { repository: `${owner}/${repo}`, defaultBranch, tip, base: base ?? tip, configFile };
  let looked = 0;
  try {
    for (const run of await newestRuns(github, workflowFile)) {
      if (String(run.id) === runId || !(await isBelievable(run, believer, git))) continue;
      const folder = await takeOverResults(job, token, { runId: run.id, model });
      if (folder === null) continue;
      yield { from: `run ${run.id}`, folderOf: () => folder };
      if (++looked === mostRuns) return;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell(job, error);
  }
}

/** Of a pull request the head, because what was checked out is a merge that GitHub made. */
function tipOf({ context: { event, sha } }: Job): string {
  return event.kind === 'pull-request' || event.kind === 'merge-group' ? event.headSha : sha;
}

/** Training instead is never an error. */
function tell({ runner }: Job, { code, message, fix }: UserError): void {
  const text = `Results of earlier runs are not used: ${message}.`;
  if (code === 'PERMISSION_MISSING') runner.annotate('notice', 'Model Factory', `${text} ${fix}`);
  else runner.info(text);
}
