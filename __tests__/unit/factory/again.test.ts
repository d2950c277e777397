import { describe, expect, it } from '@jest/globals';
import { againOf } from '../../../src/factory/again.ts';
import type { LedgerPlace } from '../../../src/factory/ports.ts';
import { plan as planOf, verdict } from '../../fixtures/report/builders.ts';

const origin: LedgerPlace = { kind: 'remote', remote: 'origin', ref: 'model-factory-ledger' };
const folder: LedgerPlace = { kind: 'folder', folder: 'my history' };
const plan = planOf(verdict({}));

describe('the command that judges again on a laptop', () => {
  it('asks the question of a pull request against the same base', () => {
    expect(againOf(plan, origin, null)).toEqual({
      command: 'npx model-factory run --ledger origin --base bbbbbbb',
      sameQuestion: true,
    });
  });

  it('cross-validates at the commit where only the default branch may promote', () => {
    expect(againOf({ ...plan, question: 'promote', base: null }, origin, null)).toEqual({
      command: 'npx model-factory run --ledger origin --base aaaaaaa',
      sameQuestion: false,
    });
  });

  it('is what was run where the history is a folder', () => {
    const person = { candidate: 'net', reason: "it's simpler", who: 'Ada' };
    const other = { ...plan, question: 'promote' as const, configFile: 'models/a.yml' };
    expect(againOf(other, folder, person)).toEqual({
      command:
        "npx model-factory run --config models/a.yml --ledger 'my history' --promote " +
        "--candidate net --reason 'it'\\''s simpler'",
      sameQuestion: true,
    });
  });

  it('names the branch of the history where it is another one', () => {
    const { command } = againOf({ ...plan, base: null }, { ...origin, ref: 'ledger' }, null);
    expect(command).toBe('npx model-factory run --ledger origin --ledger-ref ledger');
    expect(againOf({ ...plan, base: null }, null, null).command).toBe('npx model-factory run');
  });
});
