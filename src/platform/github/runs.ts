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

/** A run among others of the same workflow. */
export interface EarlierRun extends WorkflowRun {
  readonly id: number;
  /** Of a pull request the head of its branch, not the merge commit that was tested. */
  readonly headSha: string;
  /** Tree of that commit; null where GitHub doesn't say. */
  readonly treeId: string | null;
}

/** So many of the newest runs are looked at. */
const newest = 50;

/**
 * The newest runs of a workflow, whatever became of them, newest first.
 * @throws UserError PERMISSION_MISSING without `actions: read`
 */
export async function newestRuns(github: GitHub, workflowFile: string): Promise<EarlierRun[]> {
  const purpose = { what: `list the runs of ${workflowFile}`, permission: 'actions: read' };
  const found = await orNull(() =>
    github.repeat(purpose, ({ rest }) =>
      rest.actions.listWorkflowRuns({
        ...{ ...github.place, workflow_id: workflowFile, per_page: newest, exclude_pull_requests: true },
      }),
    ),
  );
  return (found?.workflow_runs ?? []).map((run) => ({
    id: run.id,
    event: run.event,
    branch: run.head_branch,
    // A deleted fork has no repository any more, whatever the description of the API says.
    repository: nameOf(run.head_repository),
    headSha: run.head_sha,
    treeId: run.head_commit?.tree_id ?? null,
  }));
}

function nameOf(repository: { readonly full_name: string } | null): string {
  return repository?.full_name ?? '';
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
