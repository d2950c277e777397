import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { sha256 } from '../contracts/digest.ts';
import type { AppendOutcome, LedgerSnapshot, LedgerStore } from '../registry/store.ts';
import { readTextIfThere, writeFileWhole } from './files.ts';

/**
 * The history in a folder of the laptop. Its head is the digest of the file names, which only grow, so a writer that
 * judged an older state is told so. Two processes at the very same instant are not kept apart: use the branch for that.
 */
export function ledgerFolder(root: string): LedgerStore {
  const open = async (): Promise<LedgerSnapshot> => {
    const paths = await listFiles(root);
    return {
      head: paths.length === 0 ? null : sha256(paths.join('\n')),
      read: (path) => readTextIfThere(join(root, path)),
      list: (prefix) => Promise.resolve(paths.filter((path) => path.startsWith(prefix))),
    };
  };
  return {
    open,
    append: async (head, files): Promise<AppendOutcome> => {
      if ((await open()).head !== head) return { kind: 'conflict' };
      for (const [path, text] of files) await writeFileWhole(join(root, path), text);
      return { kind: 'written', head: (await open()).head! };
    },
  };
}

/** Paths of the history's JSON files below `root`, sorted by code point. */
async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => path.startsWith('models/'))
    .sort();
}
