import { UserError } from '../errors/user-error.ts';
import type { LedgerSnapshot, LedgerStore } from '../registry/store.ts';
import { GitError, type Git } from './git.ts';

/** The ledger of a git remote (`origin`, or an address), for reading: a laptop judges against the real champion. */
export function ledgerRemote(git: Git, remote: string, branch: string): LedgerStore {
  return {
    open: async () => snapshotOf(git, await fetchHead(git, remote, branch)),
    append: () => {
      const fix =
        'Write to a folder instead (--ledger DIR); only the jobs of the default branch write the real one.';
      const message = `the history of ${remote} is only read from here`;
      return Promise.reject(new UserError({ code: 'LEDGER_PROTECTED', message, at: { name: branch }, fix }));
    },
  };
}

/** The branch's newest commit, fetched; null where the remote provably has no such branch. */
async function fetchHead(git: Git, remote: string, branch: string): Promise<string | null> {
  if (remote.startsWith('-')) throw unreadable(remote, 'not a remote');
  const ref = `refs/heads/${branch}`;
  try {
    const listed = await git.text(['ls-remote', remote, ref]);
    if (listed === '') return null;
    const own = `refs/model-factory/${branch}`;
    await git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', remote, `+${ref}:${own}`]);
    return await git.text(['rev-parse', '--verify', own]);
  } catch (error) {
    throw error instanceof GitError ? unreadable(remote, error.stderr.trim(), error) : error;
  }
}

async function snapshotOf(git: Git, head: string | null): Promise<LedgerSnapshot> {
  const listed =
    head === null ? '' : (await git.run(['ls-tree', '-r', '-z', '--full-tree', head])).toString();
  const blobs = new Map<string, string>();
  for (const line of listed.split('\0').filter(Boolean)) {
    const [facts = '', path = ''] = line.split('\t');
    blobs.set(path, facts.split(' ')[2] ?? '');
  }
  return {
    head,
    read: async (path) => {
      const blob = blobs.get(path);
      return blob === undefined ? null : (await git.run(['cat-file', 'blob', blob])).toString();
    },
    list: (prefix) => Promise.resolve([...blobs.keys()].filter((path) => path.startsWith(prefix)).sort()),
  };
}

function unreadable(remote: string, message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'LEDGER_UNREADABLE',
    message: `the history of ${remote} could not be fetched: ${message}`,
    fix: 'Check the name of the remote and that `git fetch` works in this folder.',
    cause,
  });
}
