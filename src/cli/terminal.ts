import type { Logger } from '../platform/logger.ts';

/** What a command may do to the terminal; tests pass their own. */
export interface Terminal {
  print(text: string): void;
  error(text: string): void;
  readonly logger: Logger;
  /** True where a progress bar can be redrawn in place. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Writes without a newline, for the progress bar. */
  draw(text: string): void;
  /** Asks the person at the terminal for a line; null where nobody is. */
  readonly ask: ((question: string) => Promise<string>) | null;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File that serves fits on a worker thread. */
  readonly workerEntry: string;
}
