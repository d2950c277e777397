import { createInterface } from 'node:readline';
import { argumentError } from './arguments.ts';
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
    ask: process.stdin.isTTY && stderr.isTTY ? askLine : null,
    workingDirectory: process.cwd(),
    environment: process.env,
    workerEntry,
  };
}

/** @throws UserError when the terminal is closed instead of an answer */
function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    lines.once('close', () => reject(argumentError('the question was not answered', 'Nothing was written.')));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
