import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

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

/** A bare repository on disk, driven through the git command line. */
export class BareRepository {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    if (existsSync(directory)) return;
    mkdirSync(directory, { recursive: true });
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', directory]);
    this.run(['config', 'http.receivepack', 'true']);
    this.run(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    this.run(['config', 'core.logAllRefUpdates', 'false']);
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
    try {
      return this.text(['rev-parse', '--verify', '-q', '--end-of-options', revision]);
    } catch {
      return null;
    }
  }

  type(sha: string): string | null {
    try {
      return this.text(['cat-file', '-t', sha]);
    } catch {
      return null;
    }
  }

  writeBlob(content: Buffer): string {
    return this.text(['hash-object', '-w', '--stdin'], content);
  }

  readBlob(sha: string): Buffer {
    return this.run(['cat-file', 'blob', sha]);
  }

  tree(revision: string, recursive: boolean): TreeEntry[] {
    const flags = recursive ? ['-r', '-t'] : [];
    const output = this.run(['ls-tree', '-z', '-l', ...flags, revision]).toString();
    return output
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [facts = '', path = ''] = line.split('\t');
        const [mode = '', type = '', sha = '', size = '-'] = facts.split(/ +/);
        return size === '-' ? { mode, type, sha, path } : { mode, type, sha, path, size: Number(size) };
      });
  }

  /** A new tree: `base` with the changes applied; `sha: null` removes a path. */
  writeTree(
    base: string | null,
    changes: readonly { mode: string; sha: string | null; path: string }[],
  ): string {
    const index = join(this.directory, `index-${randomUUID()}`);
    const environment = { GIT_INDEX_FILE: index };
    try {
      this.run(['read-tree', base ?? '--empty'], undefined, environment);
      const lines = changes.map(({ mode, sha, path }) =>
        sha === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${sha}\t${path}\0`,
      );
      this.run(['update-index', '-z', '--index-info'], lines.join(''), environment);
      return this.run(['write-tree'], undefined, environment).toString().trim();
    } finally {
      rmSync(index, { force: true });
    }
  }

  writeCommit(
    tree: string,
    parents: readonly string[],
    message: string,
    author?: CommitFacts['author'],
  ): string {
    const environment: Record<string, string> = author
      ? { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: author.date }
      : {};
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
    return this.run(args, message, environment).toString().trim();
  }

  commit(sha: string): CommitFacts {
    const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%B';
    const output = this.run(['show', '-s', `--format=${format}`, `${sha}^{commit}`]).toString();
    const [hash = '', tree = '', parents = '', name = '', email = '', date = '', message = ''] =
      output.split('\0');
    return {
      sha: hash,
      tree,
      parents: parents.split(' ').filter(Boolean),
      message: message.trimEnd(),
      author: { name, email, date },
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
