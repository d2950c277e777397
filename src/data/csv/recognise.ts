import { throwFaults } from '../../errors/user-error.ts';
import type { Fault } from '../../errors/user-error.ts';
import { latin1 } from './bytes.ts';
import type { Encoding } from './encoding.ts';

/** How many bytes from the start of a file `recognise` wants to see. */
export const HEAD_BYTES = 4096;

const encodingFix = (setting: Encoding, from: string, file: string): string =>
  `Set data.encoding: ${setting} (predict: --encoding ${setting}), or convert the file: iconv -f ${from} -t UTF-8 "${file}" > converted.csv`;

/**
 * Throws when the first bytes of a file say that it isn't CSV text in UTF-8: a Git LFS or DVC pointer, UTF-16,
 * Parquet, an archive or an Excel workbook. Returns the length of the byte order mark to skip (0 or 3).
 */
export function recognise(head: Uint8Array, file: string): number {
  const fault = faultOf(head, latin1(head, 0, Math.min(head.length, HEAD_BYTES)), file);
  if (fault) throwFaults([fault]);
  return startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
}

/** The fault to report for a file that DVC keeps elsewhere; also when only `<file>.dvc` is there. */
export function dvcPointerFault(file: string): Fault {
  return {
    code: 'DATA_DVC_POINTER',
    message: 'This is a DVC pointer, not the data: the data lies in the DVC remote.',
    at: { file },
    fix:
      'Add a step before the factory that runs `dvc pull` (with the credentials of the remote), ' +
      'and name the data file itself, without .dvc, in `data.source`.',
  };
}

function faultOf(head: Uint8Array, text: string, file: string): Fault | undefined {
  const at = { file, line: 1 };
  if (text.startsWith('version https://git-lfs.github.com/spec/'))
    return {
      code: 'DATA_LFS_POINTER',
      message: 'This is a Git LFS pointer, not the data.',
      at,
      fix: 'Run `git lfs pull`; in a workflow add `with: { lfs: true }` to the actions/checkout step.',
    };
  if (/^outs:\s*$/m.test(text) && /^\s*-?\s*md5: [0-9a-f]{32}(\.dir)?\s*$/m.test(text))
    return dvcPointerFault(file);
  const format = binaryFormatOf(head);
  if (format !== undefined)
    return {
      code: 'DATA_SYNTAX',
      message: `The file is ${format.name}, not CSV.`,
      at,
      fix: format.fix,
    };
  const utf16 = utf16Of(head);
  if (utf16 !== undefined)
    return {
      code: 'DATA_ENCODING',
      message: `The file is ${utf16}, not UTF-8.`,
      at,
      fix: encodingFix('utf-16', utf16, file),
    };
  return undefined;
}

function utf16Of(head: Uint8Array): string | undefined {
  if (startsWith(head, [0xff, 0xfe])) return 'UTF-16LE';
  if (startsWith(head, [0xfe, 0xff])) return 'UTF-16BE';
  const zeros: [number, number] = [0, 0];
  const length = Math.min(head.length, HEAD_BYTES);
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[(i & 1) as 0 | 1]++;
  const most = Math.max(...zeros);
  if (most * 4 < length || length === 0) return undefined;
  return zeros[1] > zeros[0] ? 'UTF-16LE' : 'UTF-16BE';
}

function binaryFormatOf(head: Uint8Array): { name: string; fix: string } | undefined {
  if (startsWith(head, [0x1f, 0x8b])) return { name: 'a gzip archive', fix: 'Unpack it with `gunzip`.' };
  if (startsWith(head, [0x50, 0x4b, 3, 4]))
    return {
      name: 'a ZIP archive or an Excel workbook',
      fix: 'Unpack it, or save the sheet as CSV UTF-8.',
    };
  if (startsWith(head, [0x50, 0x41, 0x52, 0x31]))
    return { name: 'Parquet', fix: 'Export it as CSV; Parquet is read for data.source and holdout.source.' };
  return undefined;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, i) => bytes[i] === byte);
}

/** The fault for a text that isn't UTF-8 (`bytes` as found), with the encoding it is likely in and how to convert it. */
export function encodingFault(bytes: Uint8Array, at: NonNullable<Fault['at']>): Fault {
  const byte = bytes.find((value) => value >= 0x80) ?? 0;
  return {
    code: 'DATA_ENCODING',
    message:
      `"${printable(bytes)}" is not UTF-8 (byte 0x${byte.toString(16).toUpperCase()}); ` +
      'the file looks like Latin-1 (Windows-1252).',
    at,
    fix: encodingFix('windows-1252', 'WINDOWS-1252', at.file ?? 'data.csv'),
  };
}

const windows1252 = new TextDecoder('windows-1252');

function printable(bytes: Uint8Array): string {
  return windows1252.decode(bytes.subarray(0, 40));
}
