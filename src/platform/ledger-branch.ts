import { UserError } from '../errors/user-error.ts';
import type { LedgerSnapshot, LedgerStore } from '../registry/store.ts';
import type { GitHub } from './github/client.ts';
import { commitFiles, readBlob, readBranch } from './github/git-data.ts';

/** The ledger on a branch of the repository, read and written through the Git Data API: no checkout, no push. */
export function ledgerBranch(github: GitHub, branch: string): LedgerStore {
  const texts = new Map<string, string>();
  const readText = async (blob: string): Promise<string> => {
    const text = texts.get(blob) ?? (await readBlob(github, blob)).toString();
    texts.set(blob, text);
    return text;
  };
  return {
    open: async (): Promise<LedgerSnapshot> => {
      const snapshot = await readBranch(github, branch);
      const blobs = snapshot?.blobs ?? new Map<string, string>();
      return {
        head: snapshot?.head ?? null,
        read: async (path) => {
          const blob = blobs.get(path);
          return blob === undefined ? null : readText(blob);
        },
        list: (prefix) => Promise.resolve([...blobs.keys()].filter((path) => path.startsWith(prefix)).sort()),
      };
    },
    append: async (head, files, message) => {
      const outcome = await commitFiles(github, { branch, head, files, message: `${message}\n` });
      if (outcome.kind === 'protected') throw protectedBranch(branch, outcome.message);
      return outcome.kind === 'written' ? outcome : { kind: 'conflict' };
    },
  };
}

function protectedBranch(branch: string, message: string): UserError {
  return new UserError({
    code: 'LEDGER_PROTECTED',
    message: `the branch ${branch} refuses the write: ${message.split('\n').filter(Boolean).join(' ')}`,
    at: { name: branch },
    fix:
      'Let GitHub Actions bypass the ruleset that covers this branch (Settings > Rules > Rulesets), ' +
      'or pass the token of a GitHub App that may, as `github-token`. The verdict stands; nothing was published.',
  });
}
