import { argumentError, type Option, type ParsedArguments } from './arguments.ts';

/** How a file is written, the same for every command that reads one without a configuration. */
export const fileFormatOptions = {
  delimiter: { value: 'SIGN', help: 'separator of the file, or the word tab (default: detected)' },
  encoding: { value: 'NAME', help: 'utf-8, latin-1, windows-1252 or utf-16' },
  decimal: { value: 'SIGN', help: 'decimal sign of the numbers, . or ,' },
  dates: { value: 'ORDER', help: 'how 3/4/2024 is read: day-first or month-first' },
} as const satisfies Record<string, Option>;

/** The format that the options name. @throws UserError ARGUMENT_INVALID */
export function fileFormatOf(args: ParsedArguments) {
  const delimiter = args.text('delimiter');
  if (delimiter !== undefined && delimiter !== 'tab' && delimiter.length !== 1)
    throw argumentError(
      `--delimiter can not be "${delimiter}"`,
      'Give one sign such as ";", or the word tab.',
    );
  return {
    delimiter: delimiter === 'tab' ? '\t' : delimiter,
    encoding: args.choice('encoding', ['utf-8', 'latin-1', 'windows-1252', 'utf-16']),
    decimal: args.choice('decimal', ['.', ',']),
    dates: args.choice('dates', ['day-first', 'month-first']),
  };
}
