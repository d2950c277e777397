import { describe, expect, it } from '@jest/globals';
import { judgeByPolicy } from '../../../src/config/policy.ts';
import { createConfigSchema } from '../../../src/config/schema.ts';
import { z } from 'zod';

const schema = createConfigSchema({
  trainers: new Map([['dummy', z.strictObject({})]]),
  metrics: ['log_loss', 'roc_auc'],
});
const config = (more: object = {}, data: object = {}) =>
  schema.parse({ version: 1, model: 'churn', data: { source: 'a.csv', target: 'y', ...data }, ...more });

describe('judgeByPolicy', () => {
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
    expect(judged.config.gate.block.floor).toEqual({ roc_auc: 0.7 });
    expect(judged.config.data).toMatchObject({ target: 'y', drop: ['id'] });
    expect(judged.config.candidates).toEqual(head.candidates);
    expect(judged.edits).toEqual([
      { path: 'data.target', old: '"y"', new: '"z"' },
      { path: 'gate.block.floor.roc_auc', old: '0.7', new: '0.1' },
    ]);
  });

  it('sees no edit where only the proposal differs', () => {
    expect(judgeByPolicy(config(), config({ candidates: { guess: { trainer: 'dummy' } } })).edits).toEqual(
      [],
    );
  });

  it('shows a setting that was added or removed', () => {
    expect(judgeByPolicy(config(), config({ metrics: ['log_loss'] })).edits).toEqual([
      { path: 'metrics', old: '(default)', new: '["log_loss"]' },
    ]);
  });
});
