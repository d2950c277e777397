import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calibrate } from '../../../../src/model/calibration.ts';
import { fitIsotonic } from '../../../../src/training/composed/isotonic.ts';
import { fitSigmoid } from '../../../../src/training/composed/sigmoid.ts';

interface Case {
  readonly name: string;
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly asked: readonly number[];
  readonly sigmoid: readonly number[];
  readonly isotonic: readonly number[];
  readonly isotonicOfScores: readonly number[];
}

const file = new URL('../../../fixtures/training/calibration.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

const positives = (probabilities: Float64Array): number[] => [...probabilities].filter((_, i) => i % 2 === 1);
const furthest = (ours: readonly number[], theirs: readonly number[]): number =>
  ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);

function byIsotonic({ scores, labels }: Pick<Case, 'scores' | 'labels'>, asked: readonly number[]): number[] {
  const curve = fitIsotonic(
    Float64Array.from(scores),
    labels.map((label) => label === 1),
  );
  return positives(calibrate({ kind: 'isotonic', curves: [curve] }, Float64Array.from(asked), 2));
}

function bySigmoid({ scores, labels }: Pick<Case, 'scores' | 'labels'>, asked: readonly number[]): number[] {
  const { slope, intercept } = fitSigmoid(
    Float64Array.from(scores),
    labels.map((label) => label === 1),
  );
  const calibration = {
    kind: 'sigmoid',
    slopes: Float64Array.of(slope),
    intercepts: Float64Array.of(intercept),
  } as const;
  return positives(calibrate(calibration, Float64Array.from(asked), 2));
}

describe('calibration maps', () => {
  it.each(cases)('are those of scikit-learn: $name', (own) => {
    expect(furthest(bySigmoid(own, own.asked), own.sigmoid)).toBeLessThan(1e-4);
    expect(furthest(byIsotonic(own, own.asked), own.isotonic)).toBeLessThan(1e-12);
    expect(furthest(byIsotonic(own, own.scores), own.isotonicOfScores)).toBeLessThan(1e-12);
  });

  it('count a row of weight 2 as two rows', () => {
    const { scores, labels } = cases[0]!;
    const isPositive = labels.map((label) => label === 1);
    const weights = Float64Array.from(scores, (_, i) => 1 + (i % 2));
    const twice = scores.flatMap((score, i) => Array.from({ length: weights[i]! }, () => score));
    const both = isPositive.flatMap((own, i) => Array.from({ length: weights[i]! }, () => own));
    const ours = fitSigmoid(Float64Array.from(scores), isPositive, weights);
    const theirs = fitSigmoid(Float64Array.from(twice), both);
    expect(ours.slope).toBeCloseTo(theirs.slope, 10);
    expect(ours.intercept).toBeCloseTo(theirs.intercept, 10);
    expect(fitIsotonic(Float64Array.from(scores), isPositive, weights)).toEqual(
      fitIsotonic(Float64Array.from(twice), both),
    );
  });

  it('never fall and keep the sum of positives (property of the least-squares fit)', () => {
    const row = fc.record({ score: fc.integer({ min: -20, max: 20 }), positive: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const scores = rows.map(({ score }) => score / 4);
        const fitted = byIsotonic({ scores, labels: rows.map(({ positive }) => Number(positive)) }, scores);
        const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!);
        order.forEach((at, i) => i > 0 && expect(fitted[at]).toBeGreaterThanOrEqual(fitted[order[i - 1]!]!));
        const sum = fitted.reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(rows.filter(({ positive }) => positive).length, 9);
      }),
    );
  });

  it('are flat where all scores are one', () => {
    const own = { scores: [2, 2, 2, 2], labels: [1, 0, 1, 1] };
    expect(byIsotonic(own, [1, 2, 3])).toEqual([0.75, 0.75, 0.75]);
    for (const p of bySigmoid(own, [2])) expect(p).toBeCloseTo((3 * (4 / 5) + 1 / 3) / 4, 6);
  });

  it('shares of several classes sum to one, and are uniform where no class gets any', () => {
    const flat = { x: Float32Array.of(0), y: Float64Array.of(0) };
    const step = { x: Float32Array.of(0, 1), y: Float64Array.of(0, 1) };
    const calibration = { kind: 'isotonic', curves: [flat, step, step] } as const;
    expect([...calibrate(calibration, Float64Array.of(0, 0, 0), 3)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect([...calibrate(calibration, Float64Array.of(0, 1, 1), 3)]).toEqual([0, 0.5, 0.5]);
  });
});
