import type { Case } from '../../../src/gate/case.ts';
import type { Contestant } from '../../../src/gate/contestant.ts';
import { findMetric } from '../../../src/gate/metrics/metrics.ts';
import type { GatePolicy } from '../../../src/gate/policy.ts';
import type { Predictions } from '../../../src/gate/predictions.ts';
import type { PromotionCase } from '../../../src/gate/promotion.ts';

export const policy: GatePolicy = {
  ...{ metric: 'log_loss', metrics: ['log_loss', 'roc_auc', 'accuracy'] },
  ...{ minGain: 0, confidence: 0.95, maxDrop: '2%', floor: {}, ceiling: {}, maxGain: null, slices: null },
  limits: { modelBytes: null, predictMsPer1k: null, trainMinutes: null },
};

export const record = {
  ...{ version: 'v1.3.0', candidate: 'logistic', trainer: 'logistic-regression' },
  ...{ promotedAt: '2026-01-05T10:00:00Z', ageDays: 12, commit: null },
  standIn: 'stored' as const,
};

/** A candidate whose scores are those of its out-of-fold predictions. */
export function contestant(
  name: string,
  outOfFold: Predictions | null,
  more: Partial<Contestant> = {},
): Contestant {
  const score = (metric: string) => (outOfFold ? findMetric(metric).compute(outOfFold) : null);
  return {
    ...{
      name,
      role: 'candidate',
      trainer: 'logistic-regression',
      params: {},
      status: 'ok',
      failure: null,
      stopped: null,
    },
    metrics: Object.fromEntries(policy.metrics.map((metric) => [metric, { mean: score(metric) }])),
    ...{ outOfFold, trainMs: 1200, predictMsPer1k: 3, modelBytes: 4000, modelSha256: null },
    ...more,
  };
}

/** The champion's recipe on today's data. */
export function recipe(outOfFold: Predictions | null, more: Partial<Contestant> = {}): Contestant {
  return contestant('champion-recipe', outOfFold, { role: 'champion', ...more });
}

/** The base side with its out-of-fold predictions. */
export function present(outOfFold: Predictions | null, modelSha256: string | null = null): Case['baseline'] {
  return { kind: 'present', record, metrics: {}, outOfFold, modelSha256 };
}

/** A pull request of these contestants, folds dealt in turn. */
export function mergeCase(
  contestants: readonly Contestant[],
  baseline: Case['baseline'],
  changes: Partial<GatePolicy> = {},
  more: Partial<Case> = {},
): Case {
  const rows = contestants.find(({ outOfFold }) => outOfFold)?.outOfFold?.rows ?? 0;
  return {
    ...{ model: 'churn', policy: { ...policy, ...changes }, baseline, contestants },
    development: {
      folds: 5,
      foldOf: Array.from({ length: rows }, (_, row) => row % 5),
      dependence: { kind: 'independent' },
      slices: [],
    },
    rows: { total: 2 * rows, development: rows, holdout: rows, changedLabels: 0 },
    ...{ policyEdits: [], cost: { trainMs: 3600, jobs: 1, taken: [] }, seed: 7 },
    ...more,
  };
}

/** The default branch with a hold-out that answers as given, and counts how often it was asked. */
export function promotionCase(
  contestants: readonly Contestant[],
  baseline: Case['baseline'],
  answer: { candidate: Predictions; baseline: Predictions } | null,
  changes: Partial<GatePolicy> = {},
  more: Partial<PromotionCase> & {
    looks?: Partial<Extract<PromotionCase['holdout'], { kind: 'locked' }>>;
  } = {},
) {
  const asked: string[] = [];
  const { looks, ...rest } = more;
  const holdout: PromotionCase['holdout'] = answer
    ? {
        ...{ kind: 'locked', rows: answer.candidate.rows, changedShare: 0, looksUsed: 2, looksAllowed: 10 },
        state: '3f9a2c81b04d',
        ...{ accepted: null, replacement: { kind: 'unseen-rows', unseen: 120, needed: 400 } },
        earlier: [],
        ask: (winner) => {
          asked.push(winner);
          return { ...answer, dependence: { kind: 'independent' }, slices: [] };
        },
        ...looks,
      }
    : { kind: 'none' };
  const given: PromotionCase = {
    ...mergeCase(contestants, baseline, changes),
    ...{ holdout, superseded: false, dummy: null, refresh: null },
    ...rest,
  };
  return { given, asked };
}
