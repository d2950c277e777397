import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal that keeps what is printed. */
export function testTerminal(changes: Partial<Terminal> = {}) {
  const out: string[] = [];
  const errors: string[] = [];
  const ignore = (): void => undefined;
  const terminal: Terminal = {
    print: (text) => void out.push(text),
    error: (text) => void errors.push(text),
    logger: { debug: ignore, info: ignore, warning: ignore, error: ignore, group: (_, body) => body() },
    interactive: false,
    columns: 80,
    draw: ignore,
    ask: null,
    workingDirectory: '.',
    environment: {},
    workerEntry: '',
    ...changes,
  };
  return { terminal, out, errors };
}
