import { describe, expect, it } from '@jest/globals';
import { gatePolicy, marginIn } from '../../../src/gate/policy.ts';

describe('policy', () => {
  it.each([
    { margin: 0.01, baseline: 0.9, units: 0.01 },
    { margin: '2%' as const, baseline: 0.36, units: 0.0072 },
    { margin: '2%' as const, baseline: -4, units: 0.08 },
    { margin: '0.5%' as const, baseline: 0, units: 0 },
  ])('a margin of $margin at $baseline is $units', ({ margin, baseline, units }) =>
    expect(marginIn(margin, baseline)).toBeCloseTo(units, 12),
  );

  it('takes over what the configuration says', () => {
    const settings = { rankingMetric: 'log_loss', metrics: ['log_loss'], maxDrop: '2%' as const };
    const block = { floor: { roc_auc: 0.7 }, ceiling: {}, limits: { 'model-bytes': 5 } };
    const slices = { columns: ['job'], 'max-drop': 0.05, 'min-rows': 200 };
    const promote = { 'min-gain': 0.001, confidence: 0.9 };
    expect(gatePolicy({ promote, block: { ...block, slices, 'max-gain': 0.2 } }, settings)).toEqual({
      ...{ metric: 'log_loss', metrics: ['log_loss'], minGain: 0.001, confidence: 0.9, maxDrop: '2%' },
      ...{ floor: { roc_auc: 0.7 }, ceiling: {}, maxGain: 0.2, slices: { maxDrop: 0.05, minRows: 200 } },
      limits: { modelBytes: 5, predictMsPer1k: null, trainMinutes: null },
    });
    expect(gatePolicy({ promote, block }, settings)).toMatchObject({ maxGain: null, slices: null });
  });
});
