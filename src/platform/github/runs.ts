import { orNull, type GitHub } from './client.ts';

/** A workflow run of the repository. */
export interface WorkflowRun {
  /** Why it ran, in GitHub's words: `push`, `pull_request`, … */
  readonly event: string;
  /** Null where GitHub doesn't know it any more. */
  readonly branch: string | null;
  /** `owner/name` that the branch is in: another one's for a fork's pull request. */
  readonly repository: string;
}

/**
 * A run by its id, or null where there is none.
 * @throws UserError PERMISSION_MISSING without `actions: read`
 */
export async function readRun(github: GitHub, id: number): Promise<WorkflowRun | null> {
  const purpose = { what: `read run ${id}`, permission: 'actions: read' };
  const found = await orNull(() =>
    github.repeat(purpose, ({ rest }) => rest.actions.getWorkflowRun({ ...github.place, run_id: id })),
  );
  if (found === null) return null;
  const { event, head_branch: branch, head_repository: head } = found;
  return { event, branch, repository: head.full_name };
}
