import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../../src/config/nearest.ts';

describe('nearest', () => {
  const names = ['types', 'target', 'source', 'roc_auc', 'log_loss'];
  it.each([
    ['tpyes', 'types'],
    ['Target', 'target'],
    ['sorce', 'source'],
    ['auc', 'roc_auc'],
    ['logloss', 'log_loss'],
    ['zebra', undefined],
  ])('%s -> %s', (word, expected) => expect(nearest(word, names)).toBe(expected));
});
