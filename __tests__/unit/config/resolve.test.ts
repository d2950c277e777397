import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { resolveSettings } from '../../../src/config/resolve.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';

const { config } = loadConfig(
  'version: 1\nmodel: parts\ndata: { source: a.csv, target: state }\n',
  'm.yml',
  catalogue,
);

/** Why there is no hold-out; undefined where there is one. */
function whyNone(rows: number, rarerClassRows: number): string | undefined {
  const facts = { task: 'multiclass', taskReason: 'state has 3 classes', classes: ['a', 'b', 'c'] } as const;
  const { defaults } = resolveSettings(config, { ...facts, rows, rarerClassRows });
  return defaults.find(({ path }) => path === 'holdout')?.why;
}

describe('a hold-out by default', () => {
  it('says which number is too small for it', () => {
    expect(whyNone(1999, 500)).toBe('1999 rows, fewer than 2000: cross-validation decides');
    expect(whyNone(3000, 58)).toBe('the rarest class has 58 rows, fewer than 100: cross-validation decides');
    expect(whyNone(2000, 100)).toBeUndefined();
  });
});
