import { UserError } from '../errors/user-error.ts';
import type { PersonalChoice } from '../factory/ports.ts';
import { nearest } from '../config/nearest.ts';
import { defaultLedgerRef } from '../contracts/ledger.ts';
import { defaultConfigFile } from '../contracts/plan.ts';
import type { Runner } from '../platform/runner.ts';

type InputSource = Pick<Runner, 'input'>;

/** An input that must not be empty. */
export function requiredInput(runner: InputSource, name: string): string {
  const value = runner.input(name);
  if (value !== null) return value;
  throw inputError(`the input ${name} is empty`, `Give it under \`with:\`.`, name);
}

/** A whole number between two bounds, or null where the input is empty. */
export function integerInput(
  runner: InputSource,
  name: string,
  minimum: number,
  maximum: number,
): number | null {
  const value = runner.input(name);
  return value === null ? null : parseInteger(value, name, minimum, maximum);
}

/** Whole numbers between two bounds, separated by commas, blanks or lines; [] where the input is empty. */
export function integersInput(
  runner: InputSource,
  name: string,
  minimum: number,
  maximum: number,
): readonly number[] {
  const words = (runner.input(name) ?? '').split(/[\s,]+/).filter(Boolean);
  return words.map((word) => parseInteger(word, name, minimum, maximum));
}

function parseInteger(value: string, name: string, minimum: number, maximum: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= minimum && number <= maximum) return number;
  throw inputError(
    `the input ${name} can not be "${value}"`,
    `Give a whole number from ${minimum} to ${maximum}.`,
    name,
  );
}

/** One of the given words; the first one where the input is empty. */
export function choiceInput<T extends string>(
  runner: InputSource,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const value = runner.input(name);
  if (value === null) return choices[0];
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const close = nearest(value, choices);
  const fix = `${close === undefined ? '' : `Did you mean "${close}"? `}Valid: ${choices.join(', ')}.`;
  throw inputError(`the input ${name} can not be "${value}"`, fix, name);
}

function inputError(message: string, fix: string, name: string): UserError {
  return new UserError({ code: 'ARGUMENT_INVALID', message, at: { name }, fix });
}

/** What most actions take. */
export interface CommonInputs {
  readonly config: string;
  readonly workingDirectory: string;
  readonly githubToken: string;
  readonly ledgerRef: string;
}

export function commonInputs(runner: InputSource): CommonInputs {
  return {
    config: runner.input('config') ?? defaultConfigFile,
    workingDirectory: runner.input('working-directory') ?? '.',
    githubToken: requiredInput(runner, 'github-token'),
    ledgerRef: runner.input('ledger-ref') ?? defaultLedgerRef,
  };
}

/** The candidate that the person who started the job promotes, with the reason; null where the test decides. */
export function personInput(runner: InputSource, { actor }: { actor: string }): PersonalChoice | null {
  const candidate = runner.input('candidate');
  return candidate === null ? null : { candidate, reason: requiredInput(runner, 'reason'), who: `@${actor}` };
}
