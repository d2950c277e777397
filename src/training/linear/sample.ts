import { Random } from '../../numeric/random.ts';
import { pickRows, type SparseRows } from './sparse-rows.ts';

/** What a loss is summed over. */
export interface LossRows {
  readonly x: SparseRows;
  readonly y: Float64Array;
  /** What each row's loss counts for. */
  readonly costs: Float64Array;
}

/** Rows in a sample for each number of the model: its second derivatives are then right to about a tenth. */
const rowsPerNumber = 100;

/** Rows of a sample, and how many of all rows each of them stands for. */
export interface Sample {
  readonly rows: LossRows;
  readonly each: number;
}

/** One row of each of many stretches of equal length, or undefined where that wouldn't be far fewer rows. */
export function sampleOf({ x, y, costs }: LossRows, outputs: number): Sample | undefined {
  const count = rowsPerNumber * x.width * outputs;
  if (count > x.rows / 2) return undefined;
  const random = new Random(1);
  const each = x.rows / count;
  const rows = Int32Array.from({ length: count }, (_, i) =>
    Math.min(x.rows - 1, Math.floor((i + random.next()) * each)),
  );
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  return { rows: { x: pickRows(x, rows), y: pick(y), costs: pick(costs) }, each };
}

/** A sample's rows with the costs of those that they stand for. */
export function standingForAll({ rows, each }: Sample): LossRows {
  return { ...rows, costs: rows.costs.map((cost) => each * cost) };
}
