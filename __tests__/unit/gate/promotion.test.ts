import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verdictDocument, type Verdict } from '../../../src/contracts/verdict.ts';
import { judgePromotion } from '../../../src/gate/promotion.ts';
import type { PromotionCase } from '../../../src/gate/promotion.ts';
import type { Predictions } from '../../../src/gate/predictions.ts';
import { contestant, present, promotionCase, recipe, record } from './cases.ts';
import { binarySample, predictionsOf } from './samples.ts';

function judge(given: PromotionCase): Verdict {
  return verdictDocument.schema.parse(judgePromotion(given));
}

const validation = (noise: number, modelSeed = 2) => binarySample(2000, noise, { modelSeed });
const holdout = (noise: number, modelSeed = 2) => binarySample(3000, noise, { seed: 50, modelSeed });
const guess = (rows: number, seed = 1) => {
  const { y } = binarySample(rows, 1, { seed });
  return predictionsOf(
    'binary',
    y,
    Array.from(y, () => [0.5, 0.5]),
  );
};

const base = validation(0.8);
const better = contestant('boosting', validation(0.05, 3), { modelSha256: 'b'.repeat(64) });
const champion = recipe(base);
const passing = { candidate: holdout(0.05, 3), baseline: holdout(0.8) };
const failing = { candidate: holdout(0.8, 3), baseline: holdout(0.8) };
const limits = { modelBytes: null, predictMsPer1k: null, trainMinutes: null };

interface World {
  readonly name: string;
  readonly made: ReturnType<typeof promotionCase>;
  readonly conclusion: string;
  readonly reason: string;
  readonly asked: number;
  /** Looks used after it; null = no hold-out. */
  readonly used: number | null;
}

