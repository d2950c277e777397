import type { Fault } from '../../errors/user-error.ts';
import { throwFaults, UserError } from '../../errors/user-error.ts';
import { BAR, COMMA, CR, LF, QUOTE, SEMICOLON, TAB } from './bytes.ts';
import { MAX_FAULTS, strayQuote } from './faults.ts';
import { encodingFault, HEAD_BYTES, recognise } from './recognise.ts';

/** More columns or a longer header mean a hostile or wrong file. */
const MAX_COLUMNS = 100_000;
const MAX_HEADER_BYTES = 1 << 22;

/** Delimiters that are looked for, in order of preference. */
const delimiters = [COMMA, SEMICOLON, TAB, BAR];

export interface Header {
  /** Column names without blanks around them. */
  readonly names: readonly string[];
  readonly delimiter: number;
  /** Index of the first byte after the header's line end. */
  readonly end: number;
  /** Lines that the header takes: more than 1 when a name holds a line end. */
  readonly lines: number;
}

interface HeaderOptions {
  readonly file: string;
  /** One ASCII character. */
  readonly delimiter?: string | undefined;
  readonly decimal?: string | undefined;
}

/**
 * The header at the beginning of a file, or undefined when more bytes are needed.
 * @throws UserError for what `recognise` finds, an empty file, names that are empty, repeated or all numbers
 */
export function readHeader(bytes: Uint8Array, final: boolean, options: HeaderOptions): Header | undefined {
  if (!final && bytes.length < HEAD_BYTES) return undefined;
  const { file } = options;
  const begin = recognise(bytes, file);
  const lineEnd = headerEnd(bytes, begin);
  const cut = lineEnd < 0 || (bytes[lineEnd] === CR && lineEnd + 1 === bytes.length);
  if (cut && !final && bytes.length <= MAX_HEADER_BYTES) return undefined;
  const end = lineEnd < 0 ? bytes.length : lineEnd;
  if (end - begin > MAX_HEADER_BYTES)
    fail(file, 'The header does not end within 4 MB.', 'Check the quotes in it.');
  if (end === begin) {
    const what = bytes.length === begin ? 'The file is empty.' : 'The first line is empty.';
    fail(file, what, 'Begin the file with a header line of column names.');
  }
  const header = bytes.subarray(begin, end);
  const delimiter =
    options.delimiter === undefined
      ? detectDelimiter(header, options.decimal)
      : delimiterByte(options.delimiter, file);
  const names = splitHeader(header, delimiter, file);
  checkNames(names, file);
  const lineEndBytes = bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1;
  return { names, delimiter, end: Math.min(end + lineEndBytes, bytes.length), lines: 1 + countLines(header) };
}

/** Index of the line end that closes the first record, quotes respected; -1 when it isn't there. */
function headerEnd(bytes: Uint8Array, start: number): number {
  let quoted = false;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && (byte === LF || byte === CR)) return i;
  }
  return -1;
}

/** The delimiter that occurs most often outside quotes; a comma when there is none (one column) or it is the decimal. */
function detectDelimiter(header: Uint8Array, decimal: string | undefined): number {
  const counts = new Map(delimiters.map((byte) => [byte, 0]));
  let quoted = false;
  for (const byte of header) {
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && counts.has(byte)) counts.set(byte, counts.get(byte)! + 1);
  }
  const others = [...counts].some(([byte, count]) => byte !== COMMA && count > 0);
  if (decimal === ',' && others) counts.set(COMMA, 0);
  return delimiters.reduce((best, byte) => (counts.get(byte)! > counts.get(best)! ? byte : best));
}

function delimiterByte(delimiter: string, file: string): number {
  const code = delimiter.codePointAt(0) ?? 0;
  if (delimiter.length === 1 && code < 0x80 && code !== QUOTE && code !== LF && code !== CR && code !== 0)
    return code;
  throw new UserError({
    code: 'CONFIG_INVALID',
    message: `${JSON.stringify(delimiter)} can not separate the fields of a CSV file.`,
    at: { file, name: 'data.delimiter' },
    fix: 'Use one ASCII character, such as , ; | or a tab ("\\t").',
  });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function splitHeader(header: Uint8Array, delimiter: number, file: string): string[] {
  const names: string[] = [];
  let at = 0;
  do {
    const { text, end } = headerField(header, at, delimiter, file);
    names.push(text.trim());
    at = end + 1;
  } while (at <= header.length);
  return names;
}

/** The field at `start` and the index of its terminator. */
function headerField(header: Uint8Array, start: number, delimiter: number, file: string) {
  const quoted = header[start] === QUOTE;
  const bytes: number[] = [];
  let inside = quoted;
  let at = quoted ? start + 1 : start;
  for (; at < header.length && (inside || header[at] !== delimiter); at++) {
    const byte = header[at]!;
    if (byte === QUOTE && inside && header[at + 1] === QUOTE) bytes.push(header[++at]!);
    else if (byte === QUOTE && inside) inside = false;
    else if (byte === QUOTE || (quoted && !inside))
      throw new UserError(strayQuote(quoted, { file, line: 1, column: at + 1 }));
    else bytes.push(byte);
  }
  return { text: decodeName(Uint8Array.from(bytes), file), end: at };
}

function decodeName(bytes: Uint8Array, file: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UserError(encodingFault(bytes, { file, line: 1 }));
  }
}

function checkNames(names: readonly string[], file: string): void {
  if (names.length > MAX_COLUMNS)
    fail(
      file,
      `The header has ${names.length} columns; at most ${MAX_COLUMNS} can be read.`,
      'Check the delimiter, or leave out columns.',
    );
  if (names.every((name) => name !== '' && Number.isFinite(Number(name))))
    fail(
      file,
      `The first line holds numbers (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}), not column names.`,
      'Add a header line with one name for each column.',
    );
  throwFaults(nameFaults(names, file).slice(0, MAX_FAULTS));
}

/** Columns without a name, and names that stand twice. */
export function nameFaults(names: readonly string[], file: string): Fault[] {
  const firstSeen = new Map<string, number>();
  return names.flatMap((name, index): Fault[] => {
    if (name === '') return [emptyName(index, file)];
    const before = firstSeen.get(name);
    firstSeen.set(name, before ?? index);
    if (before === undefined) return [];
    return [
      {
        code: 'DATA_SYNTAX',
        message: `Columns ${before + 1} and ${index + 1} are both named "${name}".`,
        at: { file, line: 1, name },
        fix: 'Rename one of them.',
      },
    ];
  });
}

function emptyName(index: number, file: string): Fault {
  return {
    code: 'DATA_SYNTAX',
    message: `Column ${index + 1} has no name.`,
    at: { file, line: 1 },
    fix:
      index === 0
        ? 'Name it, or leave it out: pandas writes its index unless told `to_csv(…, index=False)`.'
        : 'Name it, or remove the delimiter too many in the header.',
  };
}

function countLines(header: Uint8Array): number {
  let lines = 0;
  header.forEach((byte, i) => {
    if (byte === LF || (byte === CR && header[i + 1] !== LF)) lines++;
  });
  return lines;
}

function fail(file: string, message: string, fix: string): never {
  throw new UserError({ code: 'DATA_SYNTAX', message, at: { file, line: 1 }, fix });
}
