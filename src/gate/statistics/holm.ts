/**
 * Adjusted p-values that keep the chance of any false rejection at the level, however the tests depend on each
 * other (Holm, 1979); in input order.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = most;
  });
  return adjusted;
}
