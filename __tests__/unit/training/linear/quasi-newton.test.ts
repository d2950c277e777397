import { describe, expect, it } from '@jest/globals';
import { minimise } from '../../../../src/training/linear/newton.ts';
import { binomialLoss } from '../../../../src/training/linear/binomial.ts';
import { multinomialLoss } from '../../../../src/training/linear/multinomial.ts';
import { PlacedLoss } from '../../../../src/training/linear/placed-loss.ts';
import { minimiseFromSample, quasiNewton } from '../../../../src/training/linear/quasi-newton.ts';
import { sampleOf } from '../../../../src/training/linear/sample.ts';
import { sparseRows } from '../../../../src/training/linear/sparse-rows.ts';
import { largestDifference } from '../fixture.ts';
import { givenRows, trainingSetOf } from './given-rows.ts';

/** The same amount on all classes' intercepts changes nothing: takes their mean off. */
function centred(weights: Float64Array, classes: number): Float64Array {
  const width = weights.length / classes;
  const intercepts = weights.filter((_, i) => i % width === width - 1);
  const mean = classes === 1 ? 0 : intercepts.reduce((sum, value) => sum + value, 0) / classes;
  return weights.map((value, i) => (i % width === width - 1 ? value - mean : value));
}

const tight = { maxIterations: 100, tolerance: 1e-7 };

describe.each([2, 3])('the loss of %d classes', (classes) => {
  const given = givenRows(classes, 20_000);
  const outputs = classes === 2 ? 1 : classes;
  const rows = { x: sparseRows(trainingSetOf(given), true), y: given.y, costs: given.costs };
  const size = outputs * rows.x.width;
  const penalty = new Float64Array(rows.x.width).fill(1, 0, given.features);
  const loss = classes === 2 ? binomialLoss(rows, penalty) : multinomialLoss(rows, classes, penalty);
  const exact = minimise(loss, new Float64Array(size), { ...tight, solver: 'elimination' });
  const placed = new PlacedLoss(given, outputs);
  const evaluate = (weights: Float64Array) => placed.at(weights);
  const sample = sampleOf(given, outputs)!;
  const few = new PlacedLoss(sample.rows, outputs);
  const sampled = {
    evaluate: (weights: Float64Array) => few.at(weights),
    hessianForAll: (weights: Float64Array) => few.hessian(weights, sample.each),
  };
  const differenceTo = (weights: Float64Array): number =>
    largestDifference(centred(weights, outputs), centred(exact.weights, outputs));

  it('has the same minimum from a sample of the rows', () => {
    expect(sample.rows.rows).toBeLessThan(given.rows / 2);
    const found = minimiseFromSample(evaluate, sampled, size, { ...tight, stepsPerMatrix: 6 });
    expect(found.converged).toBe(true);
    expect(differenceTo(found.weights)).toBeLessThan(1e-5);
  });

  it('has the same minimum with one matrix for several steps', () => {
    const found = quasiNewton(evaluate, new Float64Array(size), { ...tight, stepsPerMatrix: 4 });
    expect(found.converged).toBe(true);
    expect(differenceTo(found.weights)).toBeLessThan(1e-5);
  });

  it('is within ten times the default tolerance of its least with the default stopping rule', () => {
    const rule = { maxIterations: 100, tolerance: 1e-4, decrement: 2e-3, stepsPerMatrix: 6 };
    const found = minimiseFromSample(evaluate, sampled, size, rule);
    expect(loss(found.weights).value - loss(exact.weights).value).toBeLessThan(1e-3);
  });
});

describe('sampleOf', () => {
  it('takes no sample of few rows', () => {
    expect(sampleOf(givenRows(2, 1000), 1)).toBeUndefined();
  });

  it('takes rows from all over, in their order', () => {
    const given = givenRows(2, 5000);
    const { features } = given;
    const { rows, each } = sampleOf({ ...given, y: given.y.map((_, row) => row) }, 1)!;
    expect(rows.rows).toBe(100 * (features + 1));
    expect(rows.rows * each).toBeCloseTo(5000);
    expect(Array.from(rows.y)).toEqual(Array.from(rows.y).sort((a, b) => a - b));
    expect(rows.y[0]).toBeLessThan(10);
    expect(rows.y.at(-1)).toBeGreaterThan(4980);
    const first = rows.y[0]! * features;
    expect(rows.x.subarray(0, features)).toEqual(given.x.subarray(first, first + features));
  });
});
