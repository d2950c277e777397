import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { slashed } from '../platform/files.ts';
import { Git } from '../platform/git.ts';

/** The git repository around a folder. */
export interface Repository {
  readonly git: Git;
  /** Absolute path of the checkout. */
  readonly root: string;
  /** The folder inside it with `/`; '' for the root itself. */
  readonly folder: string;
  readonly defaultBranch: string;
  readonly shallow: boolean;
  /** Address of the remote `origin`; null without one. */
  readonly remote: string | null;
}

/** Null where git knows no repository. */
export async function findRepository(folder: string): Promise<Repository | null> {
  const git = new Git(folder);
  if (!(await git.isRepository())) return null;
  const ask = (...args: readonly string[]): Promise<string | null> =>
    git.text(args).then(
      (text) => text || null,
      () => null,
    );
  const root = await git.root();
  return {
    git,
    root,
    folder: slashed(relative(root, await realpath(folder))),
    defaultBranch: await defaultBranchOf(ask),
    shallow: (await ask('rev-parse', '--is-shallow-repository')) === 'true',
    remote: await ask('remote', 'get-url', 'origin'),
  };
}

/** What origin calls its head, else `main` or `master` where there is one, else the branch that is checked out. */
async function defaultBranchOf(ask: (...args: readonly string[]) => Promise<string | null>): Promise<string> {
  const head = await ask('symbolic-ref', '--short', 'refs/remotes/origin/HEAD');
  if (head !== null) return head.replace(/^origin\//, '');
  for (const branch of ['main', 'master']) {
    for (const place of ['refs/heads', 'refs/remotes/origin'])
      if ((await ask('rev-parse', '--verify', '-q', `${place}/${branch}`)) !== null) return branch;
  }
  return (await ask('symbolic-ref', '--short', 'HEAD')) ?? 'main';
}
