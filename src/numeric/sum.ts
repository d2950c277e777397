/** Sum in index order with Neumaier's compensation: the error doesn't grow with the length. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean by `sum`; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
