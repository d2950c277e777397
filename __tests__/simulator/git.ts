import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatTree,
  isSha,
  LooseObjects,
  parseCommit,
  parseTree,
  type GitObject,
  type TreeLine,
} from './objects.ts';

/** One entry of a git tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly path: string;
  /** Bytes, for blobs. */
  readonly size?: number;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: { name: string; email: string; date: string };
}

/** What git said when a command failed. */
export class GitFailure extends Error {}

const settings = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
[core]
	logAllRefUpdates = false
`;

/** A person and a moment as they stand in a commit. */
function signature({ name, email, date }: CommitFacts['author']): string {
  const [, hours, minutes] = /([+-]\d\d):(\d\d)$/.exec(date) ?? [];
  const zone = hours === undefined ? '+0000' : `${hours}${minutes}`;
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${zone}`;
}

interface Change {
  readonly mode: string;
  readonly sha: string | null;
  readonly path: string;
}

/** A bare repository on disk, driven through the git command line; what is asked most is read and written without it. */
export class BareRepository {
  readonly directory: string;
  private readonly loose: LooseObjects;

  constructor(directory: string) {
    this.directory = directory;
    this.loose = new LooseObjects(directory);
    if (existsSync(directory)) return;
    mkdirSync(directory, { recursive: true });
    execFileSync('git', ['init', '-q', '--bare', '--template=', '-b', 'main', directory]);
    appendFileSync(join(directory, 'config'), settings);
  }

