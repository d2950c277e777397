import { sum } from '../../numeric/sum.ts';
import { binomialLoss } from '../linear/binomial.ts';
import { minimise } from '../linear/newton.ts';
import { sparseRows } from '../linear/sparse-rows.ts';

/** p = 1 / (1 + e^-(slope * score + intercept)). */
export interface Sigmoid {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The logistic curve of least log loss over scores and whether each is a positive (Platt 1999). Its targets are not 0
 * and 1 but (positives + 1) / (positives + 2) and 1 / (negatives + 2), so that it is finite however well scores separate.
 * @param scores float32 numbers
 * @param weights what each row counts for, above 0
 */
export function fitSigmoid(
  scores: Float64Array,
  isPositive: readonly boolean[],
  weights: Float64Array = new Float64Array(scores.length).fill(1),
): Sigmoid {
  const rows = scores.length;
  const positives = sum(weights.map((weight, row) => (isPositive[row] === true ? weight : 0)));
  const negatives = sum(weights.map((weight, row) => (isPositive[row] === true ? 0 : weight)));
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const y = Float64Array.from(isPositive, (positive) => (positive ? high : low));
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const unit = largest > 0 ? largest : 1;
  const x = sparseRows(
    {
      ...{ task: 'binary', rows, y, classes: 2 },
      x: Float32Array.from(scores, (score) => score / unit),
      features: [{ name: 'score', input: 'score', levels: 0 }],
    },
    true,
  );
  const loss = binomialLoss({ x, y, costs: weights }, new Float64Array(2));
  const { weights: found } = minimise(loss, new Float64Array(2), {
    solver: 'elimination',
    maxIterations: 200,
    tolerance: 1e-9,
  });
  return { slope: found[0]! / unit, intercept: found[1]! };
}
