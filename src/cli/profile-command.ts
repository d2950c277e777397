import { resolve } from 'node:path';
import { renderProfile } from '../data/render-profile.ts';
import { profileFile, profileProject, type FileProfile, type ProfileOptions } from '../factory/profile.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { fileFormatOf, fileFormatOptions } from './file-format.ts';
import type { Terminal } from './terminal.ts';

const ownOptions = {
  target: { value: 'COLUMN', help: 'column to predict: also tells the task and what is suspicious' },
  positive: { value: 'CLASS', help: 'the class that counts as "yes"' },
  drop: { value: 'COLUMNS', help: 'columns that are never features, separated by commas' },
  ...fileFormatOptions,
};

/** What a CSV file holds, what could be its key and what would stand in the way of training. */
export const profileCommand: Command = {
  name: 'data profile',
  summary: 'Summarise a CSV file: columns, possible keys, and what would stand in the way of training.',
  positionals: '[FILE.csv]',
  options: {
    ...ownOptions,
    config: {
      value: 'FILE',
      help: 'profile the data of this configuration as a run reads it, without a file',
    },
    json: { help: 'print the profile as JSON' },
  },
  run: async (args, terminal) => {
    const { profile, found } = await profileOf(args, terminal);
    const { problem } = profile;
    if (args.flag('json')) {
      const { code, message, at, fix } = problem ?? {};
      const json = { ...profile, format: found, problem: problem && { code, message, at, fix } };
      terminal.print(JSON.stringify(json, null, 2));
    } else terminal.print(renderProfile(profile, found).trimEnd());
    return exitCodes.ok;
  },
};

async function profileOf(args: ParsedArguments, { workingDirectory }: Terminal): Promise<FileProfile> {
  const [file, ...more] = args.positionals;
  const config = args.text('config');
  if (config !== undefined) {
    const beside = Object.keys(ownOptions).find((name) => args.text(name) !== undefined);
    if (file !== undefined || beside !== undefined)
      throw argumentError(
        `--config names the data already, and how it is read: ${file ?? `--${beside!}`} does not go with it`,
        'Leave one of the two out.',
      );
    return profileProject(resolve(workingDirectory, config));
  }
  if (file === undefined || more.length > 0)
    throw argumentError(
      'one file must be named',
      'Write model-factory data profile FILE.csv, or --config model-factory.yml for the data of a model.',
    );
  return profileFile(resolve(workingDirectory, file), file, optionsOf(args));
}

function optionsOf(args: ParsedArguments): ProfileOptions {
  const target = args.text('target');
  const drop = args.text('drop')?.split(',') ?? [];
  return {
    check: target === undefined ? null : { target, positive: args.text('positive'), drop },
    format: { ...fileFormatOf(args), drop },
  };
}
