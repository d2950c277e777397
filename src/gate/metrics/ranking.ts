import { log } from '../../numeric/elementary.ts';
import type { Evaluate } from './metric.ts';
import { ascendingOrder } from './weighted.ts';

/** Calls `visit(positive weight, negative weight)` for each group of equal scores, in the order given. */
function visitTies(
  scores: Float64Array,
  positive: Uint8Array,
  order: Int32Array,
  weights: Float64Array | undefined,
  visit: (positive: number, negative: number) => void,
): void {
  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!];
    let positives = 0;
    let negatives = 0;
    let end = start;
    for (; end < order.length && (end === start || scores[order[end]!] === score); end++) {
      const row = order[end]!;
      const weight = weights ? weights[row]! : 1;
      if (positive[row] === 1) positives += weight;
      else negatives += weight;
    }
    visit(positives, negatives);
    start = end;
  }
}

/** Area under the ROC curve: how often a positive row scores above a negative one, ties half. One class: null. */
export function prepareRocAuc(scores: Float64Array, positive: Uint8Array): Evaluate {
  const order = ascendingOrder(scores);
  return (weights) => {
    let below = 0;
    let positives = 0;
    let pairs = 0;
    visitTies(scores, positive, order, weights, (p, n) => {
      pairs += p * (below + n / 2);
      positives += p;
      below += n;
    });
    return positives > 0 && below > 0 ? pairs / (positives * below) : null;
  };
}

/** Average precision: precision at each threshold weighed by the recall it adds. No positives: null. */
export function prepareAveragePrecision(scores: Float64Array, positive: Uint8Array): Evaluate {
  const order = ascendingOrder(scores).reverse();
  return (weights) => {
    let positives = 0;
    let total = 0;
    let area = 0;
    visitTies(scores, positive, order, weights, (p, n) => {
      positives += p;
      total += p + n;
      if (p > 0) area += (p * positives) / total;
    });
    return positives > 0 ? area / positives : null;
  };
}

/** Kolmogorov-Smirnov: the largest gap between true and false positive rate. One class: null. */
export function prepareKolmogorovSmirnov(scores: Float64Array, positive: Uint8Array): Evaluate {
  const order = ascendingOrder(scores);
  return (weights) => {
    const steps: [number, number][] = [];
    let positives = 0;
    let negatives = 0;
    visitTies(scores, positive, order, weights, (p, n) => {
      positives += p;
      negatives += n;
      steps.push([positives, negatives]);
    });
    if (!(positives > 0 && negatives > 0)) return null;
    return steps.reduce((most, [p, n]) => Math.max(most, Math.abs(p / positives - n / negatives)), 0);
  };
}

/** Discounted cumulative gain of the first k rows by score, gains of ties averaged (linear gain, log2 discount). */
export function dcg(relevance: Float64Array, scores: Float64Array, k = relevance.length): number {
  const order = ascendingOrder(scores).reverse();
  let total = 0;
  for (let start = 0; start < order.length;) {
    let gain = 0;
    let discount = 0;
    let end = start;
    for (; end < order.length && (end === start || scores[order[end]!] === scores[order[start]!]); end++) {
      gain += relevance[order[end]!]!;
      if (end < k) discount += LN2 / log(end + 2);
    }
    total += (gain / (end - start)) * discount;
    start = end;
  }
  return total;
}

/** DCG as a share of the best possible one; null where nothing is relevant. */
export function ndcg(relevance: Float64Array, scores: Float64Array, k = relevance.length): number | null {
  const best = dcg(relevance, relevance, k);
  return best > 0 ? dcg(relevance, scores, k) / best : null;
}

const LN2 = log(2);