  /** Runs git and returns its raw output; throws `GitFailure`. */
  run(args: readonly string[], input?: Buffer | string, environment: Record<string, string> = {}): Buffer {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: this.directory,
      GIT_CONFIG_NOSYSTEM: '1',
      LC_ALL: 'C',
      GIT_AUTHOR_NAME: 'GitHub',
      GIT_AUTHOR_EMAIL: 'noreply@example.test',
      GIT_COMMITTER_NAME: 'GitHub',
      GIT_COMMITTER_EMAIL: 'noreply@example.test',
      ...environment,
    };
    try {
      return execFileSync('git', ['--git-dir', this.directory, ...args], {
        input,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        maxBuffer: 1 << 28,
      });
    } catch (error) {
      const stderr =
        typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
      throw new GitFailure(stderr.trim() || String(error));
    }
  }

  text(args: readonly string[], input?: Buffer | string): string {
    return this.run(args, input).toString().trim();
  }

  /** The object a revision names, or null. */
  resolve(revision: string): string | null {
    if (isSha(revision)) return revision;
    const [, own = '', type = ''] = /^(.{40})\^\{(commit|tree)\}$/.exec(revision) ?? [];
    if (isSha(own)) return this.peel(own, type);
    if (/^refs\/[\w./#@-]+$/.test(revision)) {
      const file = join(this.directory, revision);
      if (existsSync(file)) return readFileSync(file, 'utf8').trim();
      if (!existsSync(join(this.directory, 'packed-refs'))) return null;
    }
    try {
      return this.text(['rev-parse', '--verify', '-q', '--end-of-options', revision]);
    } catch {
      return null;
    }
  }

  type(sha: string): string | null {
    return this.object(sha)?.type ?? null;
  }

  writeBlob(content: Buffer): string {
    return this.loose.write('blob', content);
  }

  readBlob(sha: string): Buffer {
    const object = this.object(sha);
    if (object?.type === 'blob') return object.content;
    throw new GitFailure(`${sha} is no blob`);
  }

  /** Follows tags, and a commit to its tree. */
  private peel(sha: string, wanted: string): string | null {
    const object = this.object(sha);
    if (object === null || object.type === wanted) return object && sha;
    if (object.type !== 'tag' && object.type !== 'commit') return null;
    if (object.type === 'commit' && wanted !== 'tree') return null;
    return this.peel(parseCommit(object.content).headers[0]![1], wanted);
  }

  /** An object in a file of its own, or in a pack. */
  private object(sha: string): GitObject | null {
    const loose = isSha(sha) ? this.loose.read(sha) : null;
    if (loose) return loose;
    const output = this.run(['cat-file', '--batch'], `${sha}\n`);
    const end = output.indexOf(10);
    const [, type = 'missing', size] = output.subarray(0, end).toString().split(' ');
    return size === undefined ? null : { type, content: output.subarray(end + 1, end + 1 + Number(size)) };
  }

  /** What a tree, or the tree of a commit or tag, holds. */
  private treeLines(revision: string): TreeLine[] {
    const sha = this.resolve(revision);
    const tree = sha === null ? null : this.peel(sha, 'tree');
    const object = tree === null ? null : this.object(tree);
    if (object === null) throw new GitFailure(`not a tree object: ${revision}`);
    return parseTree(object.content);
  }

  tree(revision: string, recursive: boolean, prefix = ''): TreeEntry[] {
    return this.treeLines(revision).flatMap(({ mode, name, sha }): TreeEntry[] => {
      const path = prefix + name;
      if (mode !== '040000') return [{ mode, type: 'blob', sha, path, size: this.readBlob(sha).length }];
      const below = recursive ? this.tree(sha, true, `${path}/`) : [];
      return [{ mode, type: 'tree', sha, path }, ...below];
    });
  }

  /** A new tree: `base` with the changes applied; `sha: null` removes a path. */
  writeTree(base: string | null, changes: readonly Change[]): string {
    for (const { sha } of changes)
      if (sha !== null && this.type(sha) !== 'blob') throw new GitFailure(`invalid object ${sha}`);
    return (
      this.changedTree(base === null ? [] : this.treeLines(base), changes) ??
      this.loose.write('tree', Buffer.alloc(0))
    );
  }

  /** Null for a folder without files. */
  private changedTree(lines: readonly TreeLine[], changes: readonly Change[]): string | null {
    const entries = new Map(lines.map((line) => [line.name, line]));
    const below = Map.groupBy(changes, ({ path }) => path.split('/', 1)[0]!);
    for (const [name, own] of below) {
      const old = entries.get(name);
      const inside = own.filter(({ path }) => path !== name);
      const direct = own.findLast(({ path }) => path === name);
      if (direct?.sha === null || inside.length > 0) entries.delete(name);
      if (direct && direct.sha !== null) entries.set(name, { mode: direct.mode, name, sha: direct.sha });
      if (inside.length === 0) continue;
      const folder = old?.mode === '040000' ? this.treeLines(old.sha) : [];
      const moved = inside.map((change) => ({ ...change, path: change.path.slice(name.length + 1) }));
      const sha = this.changedTree(folder, moved);
      if (sha !== null) entries.set(name, { mode: '040000', name, sha });
    }
    return entries.size === 0 ? null : this.loose.write('tree', formatTree([...entries.values()]));
  }

  writeCommit(
    tree: string,
    parents: readonly string[],
    message: string,
    author?: CommitFacts['author'],
  ): string {
    const now = `GitHub <noreply@example.test> ${Math.floor(Date.now() / 1000)} +0000`;
    const lines = [
      `tree ${tree}`,
      ...parents.map((sha) => `parent ${sha}`),
      `author ${author ? signature(author) : now}`,
      `committer ${now}`,
    ];
    return this.loose.write('commit', Buffer.from(`${lines.join('\n')}\n\n${message}`));
  }

  commit(revision: string): CommitFacts {
    const named = this.resolve(revision);
    const sha = named === null ? null : this.peel(named, 'commit');
    const object = sha === null ? null : this.object(sha);
    if (sha === null || object === null) throw new GitFailure(`${revision} is no commit`);
    const { headers, message } = parseCommit(object.content);
    const valuesOf = (wanted: string): string[] =>
      headers.filter(([key]) => key === wanted).map(([, value]) => value);
    const author = /^(.*) <(.*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(valuesOf('author')[0] ?? '');
    if (!author) throw new GitFailure(`${sha} has no author`);
    const [, name = '', email = '', seconds, sign, hours, minutes] = author;
    const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60;
    const local = new Date((Number(seconds) + offset) * 1000).toISOString().slice(0, 19);
    return {
      sha,
      tree: valuesOf('tree')[0]!,
      parents: valuesOf('parent'),
      message: message.trimEnd(),
      author: { name, email, date: `${local}${sign}${hours}:${minutes}` },
    };
  }

  /** Moves `ref` from `old` to `sha` in one step; `old` null means that it must not exist. */
  updateRef(ref: string, sha: string, old: string | null): void {
    this.run(['update-ref', ref, sha, old ?? '0'.repeat(40)]);
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    try {
      this.run(['merge-base', '--is-ancestor', ancestor, descendant]);
      return true;
    } catch {
      return false;
    }
  }

  refs(prefix: string): { ref: string; sha: string; type: string }[] {
    const output = this.text(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
    return output
      .split('\n')
      .filter((line) => line.startsWith(prefix))
      .map((line) => {
        const [ref = '', sha = '', type = ''] = line.split(' ');
        return { ref, sha, type };
      });
  }

  /** Commits files onto a branch without a working copy; returns the new commit. */
  commitFiles(branch: string, files: Readonly<Record<string, string | Buffer>>, message: string): string {
    const ref = `refs/heads/${branch}`;
    const parent = this.resolve(ref);
    const changes = Object.entries(files).map(([path, content]) => ({
      mode: '100644',
      sha: this.writeBlob(Buffer.from(content)),
      path,
    }));
    const commit = this.writeCommit(
      this.writeTree(parent, changes),
      parent === null ? [] : [parent],
      message,
    );
    this.updateRef(ref, commit, parent);
    return commit;
  }

  /** Lets the server refuse pushes to refs that match a shell pattern, as a ruleset does. */
  refusePushes(patterns: readonly string[]): void {
    const hook = join(this.directory, 'hooks', 'update');
    mkdirSync(join(this.directory, 'hooks'), { recursive: true });
    const cases = patterns.map((pattern) => {
      if (!/^[\w./*@#?-]+$/.test(pattern)) throw new Error(`not a plain pattern: ${pattern}`);
      return `${pattern}) echo "GH013: Repository rule violations found for $1." >&2; exit 1;;`;
    });
    writeFileSync(hook, `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`, { mode: 0o755 });
  }
}
