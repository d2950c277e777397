import { describe, expect, it } from '@jest/globals';
import { explainedRules, explainRule } from '../../../src/gate/explain.ts';
import { judgePullRequest } from '../../../src/gate/merge.ts';
import { judgePromotion } from '../../../src/gate/promotion.ts';
import { contestant, mergeCase, present, promotionCase, recipe } from './cases.ts';
import { binarySample } from './samples.ts';

describe('explain', () => {
  it.each([
    ['max-drop', 'gate.block.max-drop'],
    ['gate.block.max-drop (same recipe)', 'gate.block.max-drop'],
    ['gate.block.floor.roc_auc', 'gate.block.floor'],
    ['floor.roc_auc', 'gate.block.floor'],
    ['gate.block.slices: job=a.b(c)', 'gate.block.slices'],
    ['gate.block.limits.model-bytes', 'gate.block.limits'],
    ['candidates.net', 'candidates'],
    ['looks', 'gate.promote.looks'],
  ])('%s is about %s', (rule, name) => expect(explainRule(rule)?.name).toBe(name));

  it('does not know everything', () => expect(explainRule('colour')).toBeNull());

  it('knows itself', () => {
    for (const rule of explainedRules) expect(explainRule(rule)!.name).toBe(rule);
  });

  it('knows every rule that a verdict can hold', () => {
    const base = binarySample(1000, 0.8);
    const better = contestant('boosting', binarySample(1000, 0.05, { modelSeed: 3 }));
    const failed = contestant('net', null, { status: 'failed' });
    const rules = {
      ...{
        floor: { roc_auc: 0.1 },
        ceiling: { log_loss: 9 },
        maxGain: 1,
        slices: { maxDrop: 1, minRows: 20 },
      },
      limits: { modelBytes: 1e9, predictMsPer1k: 1e9, trainMinutes: 1e9 },
    };
    const slices = [{ name: 'job=student', rows: Int32Array.from([1, 2, 3]) }];
    const merge = mergeCase([better, recipe(base)], present(base), rules);
    const answer = { candidate: better.outOfFold!, baseline: base };
    const { given } = promotionCase([better, recipe(base)], present(null), answer, rules);
    const first = promotionCase([better], { kind: 'none' }, answer, rules);
    const verdicts = [
      judgePullRequest({ ...merge, development: { ...merge.development, slices } }),
      judgePullRequest(mergeCase([failed, recipe(base)], present(base))),
      judgePromotion(given),
      judgePromotion(first.given),
    ];
    const names = new Set(verdicts.flatMap((verdict) => verdict.rules.map(({ rule }) => rule)));
    expect(names.size).toBeGreaterThanOrEqual(12);
    for (const name of names) expect([name, explainRule(name)?.name]).toEqual([name, expect.any(String)]);
  });
});
