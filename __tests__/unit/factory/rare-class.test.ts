import { expect, it } from '@jest/globals';
import { namingRareClass } from '../../../src/factory/rare-class.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { verdict } from '../../fixtures/report/builders.ts';

const dataset = (classes: string[], y: number[]): Dataset => ({
  ...{ task: 'multiclass', classes, y: Float64Array.from(y) },
  ...{ table: { rows: y.length, columns: [] }, inputs: [] },
});
const small = verdict({
  ...{ conclusion: 'undecided', reason: 'insufficient-data' },
  ...{ sentence: 'Too little data to decide: a fold has 0 rows of one class, at least 5 are needed.' },
  next: 'Collect more rows, or use fewer folds.',
});
const odd = dataset(['Yes', 'no', 'yes'], [0, 1, 1, 1, 2, 2, 2, Number.NaN]);

it('names the class that is another in another spelling, and what to do', () => {
  expect(namingRareClass(small, { dataset: odd })).toEqual({
    ...small,
    sentence: `${small.sentence} The class "Yes" has 1 row: perhaps "yes" in another spelling.`,
    next: 'Write "Yes" as "yes" in the data if they mean the same, and run this again.',
  });
});

it('names the rarest class where none is like it', () => {
  const { sentence, next } = namingRareClass(small, {
    dataset: dataset(['a', 'b', 'c'], [0, 0, 1, 2, 2, 1, 0]),
  });
  expect([sentence, next]).toEqual([`${small.sentence} The class "b" has 2 rows.`, small.next]);
});

it('says nothing where there was enough, or only two classes', () => {
  const enough = verdict({});
  expect(namingRareClass(enough, { dataset: odd })).toBe(enough);
  expect(namingRareClass(small, { dataset: dataset(['Yes', 'yes'], [0, 1]) })).toBe(small);
});
