import { resolve } from 'node:path';
import { explainConfig } from '../factory/explain.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';

/** Prints what the configuration means with every default filled in. */
export const explainCommand: Command = {
  name: 'explain config',
  summary: 'Print every setting that was inferred or defaulted, and why.',
  options: { config: { value: 'FILE', help: 'configuration (default: model-factory.yml)' } },
  run: async (args, terminal) => {
    if (args.positionals.length > 0)
      throw argumentError(`unexpected argument "${args.positionals[0]}"`, 'Name the file with --config.');
    const file = resolve(terminal.workingDirectory, args.text('config') ?? 'model-factory.yml');
    terminal.print(await explainConfig(file));
    return exitCodes.ok;
  },
};
