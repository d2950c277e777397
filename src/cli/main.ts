import { nearest } from '../config/nearest.ts';
import { formatUserError, UserError } from '../errors/user-error.ts';
import { factoryVersion } from '../factory/version.ts';
import { argumentError, parseOptions, type Option } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { commands } from './commands.ts';
import type { Terminal } from './terminal.ts';

const common: Record<string, Option> = { help: { help: 'show this help', short: 'h' } };

/** Runs one command; never throws. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    if (error instanceof UserError) {
      terminal.error(formatUserError(error));
      return exitCodes.userError;
    }
    terminal.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    terminal.error('This is a bug in model-factory: please report it with the lines above.');
    return exitCodes.bug;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first, second] = argv;
  if (first === '--version') {
    terminal.print(factoryVersion);
    return exitCodes.ok;
  }
  const command =
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    terminal.print(overview());
    return exitCodes.ok;
  }
  if (!command) throw unknownCommand(first);
  const options = { ...command.options, ...common };
  const args = parseOptions(argv.slice(command.name.split(' ').length), options);
  if (args.flag('help')) {
    terminal.print(usage(command, options));
    return exitCodes.ok;
  }
  const [extra] = args.positionals;
  if (command.positionals === undefined && extra !== undefined) throw unexpected(command, extra);
  return command.run(args, terminal);
}

/** A shell has spread a pattern that wasn't in quotes, or a path stands without its option. */
function unexpected({ name, options }: Command, extra: string): UserError {
  return argumentError(
    `${name} takes no argument "${extra}"`,
    options['config'] === undefined
      ? `See model-factory ${name} --help.`
      : "Name a configuration with --config FILE; put a pattern in quotes: --config 'models/*/model-factory.yml'.",
  );
}

function unknownCommand(name: string): UserError {
  const names = commands.map((command) => command.name);
  const close = nearest(name, names);
  return argumentError(
    `unknown command "${name}"`,
    close === undefined ? `Commands: ${names.join(', ')}.` : `Did you mean "${close}"?`,
  );
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: model-factory <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'model-factory <command> --help tells a command’s options.',
  ].join('\n');
}

function usage(command: Command, options: Readonly<Record<string, Option>>): string {
  const left = Object.entries(options).map(
    ([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`,
  );
  const width = Math.max(...left.map((text) => text.length));
  return [
    `Usage: model-factory ${[command.name, command.positionals, '[options]'].filter(Boolean).join(' ')}`,
    '',
    command.summary,
    '',
    ...Object.values(options).map(({ help }, i) => `  ${left[i]!.padEnd(width)}  ${help}`),
  ].join('\n');
}
