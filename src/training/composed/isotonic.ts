import type { Curve } from '../../model/pipeline.ts';

/**
 * The share of positives as a function of the score that never falls and is nearest in squares: pooling of adjacent
 * violators (Ayer et al. 1955). Between the scores that it knows it goes in a straight line, as scikit-learn's
 * `IsotonicRegression`.
 * @param scores float32 numbers
 * @param weights what each row counts for, above 0; undefined = all the same
 */
export function fitIsotonic(
  scores: Float64Array,
  isPositive: readonly boolean[],
  weights?: Float64Array,
): Curve {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const blocks: Block[] = [];
  for (const row of order) {
    const score = scores[row]!;
    const weight = weights?.[row] ?? 1;
    const positives = isPositive[row] === true ? weight : 0;
    const last = blocks.at(-1);
    // Rows of one score are one point, whatever their order.
    if (last && last.distinct && last.high === score) {
      last.weight += weight;
      last.positives += positives;
    } else {
      pool(blocks);
      blocks.push({ low: score, high: score, weight, positives, distinct: true });
    }
  }
  pool(blocks);
  const points = blocks.flatMap(({ low, high, weight, positives }) => {
    const y = Math.min(1, positives / weight);
    return low === high
      ? [{ x: low, y }]
      : [
          { x: low, y },
          { x: high, y },
        ];
  });
  return {
    x: Float32Array.from(points, (point) => point.x),
    y: Float64Array.from(points, (point) => point.y),
  };
}

/** Scores from low to high that get one value. `distinct`: it is the newest, and holds rows of one score only. */
interface Block {
  low: number;
  high: number;
  weight: number;
  positives: number;
  distinct: boolean;
}

/** Merges the last blocks until their values rise; equal values are one plateau. */
function pool(blocks: Block[]): void {
  const newest = blocks.at(-1);
  if (newest) newest.distinct = false;
  for (let last = blocks.length - 1; last > 0; last--) {
    const [before, after] = [blocks[last - 1]!, blocks[last]!];
    if (before.positives * after.weight < after.positives * before.weight) return;
    before.high = after.high;
    before.weight += after.weight;
    before.positives += after.positives;
    blocks.pop();
  }
}
