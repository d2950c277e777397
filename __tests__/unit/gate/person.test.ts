import { describe, expect, it } from '@jest/globals';
import { verdictDocument } from '../../../src/contracts/verdict.ts';
import type { GatePolicy } from '../../../src/gate/policy.ts';
import { judgeByPerson } from '../../../src/gate/person.ts';
import { contestant, present, promotionCase, recipe } from './cases.ts';
import { binarySample } from './samples.ts';

describe('a person decides', () => {
  const base = binarySample(1000, 0.5);
  const chosen = contestant('simple', binarySample(1000, 0.9, { modelSeed: 3 }));
  const failed = contestant('net', null, { status: 'failed' });
  const stopped = contestant('slow', null, { status: 'stopped', stopped: 'after 2 of 5 folds' });
  const decide = (candidate: string, changes: Partial<GatePolicy> = {}) => {
    const answer = { candidate: base, baseline: base };
    const made = promotionCase(
      [contestant('best', base), chosen, failed, stopped, recipe(base)],
      present(null),
      answer,
      changes,
    );
    const choice = { candidate, who: '@ada', reason: 'Easier to explain to the regulator.' };
    const verdict = verdictDocument.schema.parse(judgeByPerson(made.given, choice));
    return { verdict, asked: made.asked };
  };

  it('promotes what was chosen, without asking the hold-out, and says who and why', () => {
    const { verdict, asked } = decide('simple');
    expect(verdict).toMatchObject({ conclusion: 'promote', reason: 'promoted-by-person', winner: 'simple' });
    expect(verdict.sentence).toBe(
      'Promoted by @ada: the reason is “Easier to explain to the regulator”. simple was not tested for this.',
    );
    expect([asked, verdict.looks]).toEqual([[], { used: 2, allowed: 10, spent: false }]);
  });

  it.each([
    { name: 'a failed candidate', candidate: 'net', changes: {}, reason: 'failed' },
    { name: 'one that a search stopped', candidate: 'slow', changes: {}, reason: 'no-candidate' },
    { name: 'an unknown one', candidate: 'nobody', changes: {}, reason: 'no-candidate' },
    {
      name: 'one below the floor',
      candidate: 'simple',
      changes: { floor: { roc_auc: 0.99 } },
      reason: 'floor',
    },
    {
      name: 'one that is too large',
      candidate: 'simple',
      changes: { limits: { modelBytes: 10, predictMsPer1k: null, trainMinutes: null } },
      reason: 'limit',
    },
  ])('refuses $name', ({ candidate, changes, reason }) => {
    expect(decide(candidate, changes).verdict).toMatchObject({ conclusion: 'block', reason });
  });
});
