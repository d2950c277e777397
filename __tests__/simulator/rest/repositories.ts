import type { CommitFacts } from '../git.ts';
import type { Json } from '../schema.ts';
import type { RepositoryState } from '../state.ts';
import { resolve } from './git-data.ts';
import { notFound, type Call, type Operations, type Reply } from './operation.ts';

function showCommit({ sha, tree, parents, message, author }: CommitFacts): Json {
  const person = { ...author };
  return {
    sha,
    commit: { message, tree: { sha: tree }, author: person, committer: person },
    author: null,
    committer: null,
    parents: parents.map((parent) => ({ sha: parent })),
  };
}

/** Commits that `range` selects, newest first. */
function commits(repository: RepositoryState, range: readonly string[]): CommitFacts[] {
  const shas = repository.git.text(['rev-list', ...range]).split('\n');
  return shas.filter(Boolean).map((sha) => repository.git.commit(sha));
}

function compare({ repository, path }: Call<'repos/compare-commits-with-basehead'>): Reply {
  const [baseName = '', headName = ''] = (path.basehead ?? '').split('...');
  const base = resolve(repository, `${baseName}^{commit}`);
  const head = resolve(repository, `${headName}^{commit}`);
  const merge = repository.git.text(['merge-base', base, head]);
  const ahead = commits(repository, [`${base}..${head}`]);
  const behind = commits(repository, [`${head}..${base}`]);
  const status =
    ahead.length === 0
      ? behind.length === 0
        ? 'identical'
        : 'behind'
      : behind.length === 0
        ? 'ahead'
        : 'diverged';
  const body = {
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    base_commit: showCommit(repository.git.commit(base)),
    merge_base_commit: showCommit(repository.git.commit(merge)),
    commits: ahead.reverse().map(showCommit),
    files: changedFiles(repository, merge, head),
  };
  return { status: 200, body };
}

/** Files that differ between two commits, as comparisons and pull requests list them. */
export function changedFiles(repository: RepositoryState, base: string, head: string): Json[] {
  const words = { A: 'added', D: 'removed', M: 'modified' } as const;
  const output = repository.git.text(['diff', '--name-status', '--no-renames', base, head]);
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [letter = '', filename = ''] = line.split('\t');
      const status = letter === 'A' || letter === 'D' ? words[letter] : words.M;
      return { sha: repository.git.resolve(`${head}:${filename}`), filename, status };
    });
}

export const repositories: Operations = {
  'repos/get': ({ repository, urls }) => ({
    status: 200,
    body: {
      name: repository.name,
      full_name: repository.fullName,
      owner: { login: repository.owner },
      default_branch: 'main',
      private: false,
      clone_url: `${urls.api}/${repository.fullName}.git`,
    },
  }),
  'repos/get-collaborator-permission-level': ({ repository, path }) => {
    const permission = repository.collaborators.get(path.username ?? '') ?? 'none';
    return { status: 200, body: { permission, role_name: permission, user: null } };
  },
  'repos/list-branches': ({ repository }) => ({
    status: 200,
    body: repository.git.refs('refs/heads/').map(({ ref, sha }) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha },
      protected: false,
    })),
  }),
  'repos/get-branch': ({ repository, path }) => {
    const name = path.branch ?? '';
    const sha = repository.git.resolve(`refs/heads/${name}`);
    if (sha === null) throw notFound();
    const isProtected = repository.protectionOf(`refs/heads/${name}`, '')?.status === 403;
    const commit = showCommit(repository.git.commit(sha));
    return { status: 200, body: { name, commit, protected: isProtected } };
  },
  'repos/get-branch-rules': ({ repository, path }) => {
    const protection = repository.protectionOf(`refs/heads/${path.branch ?? ''}`, '');
    const ruleset = { ruleset_source_type: 'Repository', ruleset_source: repository.fullName, ruleset_id: 1 };
    const covered = protection !== undefined && protection.status !== 403;
    return { status: 200, body: covered ? [{ type: 'update', ...ruleset }] : [] };
  },
  'repos/get-repo-rulesets': ({ repository, query }) => ({
    status: 200,
    body: repository.protections
      .filter(({ pattern }) => query.targets !== 'tag' || pattern.startsWith('refs/tags/'))
      .map(({ pattern }, index) => ({
        ...{ id: index + 1, name: pattern, source: repository.fullName, source_type: 'Repository' },
        enforcement: 'active',
      })),
  }),
  'repos/list-tags': ({ repository }) => ({
    status: 200,
    body: repository.git.refs('refs/tags/').map(({ ref }) => ({
      name: ref.slice('refs/tags/'.length),
      commit: { sha: resolve(repository, `${ref}^{commit}`) },
    })),
  }),
  'repos/get-commit': ({ repository, path }) => {
    const sha = resolve(repository, `${path.ref ?? ''}^{commit}`);
    return { status: 200, body: showCommit(repository.git.commit(sha)) };
  },
  'repos/list-commits': ({ repository, query }) => {
    const start = resolve(repository, `${query.sha ?? 'HEAD'}^{commit}`);
    const range = query.path === undefined ? [start] : [start, '--', query.path];
    return { status: 200, body: commits(repository, range).map(showCommit) };
  },
  'repos/compare-commits-with-basehead': compare,
};
