import { exp, expAll, log } from '../../numeric/elementary.ts';
import type { Loss, LossRows } from './loss.ts';
import { LOG_STEP } from './loss.ts';
import { weightedHessians } from './packing.ts';
import { gradientRounder, packedHessian } from './rounding.ts';
import { WeightedRows } from './weighted-rows.ts';

/**
 * Half the Poisson deviance of counts and other targets of 0 or more, less what does not depend on the prediction
 * e^score: e^score - y * score (McCullagh and Nelder, "Generalized linear models", 1989).
 */
export function poissonLoss(data: LossRows): Loss {
  const { y, train } = data;
  const rows = new WeightedRows(data);
  const { weights } = rows;
  const means = new Float64Array(y.length);
  let packing = weightedHessians(train.length, rows.total);
  let rounder = 0;
  const target = (row: number): number => y[row]!;
  // Where all rows above 0 were set aside for early stopping, they tell where to begin all the same.
  const start = rows.mean(target, train) || rows.mean(target, Int32Array.from(y.keys()));
  return {
    outputs: 1,
    get packing() {
      return packing;
    },
    largestStep: LOG_STEP,
    link: 'log',
    base: Float32Array.of(log(start)),
    startRound(scores) {
      let largest = 0;
      let total = 0;
      means.set(scores);
      expAll(means);
      for (const row of train) {
        const mean = means[row]!;
        const weight = weights[row]!;
        total += weight * mean;
        largest = Math.max(largest, weight * Math.abs(mean - y[row]!));
      }
      packing = weightedHessians(train.length, total);
      rounder = gradientRounder(largest);
    },
    fillPairs(_output, _scores, pairs) {
      for (const row of train) {
        const weight = weights[row]!;
        pairs[2 * row] = weight * (means[row]! - y[row]!) + rounder - rounder;
        pairs[2 * row + 1] = packedHessian(packing, weight * means[row]!);
      }
    },
    value: (scores, some) => rows.mean((row) => exp(scores[row]!) - y[row]! * scores[row]!, some),
  };
}
