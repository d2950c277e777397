import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  glob,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { UserError } from '../errors/user-error.ts';

/**
 * Writes a file so that it is there as a whole or not at all, whatever ends the process in between.
 * @throws UserError FILE_UNWRITABLE
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(path, error);
  }
}

/**
 * Writes a result where a person named a place: a file as a whole, the file that a link stands for, or what takes bytes
 * without being a file, such as `/dev/stdout`.
 * @throws UserError FILE_UNWRITABLE
 */
export async function writeResult(path: string, content: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there === null || there.isDirectory()) return writeFileAtomic(path, content);
  if (there.isFile()) return writeFileAtomic(await realpath(path), content);
  await writeFile(path, content).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}

/** Bytes of a file, or null where there is none. Any other failure is thrown. */
export async function readFileOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (reasonOf(error) === 'ENOENT' || reasonOf(error) === 'ENOTDIR') return null;
    throw unreadable(path, error);
  }
}

/** A file's bytes in chunks of at most 1 MiB. */
export function streamFile(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1024 * 1024 });
}

/** A path as git, GitHub and configurations write it: with `/` on every system. */
export function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** Regular files below a folder, as paths relative to it with `/`, sorted by code point; [] without the folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) found.push(slashed(relative(folder, path)));
    }
  };
  try {
    await walk(folder);
  } catch (error) {
    if (reasonOf(error) !== 'ENOENT') throw unreadable(folder, error);
  }
  return found.sort();
}

/** Files below a folder that match a glob, relative to it with `/`, sorted by code point. */
export async function matchFiles(folder: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  const exclude = (name: string): boolean => name === 'node_modules' || name === '.git';
  for await (const path of glob(pattern, { cwd: folder, exclude })) found.push(slashed(path));
  return found.sort();
}

/** True for a plain file that is not a link to one: what may leave this machine. */
export async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

/** True for a folder, also behind a link. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** True for two paths of one file that is there. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  return !!a && !!b && a.isFile() && a.ino === b.ino && a.dev === b.dev;
}

/** True for a symbolic link, whatever it points to. */
export async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The system's short word for a failure, such as `ENOSPC`. */
export function reasonOf(error: unknown): string | null {
  // Not by `instanceof`: errors of Node's own modules may come from another realm.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'Free disk space, or use a runner with a larger disk.',
  EDQUOT: 'Free disk space, or use a runner with a larger disk.',
  EACCES: 'Give this user the right to the folder, or choose another one.',
  EPERM: 'Give this user the right to the folder, or choose another one.',
  EROFS: 'The file system is read-only: choose another folder.',
};

/** FILE_UNWRITABLE, as the system's error says. */
export function unwritable(path: string, error: unknown): UserError {
  const reason = reasonOf(error) ?? 'unknown reason';
  return new UserError({
    code: 'FILE_UNWRITABLE',
    message: `the file could not be written (${reason})`,
    at: { file: path },
    fix: advice[reason] ?? 'Choose another folder.',
    cause: error,
  });
}

function unreadable(path: string, error: unknown): UserError {
  const reason = reasonOf(error) ?? 'unknown reason';
  return new UserError({
    code: 'FILE_UNREADABLE',
    message: `the file could not be read (${reason})`,
    at: { file: path },
    fix: advice[reason] ?? 'Check that the path names a file.',
    cause: error,
  });
}

/** A file that is read in parts. To be closed. @throws UserError FILE_UNREADABLE */
export async function openRandomAccess(path: string) {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const { size } = await file.stat();
  return {
    byteLength: size,
    async slice(start: number, end = size): Promise<ArrayBuffer> {
      const from = Math.max(0, start < 0 ? size + start : start);
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return bytes.buffer.slice(0, bytesRead);
    },
    close: (): Promise<void> => file.close(),
  };
}
