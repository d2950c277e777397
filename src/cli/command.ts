import type { Option, ParsedArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** A verb of the command line. Returns the exit code. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments for the usage line, e.g. `<rule|config>`. */
  readonly positionals?: string;
  readonly options: Readonly<Record<string, Option>>;
  run(args: ParsedArguments, terminal: Terminal): Promise<number>;
}

/** 0 promote, keep or undecided that passes; 1 block; 2 a user's mistake; 70 our bug. */
export const exitCodes = { ok: 0, block: 1, userError: 2, bug: 70 } as const;
