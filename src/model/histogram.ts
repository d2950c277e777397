import { minLevelRows } from './preprocessing.ts';

/** Bin k holds edges[k-1] < x <= edges[k]; the first and the last are open. */
export interface Histogram {
  readonly edges: number[];
  /** One more than edges. */
  readonly counts: number[];
}

/** Bins of about equal frequency, at most this many. */
const maxBins = 20;

/**
 * A histogram that tells no single row: every bin has at least `minLevelRows` rows (or there is one bin), the outer
 * bins are open, and edges are rounded by `round`. NaN values are left out; equal values share a bin.
 */
export function histogramOf(values: Float64Array, round: (edge: number) => number = fourDigits): Histogram {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const target = Math.max(minLevelRows, sorted.length / maxBins);
  const candidates: number[] = [];
  let start = 0;
  for (let i = 0; i + 1 < sorted.length; i++)
    if (i + 1 - start >= target && sorted[i + 1]! > sorted[i]!) {
      candidates.push(round(sorted[i]!) + 0);
      start = i + 1;
    }
  const edges: number[] = [];
  const counts: number[] = [];
  let below = 0;
  for (const edge of candidates) {
    const upTo = countUpTo(sorted, edge);
    if (upTo - below < minLevelRows || sorted.length - upTo < minLevelRows) continue;
    edges.push(edge);
    counts.push(upTo - below);
    below = upTo;
  }
  return { edges, counts: [...counts, sorted.length - below] };
}

/** Bin of a value: the number of edges below it. */
export function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rounded to four significant digits. */
export function fourDigits(value: number): number {
  return Number(value.toPrecision(4));
}

/** How many of the sorted values are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
