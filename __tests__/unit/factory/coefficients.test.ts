import { describe, expect, it } from '@jest/globals';
import { coefficientsOf } from '../../../src/factory/coefficients.ts';
import type { ModelInput } from '../../../src/model/pipeline.ts';
import { Random } from '../../../src/numeric/random.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { runFit } from '../../../src/training/fit.ts';

const random = new Random(4);
const rows = Int32Array.from({ length: 200 }, (_, row) => row);
const age = Float64Array.from(rows, () => 40 + 10 * random.normal());
const codes = Int32Array.from(rows, () => random.integer(3) - 1);
const inputs: readonly ModelInput[] = [
  { name: 'city', type: 'category' },
  { name: 'age', type: 'number' },
];
const table = {
  rows: 200,
  columns: [
    { kind: 'categorical' as const, name: 'city', codes, levels: ['Ghent', 'Turin'] },
    { kind: 'numeric' as const, name: 'age', values: age },
  ],
};
const price = Float64Array.from(rows, (row) => 3 * age[row]! + 50 * codes[row]! + random.normal());
const house: Dataset = { task: 'regression', classes: [], table, inputs, y: price };
const buyer: Dataset = {
  ...house,
  task: 'binary',
  classes: ['no', 'yes'],
  y: price.map((p) => Number(p > 150)),
};

function coefficients(dataset: Dataset, trainer: string, params = {}) {
  const job = { trainer, params, seed: 1, train: rows, test: new Int32Array(0) };
  return coefficientsOf({ dataset, development: rows }, { trainer, params }, runFit(dataset, job).pipeline);
}

describe('coefficients of a released model', () => {
  it('name the encoded features and how many standard errors each is from 0', () => {
    const found = coefficients(house, 'linear-regression')!;
    expect(found.rows.map(({ feature }) => feature)).toEqual([
      'age',
      'city=',
      'city=Ghent',
      'city=Turin',
      'city=(rare)',
      null,
    ]);
    const [first] = found.rows;
    // Thirty euros more for a standard deviation of ten years, measured on 200 rows with noise of 1.
    expect(first!.value).toBeGreaterThan(25);
    expect(first!.error).toBeGreaterThan(0.04);
    expect(first!.error).toBeLessThan(0.5);
    // No row is rare: the column is 0 throughout, and only the penalty holds its coefficient.
    expect(found.rows[4]).toEqual({ feature: 'city=(rare)', label: null, value: 0, error: null });
  });

  it('are there for one score or one for each class, and not for other models', () => {
    expect(coefficients(buyer, 'logistic-regression')!.rows.every(({ label }) => label === null)).toBe(true);
    const three = {
      ...buyer,
      task: 'multiclass' as const,
      classes: ['a', 'b', 'c'],
      y: price.map((p) => (p < 100 ? 0 : p < 150 ? 1 : 2)),
    };
    const found = coefficients(three, 'logistic-regression')!;
    expect(found.rows.map(({ label }) => label).join('')).toBe('aaaaaabbbbbbcccccc');
    expect(found.hasErrors).toBe(true);
    expect(coefficients(house, 'elastic-net')!.hasErrors).toBe(false);
    expect(coefficients(house, 'decision-tree')).toBeNull();
  });
});
