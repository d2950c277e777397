import { UserError } from '../errors/user-error.ts';

const block = 512;
/** Where the word `ustar` stands in an archive. */
export const tarMagic = { at: 257, text: 'ustar' } as const;

/**
 * Files in one archive (POSIX ustar, not compressed). Equal files give equal bytes: names in code-point order, no
 * times, owners or modes of their own.
 */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...files.keys()].sort();
  const parts = names.flatMap((name) => {
    const content = files.get(name)!;
    const padding = new Uint8Array((block - (content.length % block)) % block);
    return [headerOf(name, content.length), content, padding];
  });
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * block)]));
}

/**
 * Files of an archive that `packFiles` made. Nothing but plain files below the archive's own folder is taken.
 * @throws UserError MODEL_INVALID
 */
export function unpackFiles(archive: Uint8Array, file: string): Map<string, Uint8Array> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const files = new Map<string, Uint8Array>();
  const refuse = (why: string): UserError =>
    new UserError({
      code: 'MODEL_INVALID',
      message: `the archive ${why}`,
      at: { file },
      fix: 'Give the `model.tar` of a release of this factory, as it is.',
    });
  let at = 0;
  while (at + block <= bytes.length && bytes[at] !== 0) {
    const name = fullName(bytes.subarray(at, at + block));
    const size = parseInt(textAt(bytes, at + 124, 11), 8);
    const type = textAt(bytes, at + 156, 1);
    if (!headerOf(name, size).every((byte, i) => byte === bytes[at + i]))
      throw refuse(
        `holds an entry that is damaged or of another kind (${JSON.stringify(name)}, type ${type})`,
      );
    if (!isSafe(name) || files.has(name)) throw refuse(`holds a file that may not be there: ${name}`);
    if (at + block + size > bytes.length) throw refuse('ends too early');
    files.set(name, Uint8Array.from(bytes.subarray(at + block, at + block + size)));
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

/** A relative path without a way out of its folder. */
function isSafe(name: string): boolean {
  return (
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !name.includes('\\')
  );
}

/** Longest name that the format holds, in bytes: 100, and 155 for the folders before it. */
export function fitsArchive(name: string): boolean {
  return isSafe(name) && splitName(name) !== null;
}

function splitName(name: string): { prefix: string; rest: string } | null {
  if (Buffer.byteLength(name) <= 100) return { prefix: '', rest: name };
  for (let cut = name.indexOf('/'); cut >= 0; cut = name.indexOf('/', cut + 1)) {
    const [prefix, rest] = [name.slice(0, cut), name.slice(cut + 1)];
    if (Buffer.byteLength(rest) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, rest };
  }
  return null;
}

function headerOf(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(block);
  const split = splitName(name);
  if (split === null) throw new Error(`a name too long for the archive: ${name}`);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  header.write(split.rest, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write(`${tarMagic.text}\x0000`, tarMagic.at);
  header.write(split.prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

function fullName(header: Buffer): string {
  const [rest, prefix] = [textAt(header, 0, 100), textAt(header, 345, 155)];
  return prefix === '' ? rest : `${prefix}/${rest}`;
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}
