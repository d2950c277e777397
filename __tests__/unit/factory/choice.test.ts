import { expect, it } from '@jest/globals';
import { requireChoice } from '../../../src/factory/choice.ts';
import { input, verdict } from '../../fixtures/report/builders.ts';

const given = input(verdict({})).plan;
const name = 'boosting';
const plan = {
  ...given,
  candidates: [
    {
      ...{ name, role: 'candidate' as const, trainer: 'gradient-boosting', params: {}, seed: 1 },
      ...{ fingerprint: 'a'.repeat(64), shard: 0 },
    },
  ],
};
const chosen = (candidate: string) => ({ candidate, who: '@maria', reason: 'needed' });

it('refuses a choice on any other branch, instead of judging as if nobody had chosen', () => {
  expect(() => requireChoice({ ...plan, question: 'merge' }, chosen(name))).toThrow(
    expect.objectContaining({
      code: 'ARGUMENT_INVALID',
      fix: expect.stringContaining('by hand on the default branch'),
    }),
  );
  expect(() => requireChoice({ ...plan, question: 'merge' }, null)).not.toThrow();
});

it('takes a candidate of the plan, and names the nearest of any other', () => {
  expect(() => requireChoice({ ...plan, question: 'promote' }, chosen(name))).not.toThrow();
  expect(() => requireChoice({ ...plan, question: 'promote' }, chosen(`${name}x`))).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('Did you mean') }),
  );
});
