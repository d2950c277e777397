import { createInterface } from 'node:readline';
import { formatUserError } from '../errors/user-error.ts';
import { reasonOf, unwritable } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import { argumentError } from './arguments.ts';
import { exitCodes } from './command.ts';
import type { Terminal } from './terminal.ts';

/** The terminal of this process: results to stdout, everything else to stderr. */
export function processTerminal(workerEntry: string): Terminal {
  const { stdout, stderr } = process;
  const line = (text: string): void => void stderr.write(`${text}\n`);
  outliveReaders(line);
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

/**
 * A reader that has seen enough (`| head`) ends nothing: what the command does and its exit code stay. A result that
 * can't be written for another reason, such as a full disk, is told and is never a success.
 */
function outliveReaders(line: (text: string) => void): void {
  const { stdout, stderr } = process;
  let told = false;
  stderr.on('error', () => undefined);
  stdout.on('error', (error) => {
    if (told || reasonOf(error) === 'EPIPE') return;
    told = true;
    line(formatUserError(unwritable('standard output', error)));
    process.once('exit', () => (process.exitCode ||= exitCodes.userError));
  });
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
