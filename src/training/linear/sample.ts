import { Random } from '../../numeric/random.ts';
import type { LossData } from './placed-loss.ts';

/** Rows in a sample for each number of the model: its second derivatives are then right to about a tenth. */
const rowsPerNumber = 100;

/** Rows of a sample, and how many of all rows each of them stands for. */
export interface Sample {
  readonly rows: LossData;
  readonly each: number;
}

/** One row of each of many stretches of equal length, or undefined where that wouldn't be far fewer rows. */
export function sampleOf(data: LossData, outputs: number): Sample | undefined {
  const { x, rows, features, y, costs } = data;
  const count = rowsPerNumber * (features + 1) * outputs;
  if (count > rows / 2) return undefined;
  const random = new Random(1);
  const each = rows / count;
  const taken = Int32Array.from({ length: count }, (_, i) =>
    Math.min(rows - 1, Math.floor((i + random.next()) * each)),
  );
  const picked = new Float32Array(count * features);
  taken.forEach((row, i) => {
    picked.set(x.subarray(row * features, (row + 1) * features), i * features);
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(taken, (row) => values[row]!);
  return { rows: { ...data, x: picked, rows: count, y: pick(y), costs: pick(costs) }, each };
}
