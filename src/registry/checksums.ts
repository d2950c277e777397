import { sha256 } from '../contracts/digest.ts';
import { throwFaults, UserError, type Fault } from '../errors/user-error.ts';

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

/**
 * Checks files against the text of `SHA256SUMS`: each file must be listed with its digest, and nothing else.
 * @throws UserError DIGEST_MISMATCH, naming every file that differs, is missing or isn't listed; DOCUMENT_INVALID
 */
export function verifyChecksums(text: string, files: ReadonlyMap<string, Uint8Array>): void {
  const digests = parseChecksums(text);
  const fault = (file: string, message: string): Fault => ({
    code: 'DIGEST_MISMATCH',
    message,
    at: { file },
    fix: 'Download the release again; if it repeats, do not use this release.',
  });
  throwFaults([
    ...[...digests.keys()]
      .filter((name) => !files.has(name))
      .map((name) => fault(name, 'the file is missing')),
    ...[...files].flatMap(([name, bytes]) => {
      const expected = digests.get(name);
      if (expected === undefined) return [fault(name, 'the file is not listed in SHA256SUMS')];
      return sha256(bytes) === expected ? [] : [fault(name, 'the bytes differ from SHA256SUMS')];
    }),
  ]);
}
