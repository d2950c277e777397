import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

/** One entry of a tree object. */
export interface TreeLine {
  readonly mode: string;
  readonly name: string;
  readonly sha: string;
}

export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/**
 * The loose objects of a repository, read and written as git does, but without a process for each: starting one takes
 * the longer the more memory its parent has.
 */
export class LooseObjects {
  readonly folder: string;

  constructor(directory: string) {
    this.folder = join(directory, 'objects');
  }

  /** Null where there is none, or none outside a pack. */
  read(sha: string): GitObject | null {
    const file = this.fileOf(sha);
    if (!existsSync(file)) return null;
    const bytes = inflateSync(readFileSync(file));
    const end = bytes.indexOf(0);
    const [type = ''] = bytes.subarray(0, end).toString().split(' ');
    return { type, content: bytes.subarray(end + 1) };
  }

  write(type: string, content: Buffer): string {
    const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const sha = createHash('sha1').update(bytes).digest('hex');
    const file = this.fileOf(sha);
    if (existsSync(file)) return sha;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, deflateSync(bytes));
    renameSync(`${file}.new`, file);
    return sha;
  }

  private fileOf(sha: string): string {
    return join(this.folder, sha.slice(0, 2), sha.slice(2));
  }
}

export function parseTree(content: Buffer): TreeLine[] {
  const lines: TreeLine[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0, at);
    const [mode, name] = splitOnce(content.subarray(at, end).toString(), ' ');
    lines.push({
      mode: mode.padStart(6, '0'),
      name,
      sha: content.subarray(end + 1, end + 21).toString('hex'),
    });
    at = end + 21;
  }
  return lines;
}

/** Trees sort as if their names ended with a slash. */
export function formatTree(lines: readonly TreeLine[]): Buffer {
  const key = ({ mode, name }: TreeLine): Buffer => Buffer.from(mode === '040000' ? `${name}/` : name);
  const sorted = [...lines].sort((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]),
  );
}

/** The lines before the first empty one, by their first word, and what follows. */
export function parseCommit(content: Buffer): { headers: [key: string, value: string][]; message: string } {
  const [head, message] = splitOnce(content.toString(), '\n\n');
  return { headers: head.split('\n').map((line) => splitOnce(line, ' ')), message };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
