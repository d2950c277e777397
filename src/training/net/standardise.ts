import { mean } from '../../numeric/sum.ts';

/** Where a target lies and how far it spreads. */
export interface Scale {
  readonly mean: number;
  /** Population deviation; 1 for a target that never changes. */
  readonly deviation: number;
}

/** Mean and deviation of a target over the given rows. */
export function standardise(y: Float64Array, rows: Int32Array): Scale {
  const values = Float64Array.from(rows, (row) => y[row]!);
  const centre = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - centre) * (value - centre))));
  return { mean: centre, deviation: deviation > 0 ? deviation : 1 };
}
