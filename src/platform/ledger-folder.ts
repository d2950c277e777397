import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../contracts/digest.ts';
import { UserError } from '../errors/user-error.ts';
import type { LedgerSnapshot, LedgerStore } from '../registry/store.ts';
import { systemClock, type Clock } from './clock.ts';
import { listFiles, readFileOrNull, reasonOf, writeFileAtomic } from './files.ts';

/** Names of the ledger's own book-keeping; everything else in the folder is history. */
const headFile = 'HEAD';
const journalFile = '.pending.json';
const lockFile = '.lock';

/** A change that was decided but maybe not carried out yet: replayed by whoever opens the ledger next. */
const journalSchema = z.strictObject({
  head: z.string().min(1),
  files: z.record(z.string().regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))/), z.string()),
});
type Journal = z.infer<typeof journalSchema>;

/** The ledger as plain files in a folder; one writer at a time, and a write that was cut off is completed later. */
export function ledgerFolder(folder: string, clock: Clock = systemClock): LedgerStore {
  return {
    open: async () => {
      if ((await readFileOrNull(join(folder, journalFile))) !== null || (await lacksHead(folder)))
        await locked(folder, clock, async () => {
          await replay(folder);
          if (await lacksHead(folder))
            throw damaged(
              join(folder, headFile),
              'the file is gone that says how far the documents here reach',
            );
        });
      return snapshotOf(folder);
    },
    append: async (head, files, message) => {
      await mkdir(folder, { recursive: true });
      return locked(folder, clock, async () => {
        await replay(folder);
        if ((await readHead(folder)) !== head) return { kind: 'conflict' };
        const next = nextHead(head, files, message);
        const journal: Journal = { head: next, files: Object.fromEntries(files) };
        await writeFileAtomic(join(folder, journalFile), JSON.stringify(journal));
        await replay(folder);
        return { kind: 'written', head: next };
      });
    },
  };
}

async function snapshotOf(folder: string): Promise<LedgerSnapshot> {
  const head = await readHead(folder);
  const paths = head === null ? [] : (await listFiles(folder)).filter((path) => !isOwn(path));
  return {
    head,
    read: async (path) => (paths.includes(path) ? readFile(join(folder, path), 'utf8') : null),
    list: (prefix) => Promise.resolve(paths.filter((path) => path.startsWith(prefix))),
  };
}

function isOwn(path: string): boolean {
  return path === headFile || path === journalFile || path === lockFile || path.endsWith('.tmp');
}

async function readHead(folder: string): Promise<string | null> {
  const text = (await readFileOrNull(join(folder, headFile)))?.toString().trim() ?? '';
  return text === '' ? null : text;
}

/** Whether there are documents without the file that every change ends with. */
async function lacksHead(folder: string): Promise<boolean> {
  return (await readHead(folder)) === null && (await listFiles(join(folder, 'models'))).length > 0;
}

/** Digest of the change and of everything before it, so that equal histories have equal heads. */
function nextHead(head: string | null, files: ReadonlyMap<string, string>, message: string): string {
  const lines = [...files].map(([path, content]) => `${sha256(content)}  ${path}`).sort();
  return sha256([head ?? '', message, ...lines].join('\n'));
}

/** Completes a change that was decided; nothing happens without one. */
async function replay(folder: string): Promise<void> {
  const text = await readFileOrNull(join(folder, journalFile));
  if (text === null) return;
  const { head, files } = readJournal(text.toString(), join(folder, journalFile));
  for (const [path, content] of Object.entries(files)) await writeFileAtomic(join(folder, path), content);
  await writeFileAtomic(join(folder, headFile), `${head}\n`);
  await rm(join(folder, journalFile));
}

function readJournal(text: string, file: string): Journal {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(file, 'the change that was being written can not be read', cause);
  }
}

function damaged(file: string, message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'LEDGER_INVALID',
    message: `the history can't be trusted: ${message}`,
    at: { file },
    fix: 'Restore the whole folder from a copy, or begin a history in another one.',
    cause,
  });
}

/** A lock older than this was left behind: a write takes milliseconds. */
const staleMs = 30_000;
const patienceMs = 60_000;

async function locked<T>(folder: string, clock: Clock, body: () => Promise<T>): Promise<T> {
  const path = join(folder, lockFile);
  const start = clock.monotonicMs();
  while (!(await takeLock(path))) {
    if (await isStale(path, clock)) await rm(path, { force: true });
    else if (clock.monotonicMs() - start > patienceMs) throw stuck(path);
    else await clock.sleep(5 + 20 * clock.random());
  }
  try {
    return await body();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.close();
    return true;
  } catch (error) {
    if (reasonOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string, clock: Clock): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  return facts !== null && clock.now() - facts.mtimeMs > staleMs;
}

function stuck(path: string): UserError {
  return new UserError({
    code: 'LEDGER_CONFLICT',
    message: 'another run holds the history',
    at: { file: path },
    fix: 'Wait for the other run to end; if there is none, delete this file.',
  });
}
