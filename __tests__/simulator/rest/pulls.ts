import type { Json } from '../schema.ts';
import type { Pull, RepositoryState } from '../state.ts';
import { changedFiles } from './repositories.ts';
import { notFound, type Operations } from './operation.ts';

function showPull(pull: Pull, repository: RepositoryState): Json {
  const { number, title, state, merged, head, base, user } = pull;
  const owner = (name: string) => name.split('/')[0] ?? '';
  const of = (name: string) => ({
    full_name: name,
    name: name.split('/')[1] ?? '',
    owner: { login: owner(name) },
  });
  return {
    id: number,
    number,
    title,
    state,
    merged,
    user: { ...user },
    body: null,
    merge_commit_sha: null,
    head: {
      ref: head.ref,
      sha: head.sha,
      label: `${owner(head.repository)}:${head.ref}`,
      repo: of(head.repository),
      user: { login: owner(head.repository) },
    },
    base: {
      ref: base.ref,
      sha: base.sha,
      label: `${repository.owner}:${base.ref}`,
      repo: of(repository.fullName),
      user: { login: repository.owner },
    },
    html_url: `https://github.com/${repository.fullName}/pull/${number}`,
  };
}

function findPull(repository: RepositoryState, number: string | undefined): Pull {
  const pull = repository.pulls.find((candidate) => candidate.number === Number(number));
  if (pull === undefined) throw notFound();
  return pull;
}

export const pulls: Operations = {
  'pulls/get': ({ repository, path }) => ({
    status: 200,
    body: showPull(findPull(repository, path.pull_number), repository),
  }),
  'pulls/list': ({ repository, query }) => {
    const { state = 'open', head, base } = query;
    const found = repository.pulls.filter(
      (pull) =>
        (state === 'all' || pull.state === state) &&
        (head === undefined || `${pull.head.repository.split('/')[0] ?? ''}:${pull.head.ref}` === head) &&
        (base === undefined || pull.base.ref === base),
    );
    return { status: 200, body: found.reverse().map((pull) => showPull(pull, repository)) };
  },
  'pulls/list-files': ({ repository, path }) => {
    const { base, head } = findPull(repository, path.pull_number);
    return { status: 200, body: changedFiles(repository, base.sha, head.sha) };
  },
  'repos/list-pull-requests-associated-with-commit': ({ repository, path }) => ({
    status: 200,
    body: repository.pulls
      .filter(({ head }) => head.sha === path.commit_sha && head.repository === repository.fullName)
      .map((pull) => showPull(pull, repository)),
  }),
};
