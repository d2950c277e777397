import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { UserError } from '../errors/user-error.ts';

/** An option of a command: `value` is the placeholder shown in the help; without one the option is a switch. */
export interface Option {
  readonly value?: string;
  readonly help: string;
  readonly short?: string;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  /** Every value of an option that may be repeated, in order. */
  texts(name: string): string[];
  flag(name: string): boolean;
  /** A whole number, at least `minimum`. */
  integer(name: string, minimum: number): number | undefined;
  /** One of a few words. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
}

/**
 * Reads the options of one command.
 * @throws UserError ARGUMENT_INVALID with the nearest option's name.
 */
export function parseOptions(
  argv: readonly string[],
  options: Readonly<Record<string, Option>>,
): ParsedArguments {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
    ]),
  ) as NonNullable<ParseArgsConfig['options']>;
  const { tokens, values, positionals } = parseArgs({
    args: [...argv],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option) throw unknownOption(token.rawName, Object.keys(options));
    if (option.value !== undefined && token.value === undefined)
      throw argumentError(`${token.rawName} needs a value`, `Write ${token.rawName} ${option.value}.`);
    if (option.value === undefined && token.value !== undefined)
      throw argumentError(`${token.rawName} takes no value`, `Write ${token.rawName} alone.`);
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    texts: (name) =>
      tokens.flatMap((token) => (token.kind === 'option' && token.name === name ? (token.value ?? []) : [])),
    flag: (name) => values[name] === true,
    integer: (name, minimum) => {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^\d+$/.test(value) || Number(value) < minimum)
        throw argumentError(`--${name} can not be "${value}"`, `Give a whole number, at least ${minimum}.`);
      return Number(value);
    },
    choice: (name, choices) => {
      const value = text(name);
      const found = choices.find((choice) => choice === value);
      if (value !== undefined && found === undefined)
        throw argumentError(`--${name} can not be "${value}"`, `Write one of ${choices.join(', ')}.`);
      return found;
    },
  };
}

/** A mistake on the command line. */
export function argumentError(message: string, fix: string): UserError {
  return new UserError({ code: 'ARGUMENT_INVALID', message, fix });
}

function unknownOption(raw: string, names: readonly string[]): UserError {
  const close = nearest(raw.replace(/^-+/, ''), names);
  return argumentError(
    `unknown option ${raw}`,
    close === undefined
      ? `Options: ${names.map((name) => `--${name}`).join(' ')}.`
      : `Did you mean --${close}?`,
  );
}
