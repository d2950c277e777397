/** The body of `docs/troubleshooting.md`: every code with its cause, every message as a heading, what to do below it. */
import { errorCodes } from '../src/errors/codes.ts';
import { asSentence } from '../src/errors/user-error.ts';
import { knownErrors, type KnownError } from './error-catalogue.ts';

/** Sections for errors, and for notices about the data, of the sources below `folder`. */
export function troubleshootingSections(folder: string): { errors: string; notices: string } {
  const known = knownErrors(folder);
  const ofCode = (code: string, cause: string): KnownError[] => {
    const all = known.filter((error) => error.code === code);
    return all.length > 0 ? all : [{ code, message: asSentence(cause), fix: '' }];
  };
  const errors = Object.entries(errorCodes).flatMap(([code, cause]) => [
    `### \`${code}\``,
    asSentence(cause),
    ...ofCode(code, cause).flatMap(entry),
  ]);
  const notices = known.filter(({ code }) => !Object.hasOwn(errorCodes, code));
  return { errors: page(errors), notices: page(notices.sort(byCode).flatMap(entry)) };
}

function byCode(a: KnownError, b: KnownError): number {
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}

function entry({ message, fix }: KnownError): string[] {
  return [`#### ${code(message)}`, ...(/[a-z]{3}/i.test(fix) ? [text(fix)] : [])];
}

function code(message: string): string {
  const ticks = message.includes('`') ? '``' : '`';
  return `${ticks}${message}${ticks}`;
}

function text(fix: string): string {
  return fix.replaceAll(/(?<!`[^`]*)[<*]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`));
}

function page(blocks: readonly string[]): string {
  return `\n${blocks.join('\n\n')}\n`;
}