const worlds: World[] = [
  {
    name: 'better in cross-validation and on the hold-out',
    made: promotionCase([better, champion], present(null), passing),
    ...{ conclusion: 'promote', reason: 'better', asked: 1, used: 3 },
  },
  {
    name: 'better in cross-validation, not on the hold-out',
    made: promotionCase([better, champion], present(null), failing),
    ...{ conclusion: 'keep', reason: 'not-better', asked: 1, used: 3 },
  },
  {
    name: 'not clearly better in cross-validation',
    made: promotionCase([contestant('boosting', validation(0.75, 3)), champion], present(null), passing),
    ...{ conclusion: 'keep', reason: 'cv-not-better', asked: 0, used: 2 },
  },
  {
    name: 'the recipe is still the best',
    made: promotionCase([contestant('logistic', base), champion], present(null), passing),
    ...{ conclusion: 'keep', reason: 'cv-not-better', asked: 0, used: 2 },
  },
  {
    name: 'the recipe on new data, better on rows that the champion never saw',
    made: promotionCase(
      [contestant('logistic', base), champion],
      present(null),
      passing,
      {},
      {
        refresh: {
          candidate: validation(0.05, 3),
          champion: validation(1.5),
          dependence: { kind: 'independent' },
        },
      },
    ),
    ...{ conclusion: 'promote', reason: 'better', asked: 1, used: 3 },
  },
  {
    name: 'the very model that is champion',
    made: promotionCase([better, champion], present(null, 'b'.repeat(64)), passing),
    ...{ conclusion: 'keep', reason: 'unchanged', asked: 0, used: 2 },
  },
  {
    name: 'a model that was refused before',
    made: promotionCase(
      [better, champion],
      present(null),
      passing,
      {},
      {
        looks: { earlier: [{ modelSha256: 'b'.repeat(64), conclusion: 'keep' }] },
      },
    ),
    ...{ conclusion: 'keep', reason: 'cv-not-better', asked: 0, used: 2 },
  },
  {
    name: 'a model that passed before and was not published: asked again, for free',
    made: promotionCase(
      [better, champion],
      present(null),
      passing,
      {},
      {
        looks: { looksUsed: 10, earlier: [{ modelSha256: 'b'.repeat(64), conclusion: 'promote' }] },
      },
    ),
    ...{ conclusion: 'promote', reason: 'better', asked: 1, used: 10 },
  },
  {
    name: 'a model that passed before, but broke a floor that has been lowered since',
    made: promotionCase(
      [better, champion],
      present(null),
      passing,
      {},
      { looks: { earlier: [{ modelSha256: 'b'.repeat(64), conclusion: 'block' }] } },
    ),
    ...{ conclusion: 'promote', reason: 'better', asked: 1, used: 2 },
  },
  {
    name: 'all looks used',
    made: promotionCase([better, champion], present(null), passing, {}, { looks: { looksUsed: 10 } }),
    ...{ conclusion: 'undecided', reason: 'holdout-spent', asked: 0, used: 10 },
  },
  {
    name: 'hold-out rows relabelled',
    made: promotionCase([better, champion], present(null), passing, {}, { looks: { changedShare: 0.02 } }),
    ...{ conclusion: 'undecided', reason: 'holdout-changed', asked: 0, used: 2 },
  },
  {
    name: 'an older commit',
    made: promotionCase([better, champion], present(null), passing, {}, { superseded: true }),
    ...{ conclusion: 'keep', reason: 'superseded', asked: 0, used: 2 },
  },
  {
    name: 'better, but below the floor on the hold-out',
    made: promotionCase([better, champion], present(null), passing, { floor: { accuracy: 0.99 } }),
    ...{ conclusion: 'block', reason: 'floor', asked: 1, used: 3 },
  },
  {
    name: 'better, but suspiciously so',
    made: promotionCase([better, champion], present(null), passing, { maxGain: 0.001 }),
    ...{ conclusion: 'block', reason: 'too-good', asked: 1, used: 3 },
  },
  {
    name: 'better, but too large: known without asking',
    made: promotionCase([better, champion], present(null), passing, {
      limits: { ...limits, modelBytes: 100 },
    }),
    ...{ conclusion: 'block', reason: 'limit', asked: 0, used: 2 },
  },
  {
    name: 'better, but by less than min-gain',
    made: promotionCase([better, champion], present(null), passing, { minGain: '50%' }),
    ...{ conclusion: 'keep', reason: 'not-better', asked: 1, used: 3 },
  },
  {
    name: 'too few rows of a class in the hold-out',
    made: promotionCase([better, champion], present(null), { candidate: rare(), baseline: rare() }),
    ...{ conclusion: 'undecided', reason: 'insufficient-data', asked: 1, used: 2 },
  },
  {
    name: 'first run',
    made: promotionCase(
      [better],
      { kind: 'none' },
      { candidate: holdout(0.05, 3), baseline: guess(3000, 50) },
    ),
    ...{ conclusion: 'promote', reason: 'first-run', asked: 1, used: 2 },
  },
  {
    name: 'first run, no better than guessing',
    made: promotionCase(
      [better],
      { kind: 'none' },
      { candidate: guess(3000, 50), baseline: guess(3000, 50) },
    ),
    ...{ conclusion: 'keep', reason: 'not-better', asked: 1, used: 2 },
  },
  {
    name: 'first run, below the floor',
    made: promotionCase(
      [better],
      { kind: 'none' },
      { candidate: holdout(0.05, 3), baseline: guess(3000, 50) },
      { floor: { roc_auc: 0.99 } },
    ),
    ...{ conclusion: 'block', reason: 'floor', asked: 1, used: 2 },
  },
  {
    name: 'a failed candidate',
    made: promotionCase(
      [better, contestant('net', null, { status: 'failed' }), champion],
      present(null),
      passing,
    ),
    ...{ conclusion: 'block', reason: 'failed', asked: 0, used: 2 },
  },
  {
    name: 'small data, clearly better',
    made: promotionCase([better, champion], present(null), null),
    ...{ conclusion: 'promote', reason: 'better', asked: 0, used: null },
  },
  {
    name: 'small data, not clearly better',
    made: promotionCase([contestant('boosting', validation(0.6, 3)), champion], present(null), null),
    ...{ conclusion: 'keep', reason: 'cv-not-better', asked: 0, used: null },
  },
  {
    name: 'small data, first run',
    made: promotionCase([better], { kind: 'none' }, null, {}, { dummy: guess(2000) }),
    ...{ conclusion: 'promote', reason: 'first-run', asked: 0, used: null },
  },
  {
    name: 'another target',
    made: promotionCase(
      [better],
      { kind: 'not-comparable', why: 'the target changed from y to z', fix: 'End the line.' },
      passing,
    ),
    ...{ conclusion: 'block', reason: 'not-comparable', asked: 0, used: 2 },
  },
];

