import { describe, expect, it } from '@jest/globals';
import { judgeByPolicy, policyEdits, type PolicyFacts } from '../../../src/config/policy.ts';
import { createConfigSchema, type Config } from '../../../src/config/schema.ts';
import { z } from 'zod';

const schema = createConfigSchema({
  trainers: new Map([['dummy', z.strictObject({})]]),
  metrics: ['log_loss', 'roc_auc'],
});
const config = (more: object = {}, data: object = {}) =>
  schema.parse({ version: 1, model: 'churn', data: { source: 'a.csv', target: 'y', ...data }, ...more });

const facts: PolicyFacts = {
  ...{ task: 'binary', taskReason: 'two values', classes: ['no', 'yes'], rows: 5000, rarerClassRows: 900 },
  missing: ['', 'NA'],
};
const editsOf = (base: Config, head: Config) => policyEdits(base, head, facts);

describe('the policy of a pull request', () => {
  it("takes the gate from the base and the candidates from the head, and names what the head's policy changes", () => {
    const base = config({ gate: { block: { floor: { roc_auc: 0.7 } } } });
    const head = config(
      {
        gate: { block: { floor: { roc_auc: 0.1 } }, undecided: 'pass' },
        candidates: { guess: { trainer: 'dummy' } },
      },
      { drop: ['id'], target: 'z' },
    );
    const judged = judgeByPolicy(base, head);
    expect(judged.gate.block.floor).toEqual({ roc_auc: 0.7 });
    expect(judged.data).toMatchObject({ target: 'y', drop: ['id'] });
    expect(judged.candidates).toEqual(head.candidates);
    expect(editsOf(base, head)).toEqual([
      { path: 'data.target', old: '"y"', new: '"z"' },
      { path: 'gate.block.floor.roc_auc', old: '0.7', new: '0.1' },
    ]);
  });

  it('lets a pull request change its features: they are no policy', () => {
    const base = config({ features: { old: { log: 'a' } } });
    const head = config({ features: { new: { ratio: ['a', 'b'] } } });
    expect(judgeByPolicy(base, head).features).toEqual(head.features);
    expect(judgeByPolicy(base, config()).features).toBeUndefined();
    expect(editsOf(base, head)).toEqual([]);
  });

  it('lets a pull request move the file of the test set, and shows it', () => {
    const base = config({ holdout: { source: 'test.csv' } });
    const head = config({ holdout: { source: 'data/test.csv' } });
    expect(judgeByPolicy(base, head).holdout).toEqual({ source: 'data/test.csv' });
    expect(judgeByPolicy(config(), head).holdout).toEqual({ fraction: 0.2 });
    expect(editsOf(base, head)).toEqual([
      { path: 'holdout.source', old: '"test.csv"', new: '"data/test.csv"' },
    ]);
  });

  it('sees no edit where only the proposal differs', () => {
    expect(editsOf(config(), config({ candidates: { guess: { trainer: 'dummy' } } }))).toEqual([]);
  });

  it('shows a setting that was added or removed', () => {
    expect(editsOf(config(), config({ metrics: ['log_loss'] }))).toEqual([
      { path: 'metrics', old: '["log_loss","roc_auc","accuracy","brier"]', new: '["log_loss"]' },
    ]);
  });

  it('sees no edit where a default is written down, and one where it is changed', () => {
    const written = config(
      {
        task: 'binary',
        holdout: { fraction: 0.2 },
        gate: { metric: 'log_loss', promote: { looks: 10 }, block: { 'max-drop': '2%' } },
      },
      { positive: 'yes', missing: ['', 'NA'] },
    );
    expect(editsOf(config(), written)).toEqual([]);
    expect(editsOf(written, config())).toEqual([]);
    expect(editsOf(config(), config({ gate: { promote: { looks: 50 } } }, { positive: 'no' }))).toEqual([
      { path: 'data.positive', old: '"yes"', new: '"no"' },
      { path: 'gate.promote.looks', old: '10', new: '50' },
    ]);
  });
});
