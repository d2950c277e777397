import type { CommitFacts } from '../git.ts';
import type { Json } from '../schema.ts';
import type { RepositoryState } from '../state.ts';
import type { Identity } from '../tokens.ts';
import { ApiError, notFound, type Call, type Operations, type Reply } from './operation.ts';

/** The object a revision names; 404 without one, 409 in a repository without commits. */
export function resolve(repository: RepositoryState, revision: string): string {
  const sha = repository.git.resolve(revision);
  if (sha !== null) return sha;
  if (repository.git.refs('refs/').length === 0) throw new ApiError(409, 'Git Repository is empty.');
  throw notFound();
}

/** Throws as GitHub does when a ruleset or a protected branch covers the ref. */
export function checkProtection(
  repository: RepositoryState,
  ref: string,
  identity: Identity,
  verb: string,
): void {
  const protection = repository.protectionOf(ref, identity.login);
  if (protection === undefined) return;
  const detail =
    verb === 'create'
      ? 'Cannot create ref due to creations being restricted.'
      : `Cannot ${verb} this protected ref.`;
  throw new ApiError(protection.status ?? 422, `Repository rule violations found\n\n${detail}\n\n`);
}

function objectOf(repository: RepositoryState, sha: string, types: readonly string[], what: string): string {
  const type = repository.git.type(sha);
  if (type === null || !types.includes(type)) throw new ApiError(422, `${what} does not exist`);
  return sha;
}

function showRef(repository: RepositoryState, ref: string, sha: string): Json {
  return { ref, object: { sha, type: repository.git.type(sha) } };
}

/** A commit as the Git Data API shows it. */
export function showCommit({ sha, tree, parents, message, author }: CommitFacts): Json {
  const person = { ...author };
  return {
    sha,
    message,
    tree: { sha: tree },
    parents: parents.map((parent) => ({ sha: parent })),
    author: person,
    committer: person,
  };
}

function showTree(repository: RepositoryState, sha: string, recursive: boolean): Json {
  const tree = repository.git.tree(sha, recursive).map((entry) => ({ ...entry }));
  return { sha, truncated: false, tree };
}

function createTree({ repository, body }: Call<'git/create-tree'>): Reply {
  const { git } = repository;
  const base = body.base_tree === undefined ? null : (git.resolve(`${body.base_tree}^{tree}`) ?? null);
  if (body.base_tree !== undefined && base === null) throw new ApiError(404, 'base_tree not found');
  const changes = body.tree.map(({ path = '', mode = '100644', sha, content }) => {
    const blob = content === undefined ? sha : git.writeBlob(Buffer.from(content));
    if (blob === undefined) throw new ApiError(422, 'Must supply either tree.sha or tree.content');
    if (typeof blob === 'string' && git.type(blob) === null) throw new ApiError(422, 'tree.sha is not valid');
    return { mode, path, sha: blob };
  });
  return { status: 201, body: showTree(repository, git.writeTree(base, changes), false) };
}

function createTag({ repository, body, identity }: Call<'git/create-tag'>): Reply {
  const { git } = repository;
  objectOf(repository, body.object, [body.type], 'Object');
  const name = body.tagger?.name ?? identity.login.replaceAll(/[<>]/g, '');
  const email = body.tagger?.email ?? 'noreply@example.test';
  const seconds = Math.floor(Date.parse(body.tagger?.date ?? '2026-01-01T00:00:00Z') / 1000);
  const lines = [
    `object ${body.object}`,
    `type ${body.type}`,
    `tag ${body.tag}`,
    `tagger ${name} <${email}> ${seconds} +0000`,
    '',
    body.message,
  ];
  const sha = git.text(['mktag'], `${lines.join('\n')}\n`);
  return { status: 201, body: showTag(repository, sha) };
}

function showTag(repository: RepositoryState, sha: string): Json {
  const text = repository.git.run(['cat-file', 'tag', sha]).toString();
  const [head = '', ...rest] = text.split('\n\n');
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const tagger = /^(.*) <(.*)> (\d+)/.exec(field('tagger'));
  return {
    sha,
    tag: field('tag'),
    message: rest.join('\n\n').trimEnd(),
    object: { sha: field('object'), type: field('type') },
    tagger: {
      name: tagger?.[1] ?? '',
      email: tagger?.[2] ?? '',
      date: new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString(),
    },
  };
}

