import { sha256 } from '../contracts/digest.ts';
import { UserError } from '../errors/user-error.ts';

/** The text of `SHA256SUMS`, as `sha256sum --check` reads it: one line per file, sorted by name. */
export function formatChecksums(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`)
    .join('');
}

/**
 * Digests by file name.
 * @throws UserError DOCUMENT_INVALID, with the line
 */
export function parseChecksums(text: string, file = 'SHA256SUMS'): Map<string, string> {
  const digests = new Map<string, string>();
  for (const [i, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const [, digest, name] = /^([0-9a-f]{64}) {2}([^/\\]+)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined || digests.has(name))
      throw new UserError({
        code: 'DOCUMENT_INVALID',
        message: 'not a line of "<sha256>  <file name>", or a file is named twice',
        at: { file, line: i + 1 },
        fix: 'Download the release again; nothing in it should be edited by hand.',
      });
    digests.set(name, digest);
  }
  return digests;
}
