import type { RepositoryState } from '../simulator/state.ts';

/** The part of a payload that every event has. */
function common({ owner, name, fullName }: RepositoryState) {
  return {
    repository: { full_name: fullName, name, owner: { login: owner }, default_branch: 'main' },
    sender: { login: 'maria' },
  };
}

export interface PullRequestFacts {
  readonly number: number;
  readonly head: { readonly ref: string; readonly sha: string; readonly repository?: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

/** Payload of `pull_request`, action `synchronize`. */
export function pullRequestEvent(repository: RepositoryState, { number, head, base }: PullRequestFacts) {
  const headRepository = head.repository ?? repository.fullName;
  return {
    ...common(repository),
    action: 'synchronize',
    number,
    pull_request: {
      number,
      head: { ref: head.ref, sha: head.sha, repo: { full_name: headRepository } },
      base: { ref: base.ref, sha: base.sha, repo: { full_name: repository.fullName } },
    },
  };
}

/** Payload of `push` to a branch. */
export function pushEvent(repository: RepositoryState, branch: string, before: string, after: string) {
  return { ...common(repository), ref: `refs/heads/${branch}`, before, after, head_commit: { id: after } };
}

/** Payload of `workflow_dispatch` on a branch. */
export function dispatchEvent(
  repository: RepositoryState,
  branch: string,
  inputs: Readonly<Record<string, string>> = {},
) {
  return { ...common(repository), ref: `refs/heads/${branch}`, inputs };
}

/** Payload of `merge_group`, action `checks_requested`. */
export function mergeGroupEvent(repository: RepositoryState, baseSha: string, headSha: string) {
  const head_ref = `refs/heads/gh-readonly-queue/main/pr-7-${baseSha}`;
  const merge_group = { head_sha: headSha, head_ref, base_sha: baseSha, base_ref: 'refs/heads/main' };
  return { ...common(repository), action: 'checks_requested', merge_group };
}

/** Payload of `release`. */
export function releaseEvent(repository: RepositoryState, action: string, tag: string) {
  return { ...common(repository), action, release: { tag_name: tag, draft: false, prerelease: false } };
}

/** Payload of `push` of a tag; `after` is the tag's own object. */
export function pushTagEvent(repository: RepositoryState, tag: string) {
  const after = repository.git.resolve(`refs/tags/${tag}`) ?? '';
  const commit = repository.git.resolve(`refs/tags/${tag}^{commit}`) ?? '';
  const none = '0'.repeat(40);
  return { ...common(repository), ref: `refs/tags/${tag}`, before: none, after, head_commit: { id: commit } };
}
