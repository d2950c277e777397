import type { Command } from './command.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainCommand, explainConfigCommand } from './explain-command.ts';
import { initCommand } from './init-command.ts';
import { profileCommand } from './profile-command.ts';
import { gateCommand } from './gate-command.ts';
import { planCommand } from './plan-command.ts';
import { predictCommand } from './predict-command.ts';
import { publishCommand } from './publish-command.ts';
import { reportCommand } from './report-command.ts';
import { runCommand } from './run-command.ts';
import { historyCommand, showCommand } from './show-command.ts';
import { tagCommand } from './tag-command.ts';
import { trainCommand } from './train-command.ts';

/** Every verb, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  initCommand,
  doctorCommand,
  runCommand,
  planCommand,
  trainCommand,
  gateCommand,
  reportCommand,
  publishCommand,
  predictCommand,
  profileCommand,
  explainConfigCommand,
  explainCommand,
  showCommand,
  historyCommand,
  tagCommand,
];
