import './platform/compilers.ts';
import { runCommandLine } from './cli/main.ts';
import { processTerminal } from './cli/process-terminal.ts';

export { runAction } from './actions/run.ts';
export { serveFits } from './factory/fit-worker.ts';
export { serveLayers } from './factory/tensorflow/child.ts';

/** The `model-factory` command. `workerEntry` = file that calls `serveFits`. Returns the exit code. */
export function runCli(argv: readonly string[], workerEntry: string): Promise<number> {
  return runCommandLine(argv, processTerminal(workerEntry));
}
