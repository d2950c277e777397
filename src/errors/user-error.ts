import type { ErrorCode } from './codes.ts';

/** Where a fault sits in what the user wrote; every part is optional but `file`. Lines, columns and rows count from 1. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Data row: the first row below the header is row 1. */
  readonly row?: number | undefined;
  /** Name of a table column or key of the configuration. */
  readonly name?: string | undefined;
}

export interface Fault {
  readonly code: ErrorCode;
  /** One sentence: what happened. */
  readonly message: string;
  readonly at?: Place | undefined;
  /** What to do now, as an instruction. */
  readonly fix: string;
  readonly cause?: unknown;
}

/** A mistake in what the user gave us. Printed without a stack; anything else that is thrown is our bug. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly at: Place;
  readonly fix: string;
  /** Further faults of the same kind, so that all mistakes are reported at once. */
  readonly more: readonly UserError[];

  constructor(fault: Fault, more: readonly UserError[] = []) {
    super(fault.message, { cause: fault.cause });
    this.name = 'UserError';
    this.code = fault.code;
    this.at = fault.at ?? {};
    this.fix = fault.fix;
    this.more = more;
  }
}

/** Throws the first fault with the others attached; returns when there are none. */
export function throwFaults(faults: readonly Fault[]): void {
  const [first, ...rest] = faults;
  if (first)
    throw new UserError(
      first,
      rest.map((fault) => new UserError(fault)),
    );
}

/** Renders an error for a terminal or a log: code, what, where, fix; one block for each fault. */
export function formatUserError(error: UserError): string {
  return [error, ...error.more].map(formatOne).join('\n\n');
}

function formatOne(error: UserError): string {
  const where = formatPlace(error.at);
  return [
    `${error.code}: ${asSentence(error.message)}`,
    ...(where ? [`  where: ${where}`] : []),
    `  fix:   ${asSentence(error.fix)}`,
  ].join('\n');
}

/** Capital and full stop; what begins with a name or a quoted text stays, and so does a command at the end. */
export function asSentence(text: string): string {
  const capital = text.replace(/^[a-z]+(?= )/, (word) => word[0]!.toUpperCase() + word.slice(1));
  return /[.!?]$/.test(capital) || /: [^ ]+ -/.test(capital) ? capital : `${capital}.`;
}

/** `file:line:column, row 12, column "age"`, leaving out what isn't known. */
export function formatPlace({ file, line, column, row, name }: Place): string {
  const position = [line, line === undefined ? undefined : column].filter((part) => part !== undefined);
  const parts = [
    file === undefined ? '' : [file, ...position].join(':'),
    row === undefined ? '' : `row ${row}`,
    name === undefined ? '' : `"${name}"`,
  ];
  return parts.filter(Boolean).join(', ');
}
