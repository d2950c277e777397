import { describe, expect, it } from '@jest/globals';
import { meanContributions } from '../../../src/factory/contributions.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import { firstRows, randomPipeline, randomTable } from '../model/random-pipelines.ts';

const rows = 400;
const names = ['a', 'b', 'c'];

/** A linear model of standardised numbers. */
function linear(task: 'binary' | 'multiclass', coefficients: readonly number[]): Pipeline {
  const classes = { binary: ['no', 'yes'], multiclass: ['x', 'y', 'z'] }[task];
  return {
    ...{ task, classes },
    inputs: names.map((name) => ({ name, type: 'number' })),
    steps: names.map((input) => ({ kind: 'number', input, impute: 0, offset: 0, scale: 1 })),
    predictor: {
      kind: 'linear',
      width: names.length,
      coefficients: Float32Array.from(coefficients),
      intercepts: new Float32Array(coefficients.length / names.length),
    },
  };
}

/** Column j is -j - 1 and j + 1 in turn. */
const table = {
  rows,
  columns: names.map((name, j) => ({
    ...{ kind: 'numeric' as const, name },
    values: Float64Array.from({ length: rows }, (_, row) => (j + 1) * (row % 2 ? 1 : -1)),
  })),
};

describe('mean contributions', () => {
  it('are means of the absolute contributions, the largest first', () => {
    const found = meanContributions(linear('binary', [1, -2, 0.25]), table, firstRows(rows), 7)!;
    expect(found).toEqual({
      ...{ unit: 'log odds', label: 'yes', classes: 1, rows },
      columns: [
        { column: 'b', mean: 4 },
        { column: 'a', mean: 1 },
        { column: 'c', mean: 0.75 },
      ],
    });
  });

  it('are added over several classes', () => {
    const pipeline = linear('multiclass', [1, 0, 0, -1, 0, 0, 3, 0, 1]);
    expect(meanContributions(pipeline, table, firstRows(rows), 7)).toMatchObject({
      ...{ unit: 'score', label: null, classes: 3 },
      columns: [
        { column: 'a', mean: 5 },
        { column: 'c', mean: 3 },
        { column: 'b', mean: 0 },
      ],
    });
  });

  it('are the same for the same seed, of at most 2,000 rows', () => {
    const pipeline = randomPipeline(5, 'binary', 'forest');
    const many = randomTable(6, pipeline.inputs, 3000);
    const found = meanContributions(pipeline, many, firstRows(3000), 7);
    expect(found).toMatchObject({ unit: 'probability', rows: 2000 });
    expect(meanContributions(pipeline, many, firstRows(3000), 7)).toEqual(found);
    expect(meanContributions(pipeline, many, firstRows(3000), 8)).not.toEqual(found);
  });

  it('are left out for other models and for very large ones', () => {
    const net = randomPipeline(5, 'binary', 'dense');
    expect(meanContributions(net, randomTable(6, net.inputs, rows), firstRows(rows), 7)).toBeNull();
    const pipeline = randomPipeline(5, 'regression', 'trees');
    const { predictor } = pipeline;
    if (predictor.kind !== 'trees') throw new Error('no trees');
    const trees = Array.from({ length: 200_000 }, () => predictor.trees[0]!);
    const large = { ...pipeline, predictor: { ...predictor, trees } };
    expect(meanContributions(large, randomTable(6, pipeline.inputs, rows), firstRows(rows), 7)).toBeNull();
  });
});
