import type { Logger } from '../platform/logger.ts';
import type { Terminal } from './terminal.ts';

/** The terminal of this process: results to stdout, everything else to stderr. */
export function processTerminal(workerEntry: string): Terminal {
  const { stdout, stderr } = process;
  const line = (text: string): void => void stderr.write(`${text}\n`);
  const logger: Logger = {
    debug: () => undefined,
    info: line,
    warning: (message) => line(`warning: ${message}`),
    error: line,
    group: (title, body) => {
      line(title);
      return body();
    },
  };
  return {
    print: (text) => void stdout.write(`${text}\n`),
    error: line,
    logger,
    interactive: stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: stderr.columns || 100,
    draw: (text) => void stderr.write(text),
    workingDirectory: process.cwd(),
    environment: process.env,
    workerEntry,
  };
}
