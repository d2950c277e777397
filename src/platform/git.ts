import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../errors/user-error.ts';

const run = promisify(execFile);

/** A tag of a checkout. */
export interface LocalTag {
  readonly name: string;
  /** The commit it stands on. */
  readonly commit: string;
  /** Who made an annotated tag; empty for a plain one. */
  readonly who: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** What git said when a command failed; `stderr` is its own text. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string, cause: unknown) {
    super(`git ${args[0] ?? ''} failed: ${stderr.trim()}`, { cause });
    this.name = 'GitError';
    this.stderr = stderr;
  }
}

/** A checkout on disk, asked through the git command line. No hook of the repository runs. */
export class Git {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Raw output of a git command. @throws GitError */
  async run(args: readonly string[]): Promise<Buffer> {
    const config = ['-c', 'core.hooksPath=/dev/null', ...trust()];
    try {
      const { stdout } = await run('git', ['-C', this.directory, ...config, ...args], {
        encoding: 'buffer',
        maxBuffer: 1 << 30,
        env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      });
      return stdout;
    } catch (error) {
      const stderr =
        typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
      throw new GitError(args, stderr || String(error), error);
    }
  }

  async text(args: readonly string[]): Promise<string> {
    return (await this.run(args)).toString().trim();
  }

  /** The commit that a revision names, or null. */
  async resolve(revision: string): Promise<string | null> {
    if (revision.startsWith('-')) return null;
    return this.text(['rev-parse', '--verify', '-q', `${revision}^{commit}`]).catch(() => null);
  }

  /** The tree of a commit, or null where this checkout doesn't hold it. */
  async tree(commit: string): Promise<string | null> {
    const known = await this.resolve(commit);
    return known && this.text(['rev-parse', `${known}^{tree}`]);
  }

  /** True when git knows a repository here. */
  async isRepository(): Promise<boolean> {
    return this.text(['rev-parse', '--git-dir']).then(
      () => true,
      () => false,
    );
  }

  /** @throws UserError CHECKOUT_MISSING */
  async requireCheckout(): Promise<void> {
    if (await this.isRepository()) return;
    throw new UserError({
      code: 'CHECKOUT_MISSING',
      message: 'the workspace of this job is not a git checkout',
      fix:
        'Begin the job with `- uses: actions/checkout` and `with: { fetch-depth: 0 }`; ' +
        'in a container git must be installed, without it actions/checkout leaves no history.',
    });
  }

  /** Folder of the whole checkout. @throws GitError */
  async root(): Promise<string> {
    return this.text(['rev-parse', '--show-toplevel']);
  }

  /** Names of the configured remotes; [] outside a repository. */
  async remotes(): Promise<string[]> {
    const names = await this.text(['remote']).catch(() => '');
    return names.split('\n').filter(Boolean);
  }

  /** The address that git reads a remote from: a configured one's, after `insteadOf`, or the given one itself. */
  async remoteAddress(remote: string): Promise<string> {
    return this.text(['ls-remote', '--get-url', '--', remote]);
  }

  /** A value of git's configuration, or null where it is not set. */
  async setting(name: string): Promise<string | null> {
    return (await this.text(['config', '--get', name]).catch(() => '')) || null;
  }

  /** The first parent of a commit, or null for one without. */
  async firstParent(commit: string): Promise<string | null> {
    return this.resolve(`${commit}^1`);
  }

  /**
   * The commit that a comparison needs.
   * @throws UserError BASE_MISSING where this checkout doesn't hold it
   */
  async requireCommit(revision: string): Promise<string> {
    const commit = await this.resolve(revision);
    if (commit !== null) return commit;
    throw await this.#missing(revision);
  }

  /** The newest commit that two have in common. @throws UserError BASE_MISSING */
  async mergeBase(a: string, b: string): Promise<string> {
    const [first, second] = [await this.requireCommit(a), await this.requireCommit(b)];
    const common = await this.text(['merge-base', first, second]).catch(() => null);
    if (common === null) throw await this.#missing(`common to ${a} and ${b}`);
    return common;
  }

