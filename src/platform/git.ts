import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';

/** A commit checked out beside the working tree. */
export interface Worktree {
  readonly commit: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** Git in one repository; nothing here writes to the user's working tree or branches. */
export interface Git {
  /** Top folder of the repository. */
  readonly root: string;
  /** Full commit id of a revision, or null where it doesn't exist here. */
  resolve(revision: string): Promise<string | null>;
  mergeBase(a: string, b: string): Promise<string | null>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  isShallow(): Promise<boolean>;
  /** True where tracked files differ from HEAD. */
  isDirty(): Promise<boolean>;
  /** @throws UserError BASE_MISSING where the commit isn't in this clone */
  checkOut(commit: string): Promise<Worktree>;
}

/** Opens the repository that holds `folder`, or null where there is none (or no git). */
export async function openGit(folder: string): Promise<Git | null> {
  const top = await git(folder, ['rev-parse', '--show-toplevel']).catch(() => null);
  if (top === null) return null;
  const root = top.trim();
  const resolve = async (revision: string): Promise<string | null> => {
    const id = await git(root, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ]).catch(() => null);
    return id === null ? null : id.trim();
  };
  return {
    root,
    resolve,
    mergeBase: async (a, b) => (await git(root, ['merge-base', a, b]).catch(() => null))?.trim() ?? null,
    isAncestor: (ancestor, descendant) =>
      git(root, ['merge-base', '--is-ancestor', ancestor, descendant]).then(
        () => true,
        () => false,
      ),
    isShallow: async () => (await git(root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true',
    isDirty: async () => (await git(root, ['status', '--porcelain', '--untracked-files=no'])).trim() !== '',
    checkOut: async (commit) => {
      if ((await resolve(commit)) === null) throw baseMissing(commit);
      const parent = await mkdtemp(join(tmpdir(), 'model-factory-base-'));
      const tree = join(parent, 'tree');
      await git(root, ['worktree', 'add', '--detach', '--quiet', tree, commit]);
      return {
        commit,
        folder: tree,
        remove: async () => {
          await git(root, ['worktree', 'remove', '--force', tree]).catch(() => undefined);
          await rm(parent, { recursive: true, force: true });
        },
      };
    },
  };
}

function baseMissing(commit: string): UserError {
  return new UserError({
    code: 'BASE_MISSING',
    message: `commit ${commit.slice(0, 12)} is not in this checkout`,
    fix: 'Fetch the whole history: `with: { fetch-depth: 0 }` of actions/checkout, or `git fetch --unshallow`.',
  });
}

function git(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
    execFile(
      'git',
      ['-C', folder, ...args],
      { env: environment, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args[0]}: ${stderr.trim() || error.message}`, { cause: error }));
        else resolve(stdout);
      },
    );
  });
}