function rare(): Predictions {
  const y = Array.from({ length: 1000 }, (_, row) => (row < 19 ? 1 : 0));
  return predictionsOf(
    'binary',
    y,
    y.map((_, row) => [0.9 - 1e-4 * row, 0.1 + 1e-4 * row]),
  );
}

describe('does it become champion?', () => {
  it.each(worlds)('$name: $conclusion / $reason', ({ made, conclusion, reason, asked, used }) => {
    const before = made.asked.length;
    const verdict = judge(made.given);
    expect(verdict).toMatchObject({ conclusion, reason });
    expect(made.asked.length - before).toBe(asked);
    expect(verdict.looks?.used ?? null).toBe(used);
    expect(verdict.looks?.spent ?? false).toBe(used === 3);
  });

  it('says so in plain language', () => {
    const said = worlds.map(({ name, made }) => {
      const { sentence, next } = judge(made.given);
      return `${name}\n  ${sentence}\n  -> ${next}`;
    });
    expect(`\n${said.join('\n\n')}\n`).toMatchSnapshot();
  });

  it.each([
    [{ kind: 'unseen-rows', unseen: 1120, needed: 4000 } as const, '1,120 of 4,000 rows so far'],
    [{ kind: 'given' } as const, 'Put other rows into the file `holdout.source`'],
    [{ kind: 'no-promotion' } as const, 'No model was promoted with it'],
  ])('says what a spent test set waits for: %o', (replacement, said) => {
    const looks = { looksUsed: 10, replacement };
    const { given } = promotionCase([better, champion], present(null), passing, {}, { looks });
    expect(judgePromotion(given).next).toContain(said);
  });

  it.each([
    [6, ''],
    [
      7,
      ' The test set can answer only 2 more questions; its replacement takes as many unseen rows as it holds.',
    ],
    [9, ' The test set can answer no more questions; its replacement takes as many unseen rows as it holds.'],
  ])('warns from 80% of the looks on: %i used before', (looksUsed, warning) => {
    const { given } = promotionCase([better, champion], present(null), passing, {}, { looks: { looksUsed } });
    expect(judgePromotion(given).next).toBe(`It is published as the next version.${warning}`);
  });

  it('accepts a relabelled test set where the configuration names its state', () => {
    const looks = { changedShare: 0.3, accepted: '3f9a2c81b04d' };
    const { given } = promotionCase([better, champion], present(null), passing, {}, { looks });
    expect(judgePromotion(given)).toMatchObject({ conclusion: 'promote', looks: { used: 3, spent: true } });
    const other = { ...looks, accepted: '000000000000' };
    const refused = promotionCase([better, champion], present(null), passing, {}, { looks: other });
    expect(judgePromotion(refused.given)).toMatchObject({
      ...{ reason: 'holdout-changed', next: expect.stringContaining('to: "3f9a2c81b04d"') },
      sentence: expect.stringContaining('`holdout.rebase.to` is 000000000000, another state'),
    });
  });

  it('shares the level among looks, or among ten times the candidates', () => {
    const levelOf = (verdict: Verdict) =>
      1 - verdict.rules.find(({ rule }) => rule === 'gate.promote.min-gain')!.comparison!.confidence;
    const large = promotionCase(
      [better, champion],
      present(null),
      passing,
      {},
      { looks: { looksAllowed: 50 } },
    );
    expect(levelOf(judge(large.given))).toBeCloseTo(0.05 / 50, 12);
    const weak = contestant('weak', validation(2, 8));
    const small = promotionCase([better, weak, champion], present(null), null);
    expect(levelOf(judge(small.given))).toBeCloseTo(0.05 / (2 * 10), 12);
  });

  it.each(worlds.filter(({ asked, conclusion }) => asked > 0 && conclusion !== 'promote'))(
    'shows no number of the hold-out without a promotion: $name',
    ({ made }) => {
      const verdict = judge(made.given);
      expect(verdict.decisive).toBeNull();
      const rules = verdict.rules.filter(({ rule }) => /promote|first run|floor|max-gain|slices/.test(rule));
      for (const { measured, comparison, note } of rules) {
        expect([measured, comparison]).toEqual([null, null]);
        expect(note).toMatch(/shown only with a promotion/);
      }
    },
  );

  it('says what the data can show before the hold-out is asked', () => {
    const { detectableGain } = judge(worlds[0]!.made.given);
    const se = 0.011;
    expect(detectableGain! / ((2.576 + 0.842) * se)).toBeGreaterThan(0.5);
    expect(detectableGain! / ((2.576 + 0.842) * se)).toBeLessThan(2);
  });

  it('says when the recipe stands in for the champion', () => {
    const baseline = { ...present(null), record: { ...record, standIn: 'refitted' as const } };
    const made = promotionCase([better, champion], baseline, passing);
    expect(judge(made.given).sentence).toMatch(/stands in for it\.$/);
  });

  it('warns when the looks are nearly used', () => {
    const made = promotionCase([better, champion], present(null), passing, {}, { looks: { looksUsed: 7 } });
    expect(judge(made.given).sentence).toMatch(/look 8 of 10, nearly all/);
  });

  it('never promotes what is missing or not a number', () => {
    const spoil = (data: Predictions, at: number, value: number): Predictions => ({
      ...data,
      p: data.p.map((p, i) => (i === at % data.p.length ? value : p)),
    });
    const where = [
      'hold-out candidate',
      'hold-out champion',
      'winner',
      'recipe',
      'no recipe',
      'nothing',
      'look count',
    ];
    fc.assert(
      fc.property(
        fc.nat(3999),
        fc.constantFrom(NaN, Infinity, -0.1, 1.1),
        fc.constantFrom(...where),
        fc.boolean(),
        (at, value, place, withHoldout) => {
          const bad = (own: string, data: Predictions) => (place === own ? spoil(data, at, value) : data);
          const metrics = { log_loss: { mean: 0.3 } };
          const winner = contestant(
            'boosting',
            place === 'nothing' ? null : bad('winner', better.outOfFold!),
            { metrics },
          );
          const own = recipe(bad('recipe', base), { metrics });
          const answer = {
            candidate: bad('hold-out candidate', passing.candidate),
            baseline: bad('hold-out champion', passing.baseline),
          };
          const looks = place === 'look count' ? { looksUsed: NaN } : {};
          const made = promotionCase(
            place === 'no recipe' ? [winner] : [winner, own],
            present(null),
            withHoldout ? answer : null,
            {},
            { looks },
          );
          const reads = withHoldout || !/hold-out|look/.test(place);
          if (!reads) return;
          if (place === 'look count') expect(judgePromotion(made.given).conclusion).toBe('undecided');
          else expect(judge(made.given)).toMatchObject({ conclusion: 'block', reason: 'failed' });
        },
      ),
      { numRuns: 80 },
    );
  });
});
