import { resolve } from 'node:path';
import { profileFile } from '../factory/profile.ts';
import { renderProfile } from '../data/render-profile.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';

/** What a CSV file holds, what could be its key and what would stand in the way of training. */
export const profileCommand: Command = {
  name: 'data profile',
  summary: 'Summarise a CSV file: columns, possible keys, and what would stand in the way of training.',
  positionals: '<file>',
  options: {
    target: { value: 'COLUMN', help: 'column to predict: also tells the task and what is suspicious' },
    positive: { value: 'CLASS', help: 'the class that counts as "yes"' },
    drop: { value: 'COLUMNS', help: 'columns that are never features, separated by commas' },
    json: { help: 'print the profile as JSON' },
  },
  run: async (args, terminal) => {
    const [file, ...more] = args.positionals;
    if (file === undefined || more.length > 0)
      throw argumentError('one file must be named', 'Write model-factory data profile FILE.');
    const target = args.text('target');
    const profile = await profileFile(resolve(terminal.workingDirectory, file), file, {
      target,
      positive: args.text('positive'),
      drop: args.text('drop')?.split(','),
    });
    const { problem } = profile;
    if (args.flag('json')) {
      const { code, message, at, fix } = problem ?? {};
      terminal.print(JSON.stringify({ ...profile, problem: problem && { code, message, at, fix } }, null, 2));
    } else terminal.print(renderProfile(profile).trimEnd());
    return exitCodes.ok;
  },
};
