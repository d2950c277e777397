import { inspect } from 'node:util';

/** A line for the candidate's log. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What was thrown, with the place where it happened. */
export function sayError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : inspect(error)}\n`);
}
