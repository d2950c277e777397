import { describe, expect, it } from '@jest/globals';
import type { Column } from '../../../src/data/table.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { permutationImportance } from '../../../src/factory/importance.ts';
import { findMetric } from '../../../src/gate/metrics/metrics.ts';
import type { Scorer } from '../../../src/model/scorer.ts';
import { Random } from '../../../src/numeric/random.ts';
import type { Dataset } from '../../../src/training/dataset.ts';

const random = new Random(3);
const rows = 600;
const development = Int32Array.from({ length: 500 }, (_, row) => row);

/** y = 3 * x0 + the number of the level of `c`; the other columns say nothing. */
function world(width: number): Dataset {
  const columns: Column[] = Array.from({ length: width }, (_, j) => ({
    kind: 'numeric',
    name: `x${j}`,
    values: Float64Array.from({ length: rows }, () => (random.integer(10) ? random.normal() : NaN)),
  }));
  const codes = Int32Array.from({ length: rows }, () => random.integer(4) - 1);
  columns.push({ kind: 'categorical', name: 'c', codes, levels: ['a', 'b', 'c'] });
  const table = { rows, columns };
  const inputs = columns.map(({ name, kind }) => ({
    name,
    type: kind === 'categorical' ? ('category' as const) : ('number' as const),
  }));
  return { task: 'regression', classes: [], table, inputs, y: truth(table) };
}

function truth({ columns, rows: count }: Dataset['table']): Float64Array {
  const x = columns.find(({ name }) => name === 'x0')!;
  const c = columns.find(({ name }) => name === 'c')!;
  if (x.kind === 'categorical' || c.kind !== 'categorical') throw new Error('other columns');
  return Float64Array.from({ length: count }, (_, row) => 3 * (x.values[row]! || 0) + c.codes[row]!);
}

/** A model that knows the truth. */
function oracle({ task, classes, inputs }: Dataset, calls: number[] = []): Scorer {
  const score: Scorer['score'] = (table, some) => {
    calls.push(some.length);
    const all = truth(table);
    return Float64Array.from(some, (row) => all[row]!);
  };
  return { task, classes, inputs, format: 'onnx', score };
}

const metric = findMetric('rmse');
const small = world(3);

describe('permutation importance', () => {
  it('is the loss of what an input tells, and 0 for what is not looked at', () => {
    const found = permutationImportance(
      { scorer: oracle(small), dataset: small, metric, seed: 1 },
      development,
    )!;
    expect(found).toMatchObject({ metric: 'rmse', rows: 500, shuffles: 3, leftOut: 0 });
    expect(found.inputs.map(({ input }) => input)).toEqual(['x0', 'c', 'x1', 'x2']);
    // Two independent draws of 3 x0 differ by sqrt(2) * 3 standard deviations in root mean square, 0.9 of it known.
    expect(found.inputs[0]!.mean).toBeCloseTo(3 * Math.sqrt(2 * 0.9), 0);
    expect(found.inputs[0]!.deviation).toBeGreaterThan(0);
    expect(found.inputs.slice(2).map(({ mean }) => mean)).toEqual([0, 0]);
  });

  it('is the same again, another one by another seed, and blind for rows that were not given', () => {
    const look = { scorer: oracle(small), dataset: small, metric, seed: 1 };
    const found = permutationImportance(look, development);
    expect(permutationImportance(look, development)).toEqual(found);
    expect(permutationImportance({ ...look, seed: 2 }, development)).not.toEqual(found);
    const hidden = { ...small, y: small.y.map((y, row) => (row < 500 ? y : NaN)) };
    expect(permutationImportance({ ...look, dataset: hidden }, development)).toEqual(found);
  });

  it('leaves out of a wide table what matters least, and scores many shuffles at once', () => {
    const wide = world(60);
    const calls: number[] = [];
    const found = permutationImportance(
      { scorer: oracle(wide, calls), dataset: wide, metric, seed: 1 },
      development,
    )!;
    expect(found.leftOut).toBe(31);
    expect(found.inputs.slice(0, 2).map(({ input }) => input)).toEqual(['x0', 'c']);
    expect(found.inputs).toHaveLength(30);
    expect(calls.length).toBeLessThan(8);
  });

  it("is none where another tool's model refuses the rows; ours may not", () => {
    const score = (): never => {
      throw new UserError({ code: 'COMMAND_FAILED', message: 'no', fix: 'none' });
    };
    const look = (format: Scorer['format']) => ({
      ...{ dataset: small, metric, seed: 1 },
      scorer: { ...oracle(small), format, score },
    });
    expect(permutationImportance(look('opaque'), development)).toBeNull();
    expect(() => permutationImportance(look('onnx'), development)).toThrow('no');
  });

  it('is none where the metric is undefined', () => {
    const scorer = oracle(small);
    const nothing = {
      ...scorer,
      score: (_: unknown, some: Int32Array) => new Float64Array(some.length).fill(NaN),
    };
    expect(
      permutationImportance({ scorer: nothing, dataset: small, metric, seed: 1 }, development),
    ).toBeNull();
  });
});