  /** True when `ancestor` is `descendant` or lies below it. @throws UserError BASE_MISSING */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const [first, second] = [await this.requireCommit(ancestor), await this.requireCommit(descendant)];
    return this.run(['merge-base', '--is-ancestor', first, second]).then(
      () => true,
      () => false,
    );
  }

  /** Bytes of a file at a revision, or null where the commit has none. `path` counts from the checkout's root. */
  async show(revision: string, path: string): Promise<Buffer | null> {
    const commit = await this.requireCommit(revision);
    const entry = await this.text(['ls-tree', commit, '--', `:(top,literal)${path}`]);
    const [, type, blob] = entry.split(/\s+/);
    return type === 'blob' && blob !== undefined ? this.run(['cat-file', 'blob', blob]) : null;
  }

  /** Paths that differ between two commits, sorted by git. */
  async changedFiles(a: string, b: string): Promise<string[]> {
    const [first, second] = [await this.requireCommit(a), await this.requireCommit(b)];
    const output = await this.run(['diff', '--name-only', '--no-renames', '-z', first, second]);
    return output.toString().split('\0').filter(Boolean);
  }

  /** Tags that stand on a commit. */
  async tagsAt(commit: string): Promise<string[]> {
    return (await this.text(['tag', '--points-at', commit])).split('\n').filter(Boolean);
  }

  /** All tags on commits, oldest first. */
  async tags(): Promise<LocalTag[]> {
    const fields = ['refname:strip=2', 'objecttype', 'objectname', '*objecttype', '*objectname'];
    const shown = [...fields, 'taggername', 'creatordate:iso-strict']
      .map((field) => `%(${field})`)
      .join('%00');
    const output = await this.text(['for-each-ref', 'refs/tags', '--sort=creatordate', `--format=${shown}`]);
    return output.split('\n').flatMap((line) => {
      const [name = '', type, id, peeledType, peeledId, who = '', at = ''] = line.split('\0');
      const commit = type === 'commit' ? id : peeledType === 'commit' ? peeledId : undefined;
      return commit === undefined ? [] : [{ name, commit, who, at }];
    });
  }

  /** The default branch as this checkout knows it: the remote's, else a local one; null where there is none. */
  async defaultBranch(remote = 'origin'): Promise<string | null> {
    for (const branch of [`${remote}/HEAD`, `${remote}/main`, `${remote}/master`, 'main', 'master'])
      if ((await this.resolve(branch)) !== null) return branch;
    return null;
  }

  /**
   * Runs `body` with the files of a commit laid out in `folder`, and removes them afterwards.
   * @throws UserError BASE_MISSING where this checkout lacks the commit or some of its files
   */
  async withWorktree<T>(revision: string, folder: string, body: (folder: string) => Promise<T>): Promise<T> {
    const commit = await this.requireCommit(revision);
    try {
      await this.run(['worktree', 'add', '--quiet', '--detach', '--force', folder, commit]);
    } catch (error) {
      await this.run(['worktree', 'prune']).catch(() => undefined);
      throw error instanceof GitError ? incomplete(commit, error) : error;
    }
    try {
      return await body(folder);
    } finally {
      await this.run(['worktree', 'remove', '--force', folder]).catch(() => this.run(['worktree', 'prune']));
    }
  }

  async #missing(what: string): Promise<UserError> {
    const shallow = await this.text(['rev-parse', '--is-shallow-repository']).catch(() => 'false');
    return new UserError({
      code: 'BASE_MISSING',
      message: `this checkout does not hold the commit ${what}${shallow === 'true' ? ' (it is shallow)' : ''}`,
      fix:
        'Let actions/checkout fetch the whole history: with: { fetch-depth: 0 }; ' +
        'on a laptop: git fetch --unshallow, or git fetch origin.',
    });
  }
}

/** A partial clone, a sparse checkout or Git LFS: the commit is there, but not all of its files. */
function incomplete(commit: string, error: GitError): UserError {
  const said =
    error.stderr
      .trim()
      .split('\n')
      .find((line) => /fatal|error/.test(line)) ?? error.message;
  return new UserError({
    code: 'BASE_MISSING',
    message: `the files of the commit ${commit} can not be laid out: git says "${said.slice(0, 200)}"`,
    fix:
      'Let actions/checkout fetch whole files, without `filter` and `sparse-checkout`; for files in Git LFS run ' +
      '`git lfs fetch --all` in the step after it, while the credentials are there.',
    cause: error,
  });
}

/** In a container the workspace of a job belongs to another user, whom git would not trust. */
function trust(): string[] {
  return process.env.GITHUB_ACTIONS === 'true' ? ['-c', 'safe.directory=*'] : [];
}
