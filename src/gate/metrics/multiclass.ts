import type { Predictions } from '../predictions.ts';
import type { Evaluate } from './metric.ts';
import { prepareRocAuc } from './ranking.ts';

/** Probabilities of one class and which rows have it. */
export function oneClass({ rows, classes, y, p }: Predictions, k: number) {
  const scores = new Float64Array(rows);
  const positive = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    scores[row] = p[row * classes + k]!;
    positive[row] = y[row] === k ? 1 : 0;
  }
  return { scores, positive };
}

/** ROC AUC of each class against the rest, averaged equally or by class size. A class without rows: null. */
export function prepareRocAucOvr(predictions: Predictions, average: 'macro' | 'weighted'): Evaluate {
  const perClass = Array.from({ length: predictions.classes }, (_, k) => {
    const { scores, positive } = oneClass(predictions, k);
    return { positive, auc: prepareRocAuc(scores, positive) };
  });
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (const { positive, auc } of perClass) {
      const value = auc(weights);
      if (value === null) return null;
      const share = average === 'macro' ? 1 : weightOf(positive, weights);
      sum += share * value;
      total += share;
    }
    return total > 0 ? sum / total : null;
  };
}

/** Mean ROC AUC over all pairs of classes (Hand and Till, 2001). A class without rows: null. */
export function prepareRocAucOvo(predictions: Predictions): Evaluate {
  const { classes, rows, y } = predictions;
  const pairs: Evaluate[] = [];
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < classes; b++) {
      if (a === b) continue;
      const { scores, positive } = oneClass(predictions, a);
      const members = Int32Array.from({ length: rows }, (_, row) => row).filter(
        (row) => y[row] === a || y[row] === b,
      );
      const auc = prepareRocAuc(
        Float64Array.from(members, (row) => scores[row]!),
        Uint8Array.from(members, (row) => positive[row]!),
      );
      pairs.push((weights) => auc(weights && Float64Array.from(members, (row) => weights[row]!)));
    }
  return (weights) => {
    let sum = 0;
    for (const pair of pairs) {
      const value = pair(weights);
      if (value === null) return null;
      sum += value;
    }
    return sum / pairs.length;
  };
}

function weightOf(positive: Uint8Array, weights?: Float64Array): number {
  let total = 0;
  for (let row = 0; row < positive.length; row++)
    if (positive[row] === 1) total += weights ? weights[row]! : 1;
  return total;
}
