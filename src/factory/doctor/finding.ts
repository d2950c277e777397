import type { Place, UserError } from '../../errors/user-error.ts';

/** What one check says. Only `fail` makes the doctor fail; `skipped` could not be looked at from here. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail' | 'skipped';
  /** What was checked, in one word. */
  readonly check: Check;
  readonly message: string;
  readonly at?: Place | undefined;
  /** What to do now; null where there is nothing. */
  readonly fix: string | null;
}

export type Check =
  'configuration' | 'data' | 'repository' | 'workflow' | 'limits' | 'test set' | 'history' | 'github';

export function ok(check: Check, message: string): Finding {
  return { level: 'ok', check, message, fix: null };
}

export function skipped(check: Check, message: string): Finding {
  return { level: 'skipped', check, message, fix: null };
}

/** Every fault of an error as a finding of its own. */
export function failures(check: Check, error: UserError): Finding[] {
  return [error, ...error.more].map(({ code, message, at, fix }) => ({
    ...{ level: 'fail', check, at, fix },
    message: `${code}: ${message}`,
  }));
}
