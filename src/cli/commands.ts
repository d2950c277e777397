import type { Command } from './command.ts';
import { explainCommand } from './explain-command.ts';
import { runCommand } from './run-command.ts';

/** Every verb, in the order in which the help lists them. */
export const commands: readonly Command[] = [runCommand, explainCommand];
