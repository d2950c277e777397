import type { Json } from '../schema.ts';
import { checkProtection, resolve, showCommit } from './git-data.ts';
import { ApiError, notFound, type Call, type Operations, type Reply } from './operation.ts';

/** Above this size GitHub shows a file's facts without its content. */
const largestInline = 1 << 20;

function showFile(path: string, sha: string, size: number): Record<string, Json> {
  const nowhere = { url: 'https://example.test/', git_url: null, html_url: null, download_url: null };
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    type: 'file',
    name,
    path,
    sha,
    size,
    ...nowhere,
    _links: { self: nowhere.url, git: null, html: null },
  };
}

function getContent({ repository, path, query, headers }: Call<'repos/get-content'>): Reply {
  const { git } = repository;
  const file = (path.path ?? '').replace(/\/$/, '');
  const revision = resolve(repository, `${query.ref ?? 'HEAD'}^{commit}`);
  const sha = git.resolve(`${revision}:${file}`);
  if (sha === null) throw notFound();
  if (git.type(sha) === 'tree') {
    const entries = git.tree(sha, false).map((entry) => ({
      ...showFile(file === '' ? entry.path : `${file}/${entry.path}`, entry.sha, entry.size ?? 0),
      type: entry.type === 'tree' ? 'dir' : 'file',
    }));
    return { status: 200, body: entries };
  }
  const content = git.readBlob(sha);
  if (/\braw\b/.test(headers.accept ?? '')) {
    return {
      status: 200,
      bytes: content,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  }
  const inline = content.length <= largestInline;
  const shown = { encoding: inline ? 'base64' : 'none', content: inline ? content.toString('base64') : '' };
  return { status: 200, body: { ...showFile(file, sha, content.length), ...shown } };
}

function change(
  {
    repository,
    path,
    body,
    identity,
  }: Call<'repos/create-or-update-file-contents'> | Call<'repos/delete-file'>,
  content: Buffer | null,
): { commit: Json; sha: string | null; existed: boolean; file: string } {
  const { git } = repository;
  const file = path.path ?? '';
  const ref = `refs/heads/${body.branch ?? 'main'}`;
  const head = git.resolve(ref);
  if (head === null) throw new ApiError(404, `Branch ${body.branch ?? 'main'} not found`);
  const old = git.resolve(`${head}:${file}`);
  if (old !== (body.sha ?? null)) throw new ApiError(409, `${file} does not match ${body.sha ?? 'nothing'}`);
  checkProtection(repository, ref, identity, 'update');
  const sha = content === null ? null : git.writeBlob(content);
  const tree = git.writeTree(head, [{ mode: '100644', path: file, sha }]);
  const commit = git.writeCommit(tree, [head], body.message);
  git.updateRef(ref, commit, head);
  return { commit: showCommit(git.commit(commit)), sha, existed: old !== null, file };
}

export const contents: Operations = {
  'repos/get-content': getContent,
  'repos/create-or-update-file-contents': (call) => {
    const content = Buffer.from(call.body.content, 'base64');
    const { commit, sha, existed, file } = change(call, content);
    const body = { commit, content: showFile(file, sha ?? '', content.length) };
    return { status: existed ? 200 : 201, body };
  },
  'repos/delete-file': (call) => {
    const { commit } = change(call, null);
    return { status: 200, body: { commit, content: null } };
  },
};
