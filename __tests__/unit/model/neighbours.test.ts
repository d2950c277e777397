import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grid, neighbourScores } from '../../../src/model/neighbours/scores.ts';
import type { NeighboursPredictor } from '../../../src/model/pipeline.ts';
import { Random } from '../../../src/numeric/random.ts';

type Way = Pick<NeighboursPredictor, 'p' | 'weights'>;

/** Whole steps, so that many rows are equally far. */
function matrix(rows: number, width: number, values: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows * width }, () => random.integer(values) - 1);
}

function predictorOf(x: Float32Array, width: number, neighbours: number, way: Way): NeighboursPredictor {
  const rows = x.length / width;
  const points = new Float32Array(x.length);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < width; j++) points[j * rows + row] = grid.steps * x[row * width + j]!;
  const targets = Float64Array.from({ length: rows }, (_, row) => row);
  return { kind: 'neighbours', outputs: 1, neighbours, rows, width, points, targets, ...way };
}

/** Sorts all rows by distance, then by number. */
function byComparingAll(
  x: Float32Array,
  asked: Float32Array,
  neighbours: number,
  { p, weights }: Way,
): number {
  const width = asked.length;
  const far = Array.from({ length: x.length / width }, (_, row) => {
    const gaps = Array.from(asked, (value, j) => grid.steps * Math.abs(value - x[row * width + j]!));
    return p === 1 ? gaps.reduce((a, b) => a + b, 0) : Math.sqrt(gaps.reduce((a, b) => a + b * b, 0));
  });
  const nearest = [...far.keys()].sort((a, b) => far[a]! - far[b]! || a - b).slice(0, neighbours);
  const same = far[nearest[0]!] === 0;
  let [sum, total] = [0, 0];
  for (const row of nearest) {
    const weight = weights === 'uniform' ? 1 : same ? Number(far[row] === 0) : 1 / far[row]!;
    sum += weight * row;
    total += weight;
  }
  return Math.fround(sum / total);
}

describe('nearest neighbours', () => {
  it('are those that comparing with every row finds, the first of those equally far', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom<Way>(
          { p: 2, weights: 'uniform' },
          { p: 2, weights: 'distance' },
          { p: 1, weights: 'uniform' },
          { p: 1, weights: 'distance' },
        ),
        fc.constantFrom(2, 5, 50),
        (seed, rows, width, values, way, most) => {
          const random = new Random(seed);
          const neighbours = Math.min(most, rows);
          const x = matrix(rows, width, values, random);
          const asked = matrix(20, width, values + 1, random);
          const found = neighbourScores(predictorOf(x, width, neighbours, way))(asked, 20);
          const expected = Array.from({ length: 20 }, (_, row) =>
            byComparingAll(x, asked.subarray(row * width, (row + 1) * width), neighbours, way),
          );
          expect([...found]).toEqual(expected);
          const slow = neighbourScores(predictorOf(x, width, neighbours, way), 'javascript')(asked, 20);
          expect(slow).toEqual(found);
        },
      ),
      { numRuns: 60 },
    );
  });
});
