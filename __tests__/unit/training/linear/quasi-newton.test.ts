import { describe, expect, it } from '@jest/globals';
import { Random } from '../../../../src/numeric/random.ts';
import { binomialLoss } from '../../../../src/training/linear/binomial.ts';
import { multinomialLoss } from '../../../../src/training/linear/multinomial.ts';
import { minimise } from '../../../../src/training/linear/newton.ts';
import { minimiseFromSample, quasiNewton } from '../../../../src/training/linear/quasi-newton.ts';
import { sampleOf, standingForAll, type LossRows } from '../../../../src/training/linear/sample.ts';
import { sparseRows } from '../../../../src/training/linear/sparse-rows.ts';
import { largestDifference, numericSet } from '../fixture.ts';

/** Three numbers, their sum with little noise, a mark that few rows have, and classes that depend on all. */
function rowsOf(classes: number, rows: number): LossRows {
  const random = new Random(classes);
  const x = Array.from({ length: rows }, (_, row) => {
    const numbers = [random.normal(), random.normal(), random.normal()];
    const total = numbers[0]! + numbers[1]! + numbers[2]! + 0.01 * random.normal();
    return [...numbers, total, row % 997 === 0 ? 1 : 0].map(Math.fround);
  });
  const y = x.map((row) => {
    const score = row[0]! + 2 * row[4]! + random.normal();
    return score > 1 ? classes - 1 : score > 0 ? 1 : 0;
  });
  const data = numericSet('multiclass', x, y);
  return { x: sparseRows(data, true), y: data.y, costs: new Float64Array(rows).fill(1) };
}

/** The same amount on all classes' intercepts changes nothing: takes their mean off. */
function centred(weights: Float64Array, classes: number): Float64Array {
  const width = weights.length / classes;
  const intercepts = weights.filter((_, i) => i % width === width - 1);
  const mean = classes === 1 ? 0 : intercepts.reduce((sum, value) => sum + value, 0) / classes;
  return weights.map((value, i) => (i % width === width - 1 ? value - mean : value));
}

const tight = { maxIterations: 100, tolerance: 1e-7 };

describe.each([2, 3])('the loss of %d classes', (classes) => {
  const rows = rowsOf(classes, 20_000);
  const outputs = classes === 2 ? 1 : classes;
  const size = outputs * rows.x.width;
  const penalty = new Float64Array(rows.x.width).fill(1, 0, rows.x.width - 1);
  const lossOf = (some: LossRows) =>
    classes === 2 ? binomialLoss(some, penalty) : multinomialLoss(some, classes, penalty);
  const exact = minimise(lossOf(rows), new Float64Array(size), { ...tight, solver: 'elimination' });
  const sample = sampleOf(rows, outputs)!;
  const sampled = { alone: lossOf(sample.rows), forAll: lossOf(standingForAll(sample)) };
  const differenceTo = (weights: Float64Array): number =>
    largestDifference(centred(weights, outputs), centred(exact.weights, outputs));

  it('has the same minimum from a sample of the rows', () => {
    expect(sample.rows.x.rows).toBeLessThan(rows.x.rows / 2);
    const found = minimiseFromSample(lossOf(rows), sampled, size, { ...tight, stepsPerMatrix: 6 });
    expect(found.converged).toBe(true);
    expect(differenceTo(found.weights)).toBeLessThan(1e-5);
  });

  it('has the same minimum with one matrix for several steps', () => {
    const found = quasiNewton(lossOf(rows), new Float64Array(size), { ...tight, stepsPerMatrix: 4 });
    expect(found.converged).toBe(true);
    expect(differenceTo(found.weights)).toBeLessThan(1e-5);
  });

  it('is within ten times the default tolerance of its least with the default stopping rule', () => {
    const rule = { maxIterations: 100, tolerance: 1e-4, decrement: 2e-3, stepsPerMatrix: 6 };
    const found = minimiseFromSample(lossOf(rows), sampled, size, rule);
    expect(lossOf(rows)(found.weights).value - lossOf(rows)(exact.weights).value).toBeLessThan(1e-3);
  });
});

describe('sampleOf', () => {
  it('takes no sample of few rows', () => {
    expect(sampleOf(rowsOf(2, 1000), 1)).toBeUndefined();
  });

  it('takes rows from all over, in their order', () => {
    const rows = rowsOf(2, 5000);
    const numbered = { ...rows, y: rows.y.map((_, row) => row) };
    const { y, x } = sampleOf(numbered, 1)!.rows;
    expect(y).toHaveLength(100 * rows.x.width);
    expect(Array.from(y)).toEqual(Array.from(y).sort((a, b) => a - b));
    expect(y[0]).toBeLessThan(10);
    expect(y.at(-1)).toBeGreaterThan(4980);
    const first = rows.x.value.subarray(rows.x.start[y[0]!], rows.x.start[y[0]! + 1]);
    expect(x.value.subarray(0, x.start[1])).toEqual(first);
  });
});
