import { sum } from '../../numeric/sum.ts';
import type { LossRows } from './loss.ts';

/** Rows and what each counts for. */
export class WeightedRows {
  /** Whether all rows count for 1. */
  readonly equal: boolean;
  /** Sum and maximum over the rows that are learnt from. */
  readonly total: number;
  readonly largest: number;
  readonly weights: Float64Array;

  constructor({ y, train, weights }: LossRows) {
    this.equal = weights === undefined;
    this.weights = weights ?? new Float64Array(y.length).fill(1);
    let total = 0;
    let largest = 0;
    for (let i = 0; i < train.length; i++) {
      const weight = this.weights[train[i]!]!;
      total += weight;
      largest = Math.max(largest, weight);
    }
    this.total = total;
    this.largest = largest;
  }

  /** Weighted mean over some rows; 0 where they count for nothing. */
  mean(value: (row: number) => number, rows: Int32Array): number {
    const counts = new Float64Array(rows.length);
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const weight = this.weights[row]!;
      counts[i] = weight;
      values[i] = weight * value(row);
    }
    const total = sum(counts);
    return total > 0 ? sum(values) / total : 0;
  }

  /**
   * A quantile of some rows' values: between its neighbours in proportion (Hyndman and Fan 1996, type 7); with weights
   * the least value that has the share at or below it.
   */
  quantile(value: (row: number) => number, rows: Int32Array, share: number): number {
    if (!this.equal) return this.weightedQuantile(value, rows, share);
    const values = Float64Array.from(rows, value).sort();
    const position = share * (values.length - 1);
    const rank = Math.floor(position);
    const low = values[rank] ?? 0;
    return low + (position - rank) * ((values[rank + 1] ?? low) - low);
  }

  private weightedQuantile(value: (row: number) => number, rows: Int32Array, share: number): number {
    const values = Float64Array.from(rows, value);
    const ranked = Array.from(values.keys())
      .filter((i) => this.weights[rows[i]!]! > 0)
      .sort((a, b) => values[a]! - values[b]! || a - b);
    const total = ranked.reduce((mass, i) => mass + this.weights[rows[i]!]!, 0);
    let below = 0;
    for (const i of ranked) {
      below += this.weights[rows[i]!]!;
      if (below >= share * total) return values[i]!;
    }
    return values[ranked.at(-1) ?? 0] ?? 0;
  }
}
