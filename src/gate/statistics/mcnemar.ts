import { binomial } from './distributions.ts';

/** Rows that only one of two models gets right: `gained` by the candidate, `lost` by it. */
export interface Disagreement {
  readonly gained: number;
  readonly lost: number;
}

export interface McNemarTest {
  /** One-sided: the candidate is right more often, or less often. */
  readonly p: number;
  readonly pLess: number;
  readonly pTwoSided: number;
  /** Mid-p forms (Fagerland, Lydersen and Laake, 2013). */
  readonly midP: number;
  readonly midPTwoSided: number;
}

/** Exact McNemar test: how likely the split of the rows on which the models disagree is by tossing a coin. */
export function mcnemar({ gained, lost }: Disagreement): McNemarTest {
  const n = gained + lost;
  const coin = binomial(n, 0.5);
  const p = coin.sf(gained - 1);
  const pLess = coin.sf(lost - 1);
  const point = p - coin.sf(gained);
  const tail = Math.min(p, pLess);
  return {
    p,
    pLess,
    pTwoSided: Math.min(1, 2 * tail),
    midP: p - point / 2,
    midPTwoSided: Math.min(1, 2 * tail - point),
  };
}

/** Counts the rows on which two models differ in being right. Both: 1 = right, 0 = wrong, one a row. */
export function disagreement(candidate: Float64Array, champion: Float64Array): Disagreement {
  let gained = 0;
  let lost = 0;
  for (let row = 0; row < candidate.length; row++) {
    if (candidate[row]! > champion[row]!) gained++;
    else if (candidate[row]! < champion[row]!) lost++;
  }
  return { gained, lost };
}
