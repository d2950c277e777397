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
  const sample = {
    ...{ ...data, rows: count, x: new Float32Array(count * features) },
    ...{ y: new Float64Array(count), costs: new Float64Array(count) },
  };
  for (let i = 0; i < count; i++) {
    const row = Math.min(rows - 1, Math.floor((i + random.next()) * each));
    for (let j = 0; j < features; j++) sample.x[i * features + j] = x[row * features + j]!;
    sample.y[i] = y[row]!;
    sample.costs[i] = costs[row]!;
  }
  return { rows: sample, each };
}
