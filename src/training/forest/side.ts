import type { FeatureHistogram } from './histogram.ts';
import type { NodeTotals } from './node-target.ts';

/** Sums of a side that grows bin by bin. */
export class Side {
  rows = 0;
  weight = 0;
  readonly sums: Float64Array;

  constructor(width: number) {
    this.sums = new Float64Array(width);
  }

  reset(): void {
    this.rows = 0;
    this.weight = 0;
    this.sums.fill(0);
  }

  /** Takes in the histogram's bin at a place. */
  add({ sums, stride }: FeatureHistogram, place: number): void {
    const at = place * stride;
    this.rows += sums[at]!;
    this.weight += sums[at + 1]!;
    for (let k = 0; k < this.sums.length; k++) this.sums[k]! += sums[at + 2 + k]!;
  }

  /** Σ S² / W of this side and of what it leaves of the node. */
  score({ sums, weight }: NodeTotals): number {
    const others = weight - this.weight;
    // Beside heavy rows light ones may vanish in rounding: then nothing can be said of the other side.
    if (!(others > 0)) return -Infinity;
    let own = 0;
    let rest = 0;
    for (let k = 0; k < sums.length; k++) {
      const left = this.sums[k]!;
      const right = sums[k]! - left;
      own += left * left;
      rest += right * right;
    }
    return own / this.weight + rest / others;
  }
}
