import type { Config } from '../config/schema.ts';
import type { Verdict } from '../contracts/verdict.ts';

/** Whether the check fails: `block` does, `undecided` only where the policy says so. */
export function failsCheck(
  { conclusion }: Pick<Verdict, 'conclusion'>,
  { gate }: Pick<Config, 'gate'>,
): boolean {
  return conclusion === 'block' || (conclusion === 'undecided' && gate.undecided === 'block');
}

/** 0 or 1 for the command line. */
export function exitCodeOf(verdict: Verdict, config: Config): number {
  return failsCheck(verdict, config) ? 1 : 0;
}
