import { sha256 } from '../contracts/digest.ts';

/** `SHA256SUMS` of files, sorted by name, in the format of sha256sum. */
export function writeSums(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`)
    .join('');
}

/** Name -> digest. Lines that don't fit are left out, so their files count as unlisted. */
export function parseSums(text: string): Map<string, string> {
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const match = /^([0-9a-f]{64}) [ *]([^/\\]+)$/.exec(line);
    return match ? [[match[2]!, match[1]!]] : [];
  });
  return new Map(entries);
}
