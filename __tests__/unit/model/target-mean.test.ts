import { describe, expect, it } from '@jest/globals';
import type { FeatureRecipe } from '../../../src/contracts/feature.ts';
import type { Table } from '../../../src/data/table.ts';
import { derive } from '../../../src/model/derived/derive.ts';
import { fitTargetMean } from '../../../src/model/derived/target-mean.ts';
import { Random } from '../../../src/numeric/random.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { runFit, type FitRecipe } from '../../../src/training/fit.ts';
import { firstRows } from './random-pipelines.ts';

const recipe = (smoothing: number): Extract<FeatureRecipe, { kind: 'target-mean' }> => ({
  ...{ name: 'rate', kind: 'target-mean', sources: ['job'] },
  smoothing,
});

/** A table of one category, by codes; -1 = missing. */
function tableOf(codes: number[], levels: number): Table {
  const names = Array.from({ length: levels }, (_, k) => `level ${k}`);
  return {
    rows: codes.length,
    columns: [{ kind: 'categorical', name: 'job', codes: Int32Array.from(codes), levels: names }],
  };
}

const repeat = (n: number, code: number): number[] => Array.from({ length: n }, () => code);

describe('target mean', () => {
  // 10 rows of level 0 (mean .2), 20 of level 1 (mean .8), 10 missing (mean .5), 9 of level 2: rare.
  const codes = [...repeat(10, 0), ...repeat(20, 1), ...repeat(10, -1), ...repeat(9, 2)];
  const y = codes.map((code, i) =>
    code === 0 ? Number(i % 5 === 0) : code === 1 ? Number(i % 5 > 0) : code === 2 ? 1 : i % 2,
  );
  const target = { y: Float64Array.from(y), classes: 2 };
  const table = tableOf(codes, 3);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;

  it('is the smoothed mean of each level with ten rows, missing among them, else the mean of all', () => {
    const { column } = fitTargetMean(table, firstRows(49), recipe(20), target, 1);
    const smoothed = (sum: number, rows: number) => Math.fround((sum + 20 * mean) / (rows + 20));
    expect(column).toEqual({
      ...{ kind: 'target-mean', name: 'rate', sources: ['job'], levels: ['', 'level 0', 'level 1'] },
      means: [smoothed(5, 10), smoothed(2, 10), smoothed(16, 20)],
      other: Math.fround(mean),
    });
    const unseen = derive(tableOf([2, 3, -1, 1], 4), new Set(), column);
    expect(unseen).toMatchObject({
      values: Float64Array.of(column.other, column.other, column.means[0]!, column.means[2]!),
    });
  });

  it('never tells a training row its own answer', () => {
    for (let row = 0; row < y.length; row++) {
      const other = Float64Array.from(target.y);
      other[row] = 5;
      const regression = (values: Float64Array) =>
        fitTargetMean(table, firstRows(49), recipe(0), { y: values, classes: 0 }, 7).values.values[row];
      expect(regression(other)).toBe(regression(target.y));
    }
  });

  it('looks at the given rows alone and depends on the seed only in the training rows', () => {
    const rows = firstRows(40);
    const first = fitTargetMean(table, rows, recipe(5), target, 1);
    const second = fitTargetMean(table, rows, recipe(5), target, 2);
    expect(second.column).toEqual(first.column);
    expect(second.values).not.toEqual(first.values);
    const changed = { ...target, y: target.y.map((value, row) => (row < 40 ? value : 1 - value)) };
    expect(fitTargetMean(table, rows, recipe(5), changed, 1)).toEqual(first);
  });

  it('of a random category with many levels makes a model no better on other rows', () => {
    const random = new Random(5);
    const rows = 3000;
    const noise = Float64Array.from({ length: rows }, () => random.normal());
    const labels = Float64Array.from(noise, (value) => Number(value + random.normal() > 0));
    const ids = Array.from({ length: rows }, () => random.integer(150));
    const full: Table = {
      rows,
      columns: [{ kind: 'numeric', name: 'x', values: noise }, ...tableOf(ids, 150).columns],
    };
    const order = random.shuffle(firstRows(rows));
    const [train, test] = [order.slice(0, 2000), order.slice(2000)];
    const logLoss = (smoothing: number | null, trainer: string, params = {}): number => {
      const engineered =
        smoothing === null
          ? undefined
          : { recipes: [recipe(smoothing)], inputs: [{ name: 'job', type: 'category' } as const] };
      const dataset = {
        ...({ task: 'binary', classes: ['no', 'yes'], table: full, y: labels, engineered } as const),
        inputs: [{ name: 'x', type: 'number' } as const],
      };
      const { predictions } = runFit(dataset, { trainer, params, seed: 3, train, test });
      return (
        test.reduce((sum, row, i) => sum - Math.log(predictions[2 * i + labels[row]!]!), 0) / test.length
      );
    };
    for (const smoothing of [0, 20]) {
      const without = logLoss(null, 'logistic-regression');
      const withIt = logLoss(smoothing, 'logistic-regression');
      expect(withIt).toBeGreaterThan(without - 0.002);
      // Means that know their own rows' answers would cost a hundredth and more.
      expect(withIt).toBeLessThan(without + 0.004);
    }
  });

  describe.each([
    ['unique to each row', 3600],
    ['of eighteen rows each', 200],
  ])('of categories %s tells nothing about a target of pure chance', (_, levels) => {
    const rows = 3600;
    const random = new Random(9);
    const y = Float64Array.from({ length: rows }, () => random.integer(2));
    const codes = Array.from({ length: rows }, (_row, row) => row % levels);
    // Twelve rows of each level are learnt from: fewer than ten would be rare.
    const [train, test] = [firstRows(2400), firstRows(rows).slice(2400)];
    const dataset: Dataset = {
      ...{ task: 'binary', classes: ['no', 'yes'], table: tableOf(codes, levels), y, inputs: [] },
      engineered: { recipes: [recipe(0)], inputs: [{ name: 'job', type: 'category' }] },
      structure: { kind: 'units', units: Uint8Array.from({ length: 16 * rows }, () => random.integer(256)) },
    };
    const logLoss = (job: Omit<FitRecipe, 'seed'>): number => {
      const { predictions } = runFit(dataset, { ...job, seed: 3, train, test });
      return test.reduce((sum, row, i) => sum - Math.log(predictions[2 * i + y[row]!]!), 0) / test.length;
    };
    const dummy = logLoss({ trainer: 'dummy', params: {} });
    const boosting = { name: 'boosting', trainer: 'gradient-boosting', params: { max_iter: 20 }, seed: 1 };
    const logistic = { name: 'logistic', trainer: 'logistic-regression', params: {}, seed: 2 };
    const members = [boosting, logistic];

    it.each([
      [{ trainer: 'logistic-regression', params: {} }],
      [{ trainer: 'gradient-boosting', params: { max_iter: 20 } }],
      [{ trainer: 'ensemble', params: {}, members }],
      [{ trainer: 'ensemble', params: { method: 'stacking', cv: 3 }, members }],
      [{ trainer: 'calibrated', params: { cv: 3 }, members: [boosting] }],
    ])('by $trainer $params', (job) => {
      expect(Math.abs(logLoss(job) - dummy)).toBeLessThan(levels === rows ? 0.0003 : 0.006);
    });

    it('as it would if means knew the answers of their own rows', () => {
      const means = new Float64Array(levels);
      for (const row of train) means[codes[row]!]! += y[row]! / 12;
      const x = {
        kind: 'numeric',
        name: 'x',
        values: Float64Array.from(codes, (code) => means[code]!),
      } as const;
      const leaking: Dataset = {
        ...{ task: 'binary', classes: dataset.classes, table: { rows, columns: [x] }, y },
        inputs: [{ name: 'x', type: 'number' }],
      };
      const { predictions } = runFit(leaking, { ...boosting, train, test });
      const loss =
        test.reduce((sum, row, i) => sum - Math.log(predictions[2 * i + y[row]!]!), 0) / test.length;
      expect(loss).toBeGreaterThan(dummy + 0.02);
    });
  });
});
