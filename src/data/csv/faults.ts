import type { Fault, Place } from '../../errors/user-error.ts';
import { UserError } from '../../errors/user-error.ts';

/** So many faults are collected before reading stops. */
export const MAX_FAULTS = 10;

/** Collects the faults of one file and throws them together, at the latest when there are ten. */
export class FaultList {
  private readonly faults: Fault[] = [];

  get isEmpty(): boolean {
    return this.faults.length === 0;
  }

  add(fault: Fault): void {
    this.faults.push(fault);
    if (this.faults.length >= MAX_FAULTS) throw this.toError();
  }

  throwIfAny(): void {
    if (!this.isEmpty) throw this.toError();
  }

  /** All faults so far as one error; there must be one. */
  toError(): UserError {
    const [first, ...rest] = this.faults;
    return new UserError(
      first!,
      rest.map((fault) => new UserError(fault)),
    );
  }
}

/** A record with fewer or more fields than the header. */
export function raggedRow(found: number, expected: number, at: Place): Fault {
  const hint = found > expected ? ' An unquoted delimiter in a text is the usual cause.' : '';
  return {
    code: 'DATA_SYNTAX',
    message: `Row ${at.row ?? '?'} has ${found === 1 ? '1 field' : `${found} fields`}, the header has ${expected}.${hint}`,
    at,
    fix: 'Give the row as many fields as the header; put texts with delimiters between double quotes.',
  };
}

/** A quote where RFC 4180 allows none. */
export function strayQuote(afterClosing: boolean, at: Place): Fault {
  return {
    code: 'DATA_SYNTAX',
    message: afterClosing
      ? 'There is text after a closing quote.'
      : 'There is a quote inside an unquoted field.',
    at,
    fix: 'Put the whole field between double quotes and double each quote inside it: "6"" pipe".',
  };
}

/** A quoted field that doesn't end before the file, or before it is longer than any text should be. */
export function openQuote(why: string, at: Place): Fault {
  return {
    code: 'DATA_SYNTAX',
    message: `The quote opened here is never closed (${why}).`,
    at,
    fix: 'Close the quote, or double it if it belongs to the text.',
  };
}

/** Binary zero in a text. */
export function nulByte(at: Place): Fault {
  return {
    code: 'DATA_SYNTAX',
    message: 'The field holds a NUL byte.',
    at,
    fix: 'Export the file again as text, or remove the NUL bytes: tr -d "\\000" < in.csv > out.csv',
  };
}
