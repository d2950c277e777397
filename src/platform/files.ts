import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** Writes a whole file or nothing: beside the target, flushed, then renamed. Folders are made. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}

/** Text of a file, or null where there is none. Any other fault is thrown. */
export async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return null;
    throw error;
  }
}

/** @throws UserError with `code` where the file isn't there, is a folder or can't be read */
export async function requireFile(path: string, shown: string, code: ErrorCode, fix: string): Promise<void> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new UserError({ code, message: `${shown} can not be read`, at: { file: shown }, fix, cause });
  });
  if (!info.isFile())
    throw new UserError({ code, message: `${shown} is not a file`, at: { file: shown }, fix });
}

/** A file's bytes in chunks of at most 1 MiB. */
export function streamFile(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1024 * 1024 });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
