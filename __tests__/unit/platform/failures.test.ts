import { describe, expect, it } from '@jest/globals';
import { readFailure, Refusal } from '../../../src/platform/github/failures.ts';
import { forbidden } from '../../../src/platform/github/translate.ts';

const hourMs = 3_600_000;

/** What Octokit throws. */
function thrown(status: number, message: string, headers: Readonly<Record<string, string>>): Error {
  return Object.assign(new Error(message), { status, response: { headers } });
}

describe('a limit', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');
  const limited = (date: string) =>
    readFailure(
      thrown(403, 'API rate limit exceeded', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String((nowMs + 90_000) / 1000),
        date,
      }),
      nowMs - hourMs,
    );

  it("ends by GitHub's clock, also on a runner whose clock is wrong", () => {
    expect(limited('Sat, 21 Nov 2026 12:00:00 GMT')).toMatchObject({ kind: 'limited', waitMs: 90_000 });
  });

  it("ends by the runner's clock where GitHub does not tell the time", () => {
    expect(limited('')).toMatchObject({ kind: 'limited', waitMs: hourMs + 90_000 });
  });
});

describe('a refusal', () => {
  const purpose = { what: 'comment on #7', permission: 'pull-requests: write' };

  it.each([
    ['Unable to create comment because issue is locked.', 'Unlock the conversation'],
    ['Repository was archived so is read-only.', 'Unarchive the repository'],
    [
      'Although you appear to have the correct authorization, the `octo` organization has an IP allow list',
      'IP',
    ],
  ])('"%s" is not called a lack of permission', (message, fix) => {
    const error = forbidden(purpose, new Refusal(403, message, [], undefined));
    expect(error.fix).toContain(fix);
    expect(error.fix).not.toContain('permissions:');
  });
});
