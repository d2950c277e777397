import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verdictDocument, type Verdict } from '../../../src/contracts/verdict.ts';
import type { Case } from '../../../src/gate/case.ts';
import { judgePullRequest } from '../../../src/gate/merge.ts';
import type { Predictions } from '../../../src/gate/predictions.ts';
import { contestant, mergeCase, present, recipe, record } from './cases.ts';
import { binarySample, predictionsOf } from './samples.ts';

function judge(given: Case): Verdict {
  return verdictDocument.schema.parse(judgePullRequest(given));
}

/** Models of one world of 2,000 rows by how much noise they see through. */
const model = (noise: number, modelSeed = 2) => binarySample(2000, noise, { modelSeed });
const base = model(0.5);
const same = () => recipe(base);

describe('a proven drop within max-drop', () => {
  const worse = model(0.9, 3);
  const given = mergeCase([contestant('logistic', worse), recipe(worse)], present(base), { maxDrop: '90%' });

  it('may merge, but is called worse', () => {
    expect(judge(given)).toMatchObject({ conclusion: 'keep', reason: 'no-worse' });
    expect(judge(given).sentence).toMatch(/^Worse than the baseline \(champion v1\.\d\.\d\), but within the/);
    expect(judge(given).sentence).toMatch(/a drop of at most [\d.]+ is allowed\.$/);
  });
});

