/** Sum of values × weights; without weights the plain sum. */
export function weightedSum(values: Float64Array, weights?: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! * (weights ? weights[i]! : 1);
  return total;
}

/** Mean of values by weight; null where there is no weight. */
export function weightedMean(values: Float64Array, weights?: Float64Array): number | null {
  const total = weights ? weightedSum(weights) : values.length;
  return total > 0 ? weightedSum(values, weights) / total : null;
}

/** Row indices in ascending order of their value; equal values keep their order. */
export function ascendingOrder(values: Float64Array): Int32Array {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

/**
 * Median of values repeated by their weights (whole numbers): the mean of the two middle ones when they are even in
 * number. `order` = ascending order of the values.
 */
export function weightedMedian(
  values: Float64Array,
  order: Int32Array,
  weights?: Float64Array,
): number | null {
  const total = weights ? weightedSum(weights) : values.length;
  if (!(total > 0)) return null;
  let below = 0;
  let lower: number | null = null;
  for (const row of order) {
    below += weights ? weights[row]! : 1;
    if (lower === null && below >= total / 2) {
      lower = values[row]!;
      if (below > total / 2) return lower;
    } else if (lower !== null && (weights ? weights[row]! > 0 : true)) return (lower + values[row]!) / 2;
  }
  return lower;
}

/** Ranks from 1, ties averaged, in the order of `values`. */
export function midranks(values: Float64Array): Float64Array {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && (end === start || values[order[end]!] === values[order[start]!])) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** The rows that weights repeat: row i appears weights[i] times (whole numbers). */
export function repeatRows(rows: number, weights?: Float64Array): Int32Array {
  if (!weights) return Int32Array.from({ length: rows }, (_, row) => row);
  const repeated = new Int32Array(weightedSum(weights));
  let at = 0;
  for (let row = 0; row < rows; row++) for (let i = 0; i < weights[row]!; i++) repeated[at++] = row;
  return repeated;
}
