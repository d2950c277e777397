import { Random } from '../../numeric/random.ts';

const EXACT_LIMIT = 20;
const FLIPS = 10000;

/**
 * Sign-flip permutation test of paired differences: exact over all 2^n signs up to n = 20, else 10,000 random ones
 * with (1 + hits) / (1 + flips). Exact for "no difference at all"; no remedy for skewed differences.
 */
export function signFlip(differences: ArrayLike<number>, seed: number) {
  const n = differences.length;
  const observed = sumWithSigns(differences, () => 1);
  // Sums of the same numbers in other signs differ by rounding alone.
  const slack = 1e-12 * sumWithSigns(differences, (i) => (differences[i]! < 0 ? -1 : 1));
  const exact = n <= EXACT_LIMIT;
  const total = exact ? 1 << n : FLIPS;
  const random = new Random(seed);
  let atLeast = exact ? 0 : 1;
  let atMost = exact ? 0 : 1;
  for (let flip = 0; flip < total; flip++) {
    const sum = sumWithSigns(differences, (i) =>
      (exact ? (flip >>> i) & 1 : random.uint32() & 1) === 1 ? 1 : -1,
    );
    if (sum >= observed - slack) atLeast++;
    if (sum <= observed + slack) atMost++;
  }
  const p = atLeast / (exact ? total : total + 1);
  const pLess = atMost / (exact ? total : total + 1);
  return { p, pLess, pTwoSided: Math.min(1, 2 * Math.min(p, pLess)) };
}

function sumWithSigns(values: ArrayLike<number>, sign: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += sign(i) * values[i]!;
  return sum;
}