describe('may this merge?', () => {
  const worlds: { name: string; given: Case; conclusion: string; reason: string }[] = [
    {
      name: 'nothing changed',
      given: mergeCase([contestant('logistic', base), same()], present(base)),
      conclusion: 'keep',
      reason: 'unchanged',
    },
    {
      name: 'a harmless change',
      given: mergeCase([contestant('logistic', model(0.5, 9)), recipe(model(0.5, 9))], present(base)),
      conclusion: 'keep',
      reason: 'no-worse',
    },
    {
      name: 'a better candidate',
      given: mergeCase(
        [contestant('boosting', model(0.05, 3)), contestant('logistic', base), same()],
        present(base),
      ),
      conclusion: 'keep',
      reason: 'likely-better',
    },
    {
      name: 'a strong column dropped',
      given: mergeCase([contestant('logistic', model(1.5, 3)), recipe(model(1.5, 3))], present(base)),
      conclusion: 'block',
      reason: 'worse',
    },
    {
      name: 'the recipe is worse, but a new candidate better than the baseline',
      given: mergeCase([contestant('boosting', model(0.05, 3)), recipe(model(1.5, 3))], present(base)),
      conclusion: 'keep',
      reason: 'likely-better',
    },
    {
      name: 'the recipe is the same, but all candidates are worse',
      given: mergeCase([contestant('stump', model(1.5, 3)), same()], present(base)),
      conclusion: 'block',
      reason: 'worse',
    },
    {
      name: 'worse by more than allowed, but it may be chance',
      given: mergeCase(
        [
          contestant('logistic', binarySample(300, 0.8, { modelSeed: 6 })),
          recipe(binarySample(300, 0.8, { modelSeed: 6 })),
        ],
        present(binarySample(300, 0.5)),
      ),
      conclusion: 'undecided',
      reason: 'may-be-worse',
    },
    {
      name: 'no baseline yet',
      given: mergeCase([contestant('logistic', base)], { kind: 'none' }),
      conclusion: 'keep',
      reason: 'first-run',
    },
    {
      name: 'no baseline yet, below the floor',
      given: mergeCase([contestant('logistic', base)], { kind: 'none' }, { floor: { roc_auc: 0.99 } }),
      conclusion: 'block',
      reason: 'floor',
    },
    {
      name: 'above the ceiling',
      given: mergeCase([contestant('logistic', base), same()], present(base), { ceiling: { log_loss: 0.2 } }),
      conclusion: 'block',
      reason: 'ceiling',
    },
    {
      name: 'too good to be true',
      given: mergeCase([contestant('leaky', model(0.05, 3)), same()], present(model(2, 4)), {
        maxGain: 0.05,
      }),
      conclusion: 'block',
      reason: 'too-good',
    },
    {
      name: 'too large',
      given: mergeCase([contestant('forest', base, { modelBytes: 6_000_000 }), same()], present(base), {
        limits: { modelBytes: 5_000_000, predictMsPer1k: null, trainMinutes: null },
      }),
      conclusion: 'block',
      reason: 'limit',
    },
    {
      name: 'a candidate failed',
      given: mergeCase(
        [
          contestant('net', null, { status: 'failed', failure: 'loss is NaN' }),
          contestant('logistic', base),
          same(),
        ],
        present(base),
      ),
      conclusion: 'block',
      reason: 'failed',
    },
    {
      name: 'the baseline cannot be read',
      given: mergeCase([contestant('logistic', base)], {
        kind: 'not-comparable',
        why: 'the target changed from y to z',
        fix: 'End the line with gate.baseline.restart.',
      }),
      conclusion: 'block',
      reason: 'not-comparable',
    },
    {
      name: 'the configuration vanished',
      given: mergeCase([contestant('logistic', base)], { kind: 'config-missing' }),
      conclusion: 'block',
      reason: 'config-missing',
    },
    {
      name: 'a class with too few rows in a fold',
      given: mergeCase([contestant('logistic', rare()), recipe(rare())], present(rare())),
      conclusion: 'undecided',
      reason: 'insufficient-data',
    },
  ];

  it.each(worlds)('$name: $conclusion / $reason', ({ given, conclusion, reason }) => {
    expect(judge(given)).toMatchObject({ conclusion, reason });
  });

  it('says so in plain language', () => {
    const said = worlds.map(({ name, given }) => {
      const { sentence, next } = judge(given);
      return `${name}\n  ${sentence}\n  -> ${next}`;
    });
    expect(`\n${said.join('\n\n')}\n`).toMatchSnapshot();
  });

  function rare(): Predictions {
    return predictionsOf(
      'binary',
      Array.from({ length: 500 }, (_, row) => (row < 20 ? 1 : 0)),
      Array.from({ length: 500 }, (_, row) => [0.9 - 0.001 * (row % 7), 0.1 + 0.001 * (row % 7)]),
    );
  }

  it('holds the best of K candidates to .05 / K', () => {
    const better = model(0.2, 3);
    const alone = judge(mergeCase([contestant('boosting', better), same()], present(base)));
    const others = Array.from({ length: 19 }, (_, i) => contestant(`other-${i}`, model(2, 30 + i)));
    const among = judge(mergeCase([contestant('boosting', better), ...others, same()], present(base)));
    expect(alone.reason).toBe('likely-better');
    expect(among.rules.find(({ rule }) => rule.startsWith('likely better'))).toMatchObject({
      outcome: 'undecided',
      comparison: { confidence: 1 - 0.05 / 20 },
    });
    expect(among.reason).toBe('unchanged');
  });

  it('counts candidates that a search stopped among K, and never takes one for the best', () => {
    const stopped = (name: string) =>
      contestant(name, null, { status: 'stopped', stopped: 'after 2 of 5 folds: could not win any more' });
    const others = Array.from({ length: 19 }, (_, i) => stopped(`a-${i}`));
    const verdict = judge(
      mergeCase([...others, contestant('boosting', model(0.2, 3)), same()], present(base)),
    );
    expect(verdict.winner).toBe('boosting');
    expect(verdict.rules.find(({ rule }) => rule.startsWith('likely better'))).toMatchObject({
      comparison: { confidence: 1 - 0.05 / 20 },
    });
    expect(verdict.standings[1]).toMatchObject({ status: 'stopped', comparison: null });
    expect(judge(mergeCase([stopped('trees-1'), stopped('trees-2'), same()], present(base)))).toMatchObject({
      ...{ conclusion: 'block', reason: 'no-candidate', winner: null },
    });
  });

  it('mentions a drop that can not be ruled out', () => {
    const small = (noise: number, modelSeed: number) => binarySample(300, noise, { modelSeed });
    const verdict = judge(
      mergeCase([contestant('logistic', small(0.5, 9)), recipe(small(0.5, 9))], present(small(0.5, 2))),
    );
    expect(verdict.reason).toBe('no-worse');
    expect(verdict.sentence).toMatch(/A drop of up to 0\.0\d+ can't be ruled out\.$/);
  });

  it('does not hold harm to the old recipe against a better one', () => {
    const verdict = judge(
      mergeCase([contestant('boosting', model(0.05, 3)), recipe(model(1.5, 3))], present(base)),
    );
    expect(verdict.rules[0]).toMatchObject({
      rule: 'gate.block.max-drop (same recipe)',
      outcome: 'not-applicable',
      note: expect.stringMatching(/worse\); outweighed, because the best candidate is likely better$/),
    });
    expect(verdict.rules.map(({ outcome }) => outcome)).not.toContain('fail');
  });

  it('says what would settle an open question', () => {
    const open = worlds.find(({ reason }) => reason === 'may-be-worse')!;
    const { next, rules } = judge(open.given);
    expect(next).toMatch(/^About [\d,]+ rows would settle a difference of 0\.\d+\.$/);
    expect(rules[0]).toMatchObject({ rule: 'gate.block.max-drop (same recipe)', outcome: 'undecided' });
  });

  it('blocks on a slice that is harmed for sure, and shows slices that are too small', () => {
    const { p } = base;
    // The candidate is as good as the baseline everywhere but on the first 400 rows, where it knows nothing.
    const harmed: Predictions = { ...base, p: p.map((value, i) => (i < 800 ? 0.5 : value)) };
    const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
    const slices = [
      { name: 'job=student', rows: rows(0, 400) },
      { name: 'job=retired', rows: rows(400, 1900) },
      { name: 'job=sailor', rows: rows(1900, 2000) },
    ];
    const given = mergeCase([contestant('logistic', harmed), recipe(base)], present(base), {
      ...{ slices: { maxDrop: 0.05, minRows: 200 }, maxDrop: 1 },
    });
    const verdict = judge({ ...given, development: { ...given.development, slices } });
    expect(verdict).toMatchObject({ conclusion: 'block', reason: 'slice' });
    const outcomes = verdict.rules
      .filter(({ rule }) => rule.startsWith('gate.block.slices'))
      .map(({ rule, outcome, note }) => [rule.slice(19), outcome, note]);
    expect(outcomes[0]!.slice(0, 2)).toEqual(['job=student', 'fail']);
    expect(outcomes[1]).toEqual(['job=retired', 'pass', 'no different on 1,500 rows']);
    expect(outcomes[2]).toEqual(['job=sailor', 'undecided', '100 rows, at least 200 are needed']);
  });

  it('ranks candidates, keeps the recipe apart, and reports costs and policy edits', () => {
    const edits = [{ path: 'gate.block.max-drop', old: '"2%"', new: '"50%"' }];
    const verdict = judge({
      ...mergeCase(
        [contestant('weak', model(1, 3)), contestant('strong', model(0.2, 4)), same()],
        present(base),
      ),
      policyEdits: edits,
    });
    expect(verdict.standings.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'strong: candidate',
      'weak: candidate',
      'champion-recipe: champion',
    ]);
    expect(verdict).toMatchObject({ winner: 'strong', policyEdits: edits, cost: { trainMs: 3600, jobs: 1 } });
    expect(verdict.champion).toEqual(record);
    expect(verdict.standings[1]!.comparison!.upper).toBeLessThan(0);
  });

  it('never passes what is missing or not a number', () => {
    const spoil = (data: Predictions, at: number, value: number): Predictions => ({
      ...data,
      p: data.p.map((p, i) => (i === at ? value : p)),
    });
    fc.assert(
      fc.property(
        fc.nat(3999),
        fc.constantFrom(NaN, Infinity, -Infinity, -0.1, 1.1),
        fc.constantFrom('winner', 'recipe', 'baseline', 'score', 'no predictions', 'no recipe', 'other rows'),
        (at, value, where) => {
          const bad = spoil(base, at, value);
          const good = model(0.05, 3);
          const winner = {
            ...contestant(
              'boosting',
              where === 'winner' ? spoil(good, at, value) : where === 'no predictions' ? null : good,
            ),
            ...(where === 'score'
              ? { metrics: { log_loss: { mean: NaN } } }
              : { metrics: { log_loss: { mean: 0.1 } } }),
          };
          const metrics = { log_loss: { mean: 0.5 } };
          const own = recipe(where === 'recipe' ? bad : base, { metrics });
          const contestants = where === 'no recipe' ? [winner] : [winner, own];
          const other = where === 'other rows' ? binarySample(2000, 0.5, { seed: 99 }) : base;
          const verdict = judge(mergeCase(contestants, present(where === 'baseline' ? bad : other)));
          expect(verdict).toMatchObject({ conclusion: 'block', reason: 'failed' });
        },
      ),
      { numRuns: 60 },
    );
  });
});