export const gitData: Operations = {
  'git/get-ref': ({ repository, path }) => {
    const ref = `refs/${path.ref ?? ''}`;
    const found = repository.git.refs(ref).find((candidate) => candidate.ref === ref);
    if (found === undefined) throw repository.git.refs('refs/').length === 0 ? empty() : notFound();
    return { status: 200, body: showRef(repository, ref, found.sha) };
  },
  'git/list-matching-refs': ({ repository, path }) => ({
    status: 200,
    body: repository.git
      .refs(`refs/${path.ref ?? ''}`)
      .map(({ ref, sha, type }) => ({ ref, object: { sha, type } })),
  }),
  'git/create-ref': ({ repository, body, identity }) => {
    const { ref, sha } = body;
    if (!/^refs\/[^/]+\/.+/.test(ref)) throw new ApiError(422, "Reference name must start with 'refs/'.");
    objectOf(repository, sha, ['commit', 'tag'], 'Object');
    if (repository.git.resolve(ref) !== null) throw new ApiError(422, 'Reference already exists');
    checkProtection(repository, ref, identity, 'create');
    repository.git.updateRef(ref, sha, null);
    return { status: 201, body: showRef(repository, ref, sha) };
  },
  'git/update-ref': ({ repository, path, body, identity }) => {
    const ref = `refs/${path.ref ?? ''}`;
    const old = repository.git.resolve(ref);
    if (old === null) throw new ApiError(422, 'Reference does not exist');
    objectOf(repository, body.sha, ['commit', 'tag'], 'Object');
    checkProtection(repository, ref, identity, 'update');
    if (body.force !== true && !repository.git.isAncestor(old, body.sha)) {
      throw new ApiError(422, 'Update is not a fast forward');
    }
    repository.git.updateRef(ref, body.sha, old);
    return { status: 200, body: showRef(repository, ref, body.sha) };
  },
  'git/delete-ref': ({ repository, path, identity }) => {
    const ref = `refs/${path.ref ?? ''}`;
    if (repository.git.resolve(ref) === null) throw new ApiError(422, 'Reference does not exist');
    checkProtection(repository, ref, identity, 'delete');
    repository.git.run(['update-ref', '-d', ref]);
    return { status: 204 };
  },
  'git/create-blob': ({ repository, body }) => {
    const content = Buffer.from(body.content, body.encoding === 'base64' ? 'base64' : 'utf8');
    return { status: 201, body: { sha: repository.git.writeBlob(content) } };
  },
  'git/get-blob': ({ repository, path }) => {
    const sha = path.file_sha ?? '';
    if (repository.git.type(sha) !== 'blob') throw notFound();
    const content = repository.git.readBlob(sha);
    const body = { sha, size: content.length, encoding: 'base64', content: content.toString('base64') };
    return { status: 200, body };
  },
  'git/create-tree': createTree,
  'git/get-tree': ({ repository, path, query }) => {
    const sha = resolve(repository, `${path.tree_sha ?? ''}^{tree}`);
    return { status: 200, body: showTree(repository, sha, query.recursive !== undefined) };
  },
  'git/create-commit': ({ repository, body, now }) => {
    objectOf(repository, body.tree, ['tree'], 'Tree SHA');
    for (const parent of body.parents ?? []) objectOf(repository, parent, ['commit'], 'Parent SHA');
    const { name, email, date } = body.author ?? { name: 'github-actions[bot]', email: 'bot@example.test' };
    const sha = repository.git.writeCommit(body.tree, body.parents ?? [], body.message, {
      name,
      email,
      date: date ?? now,
    });
    return { status: 201, body: showCommit(repository.git.commit(sha)) };
  },
  'git/get-commit': ({ repository, path }) => {
    const sha = path.commit_sha ?? '';
    if (repository.git.type(sha) !== 'commit') throw notFound();
    return { status: 200, body: showCommit(repository.git.commit(sha)) };
  },
  'git/create-tag': createTag,
  'git/get-tag': ({ repository, path }) => {
    const sha = path.tag_sha ?? '';
    if (repository.git.type(sha) !== 'tag') throw notFound();
    return { status: 200, body: showTag(repository, sha) };
  },
};

function empty(): ApiError {
  return new ApiError(409, 'Git Repository is empty.');
}
