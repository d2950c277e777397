import { z } from 'zod';
import { log } from '../../numeric/elementary.ts';
import { mean } from '../../numeric/sum.ts';
import { binomialLoss } from '../linear/binomial.ts';
import { multinomialLoss } from '../linear/multinomial.ts';
import { plus, predictorOf, weightsOf } from '../linear/pull.ts';
import { cheaperSolver, minimise } from '../linear/newton.ts';
import type { Minimum, Solver } from '../linear/newton.ts';
import { sparseRows, timesColumns } from '../linear/sparse-rows.ts';
import { logisticErrors } from '../linear/standard-errors.ts';
import type { SparseRows } from '../linear/sparse-rows.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { classWeight, rowWeights } from '../row-weights.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  C: z.number().positive().max(1e12).default(1).describe('Inverse strength of the L2 penalty.'),
  fit_intercept: z.boolean().default(true).describe('Whether to add a constant, which is not penalised.'),
  max_iter: z.int().min(1).max(10000).default(100).describe('Most Newton steps.'),
  tol: z
    .number()
    .positive()
    .max(1)
    .default(1e-4)
    .describe('Ends when no coefficient is further than this from the optimum.'),
  class_weight: classWeight,
});
type Params = z.infer<typeof params>;

/**
 * Logistic regression with an L2 penalty: minimises C * log loss + |coefficients|^2 / 2, as scikit-learn's
 * `LogisticRegression`. Two classes get one row of coefficients, more get softmax with one row each.
 */
export const logisticRegression: Trainer<Params> = {
  name: 'logistic-regression',
  tasks: ['binary', 'multiclass'],
  encoding: 'standard',
  params,
  fit(data: TrainingSet, options: FitOptions<Params>): Fit {
    const { classCounts, warnings } = inspectRows(data, 'logistic-regression');
    const x = sparseRows(data, options.params.fit_intercept);
    const costs = rowCosts(data, options.params, classCounts);
    const penalty = new Float64Array(x.width).fill(1, 0, data.features.length);
    const minimum =
      data.task === 'binary'
        ? run(binomialLoss(x, data.y, costs, penalty), x.width, cheaperSolver(x, 1), options)
        : fitPresentClasses(data, x, costs, penalty, classCounts, options);
    return {
      predictor: predictorOf(minimum.weights, x, data.features.length),
      iterations: minimum.iterations,
      warnings: [...warnings, ...toldOf(minimum)],
    };
  },
  update(fresh, { predictor, seen }, options): Fit {
    const inspected = inspectRows(fresh, 'logistic-regression', true);
    if (predictor.kind !== 'linear') throw new Error('no linear model to continue');
    const { fit_intercept: intercept } = options.params;
    const [x, old] = [sparseRows(fresh, intercept), sparseRows(seen, intercept)];
    const penalty = new Float64Array(x.width).fill(1, 0, fresh.features.length);
    const from = weightsOf(predictor, x);
    const outputs = from.length / x.width;
    const seenCosts = rowCosts(seen, options.params, inspectRows(seen, 'logistic-regression').classCounts);
    const costs = rowCosts(fresh, options.params, inspected.classCounts);
    const scores = Array.from({ length: outputs }, (_, k) => timesColumns(x, from, k * x.width));
    const binary = fresh.task === 'binary';
    const learnt = binary
      ? binomialLoss(old, seen.y, seenCosts, penalty)
      : multinomialLoss(old, seen.y, outputs, seenCosts, penalty);
    const pull = learnt(from).diagonal();
    const loss = binary
      ? binomialLoss(x, fresh.y, costs, pull, scores[0])
      : multinomialLoss(x, fresh.y, outputs, costs, pull, scores);
    const minimum = run(loss, from.length, cheaperSolver(x, outputs), options);
    return {
      predictor: predictorOf(plus(from, minimum.weights), x, fresh.features.length),
      iterations: minimum.iterations,
      warnings: toldOf(minimum),
    };
  },
  standardErrors(data, predictor, given) {
    const { classCounts } = inspectRows(data, 'logistic-regression');
    const weights = rowWeights(data, given.class_weight, classCounts, 'logistic-regression');
    return logisticErrors({ ...data, weights }, predictor, given.C, given.fit_intercept);
  },
};

function toldOf({ converged, iterations }: Minimum): string[] {
  return converged ? [] : [`The solver did not converge in ${iterations} steps: raise max_iter or lower C.`];
}

function run(
  loss: Parameters<typeof minimise>[0],
  size: number,
  solver: Solver,
  { params: { max_iter, tol }, onProgress }: FitOptions<Params>,
): Minimum {
  const minimum = minimise(loss, size, {
    solver,
    maxIterations: max_iter,
    tolerance: tol,
    // Newton's method takes about 8 steps; how many is known only at the end.
    onIteration: (iteration) => onProgress?.(iteration / (iteration + 2)),
  });
  onProgress?.(1);
  return minimum;
}

function rowCosts(data: TrainingSet, { C, class_weight }: Params, classCounts: Float64Array): Float64Array {
  const weights = rowWeights(data, class_weight, classCounts, 'logistic-regression');
  return weights?.map((weight) => C * weight) ?? new Float64Array(data.rows).fill(C);
}

/** Softmax over the classes that have rows; the others get a constant score below half a row's share. */
function fitPresentClasses(
  data: TrainingSet,
  x: SparseRows,
  costs: Float64Array,
  penalty: Float64Array,
  classCounts: Float64Array,
  options: FitOptions<Params>,
): Minimum {
  const present = Array.from(classCounts.keys()).filter((label) => classCounts[label]! > 0);
  const position = new Float64Array(data.classes);
  present.forEach((label, k) => (position[label] = k));
  const y = data.y.map((label) => position[label]!);
  const loss = multinomialLoss(x, y, present.length, costs, penalty);
  const minimum = run(loss, present.length * x.width, cheaperSolver(x, present.length), options);
  const weights = new Float64Array(data.classes * x.width);
  const last = x.width - 1;
  present.forEach((label, k) => {
    weights.set(minimum.weights.subarray(k * x.width, (k + 1) * x.width), label * x.width);
  });
  if (x.width > data.features.length) {
    // Only differences between intercepts matter: centre them, as a solver that starts at 0 would.
    const centre = mean(present.map((label) => weights[label * x.width + last]!));
    for (let label = 0; label < data.classes; label++) {
      if (classCounts[label]! > 0) weights[label * x.width + last]! -= centre;
      else weights[label * x.width + last] = log(0.5 / data.rows);
    }
  }
  return { ...minimum, weights };
}
