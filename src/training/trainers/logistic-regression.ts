import { z } from 'zod';
import { log } from '../../numeric/elementary.ts';
import { mean } from '../../numeric/sum.ts';
import { binomialLoss } from '../linear/binomial.ts';
import { multinomialLoss } from '../linear/multinomial.ts';
import { plus, predictorOf, weightsOf } from '../linear/pull.ts';
import { minimise } from '../linear/newton.ts';
import type { MinimiseOptions, Minimum } from '../linear/newton.ts';
import { PlacedLoss, type LossData } from '../linear/placed-loss.ts';
import { minimiseFromSample, quasiNewton } from '../linear/quasi-newton.ts';
import { sampleOf } from '../linear/sample.ts';
import { cheaperSolver, extentOf, givenExtent, stepsPerMatrix } from '../linear/solver.ts';
import { sparseRows, timesColumns } from '../linear/sparse-rows.ts';
import { logisticErrors } from '../linear/standard-errors.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { classWeight, rowWeights } from '../row-weights.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  C: z.number().positive().max(1e12).default(1).describe('Inverse strength of the L2 penalty.'),
  fit_intercept: z.boolean().default(true).describe('Whether to add a constant, which is not penalised.'),
  max_iter: z.int().min(1).max(10000).default(100).describe('Most steps.'),
  tol: z
    .number()
    .positive()
    .max(1)
    .default(1e-4)
    .describe(
      'Ends when the log loss, summed over the rows, is within ten times this of its least, or no coefficient moves by more.',
    ),
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
    const { features } = data;
    const given = {
      ...{ x: data.x, rows: data.rows, features: features.length, intercept: options.params.fit_intercept },
      ...{ y: data.y, costs: rowCosts(data, options.params, classCounts) },
    };
    const minimum =
      data.task === 'binary'
        ? minimiseLoss(data, given, 1, options)
        : fitPresentClasses(data, given, classCounts, options);
    options.onProgress?.(1);
    return {
      predictor: predictorOf(minimum.weights, given.features + (given.intercept ? 1 : 0), features.length),
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
    const seenRows = { x: old, y: seen.y, costs: seenCosts };
    const learnt = binary ? binomialLoss(seenRows, penalty) : multinomialLoss(seenRows, outputs, penalty);
    const pull = learnt(from).diagonal();
    const rows = { x, y: fresh.y, costs };
    const loss = binary ? binomialLoss(rows, pull, scores[0]) : multinomialLoss(rows, outputs, pull, scores);
    const solver = cheaperSolver(extentOf(x), outputs);
    const minimum = minimise(loss, new Float64Array(from.length), { ...stoppingOf(options), solver });
    options.onProgress?.(1);
    return {
      predictor: predictorOf(plus(from, minimum.weights), x.width, fresh.features.length),
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

/** The least loss of all rows, found by way of a sample where they are many. */
function minimiseLoss(
  data: TrainingSet,
  given: LossData,
  outputs: number,
  options: FitOptions<Params>,
): Minimum {
  const extent = givenExtent(given);
  if (cheaperSolver(extent, outputs) === 'conjugate-gradients') {
    const x = sparseRows(data, given.intercept);
    const rows = { x, y: given.y, costs: given.costs };
    const penalty = new Float64Array(x.width).fill(1, 0, given.features);
    const loss = outputs === 1 ? binomialLoss(rows, penalty) : multinomialLoss(rows, outputs, penalty);
    return minimise(loss, new Float64Array(outputs * x.width), {
      ...stoppingOf(options),
      solver: 'conjugate-gradients',
    });
  }
  const loss = new PlacedLoss(given, outputs);
  const stopping = { ...stoppingOf(options), stepsPerMatrix: stepsPerMatrix(extent, outputs) };
  const evaluate = (weights: Float64Array) => loss.at(weights);
  const sample = sampleOf(given, outputs);
  if (!sample) return quasiNewton(evaluate, new Float64Array(loss.size), stopping);
  const few = new PlacedLoss(sample.rows, outputs);
  const sampled = {
    evaluate: (weights: Float64Array) => few.at(weights),
    hessianForAll: (weights: Float64Array) => few.hessian(weights, sample.each),
  };
  return minimiseFromSample(evaluate, sampled, loss.size, stopping);
}

function stoppingOf({ params: { C, max_iter, tol }, onProgress }: FitOptions<Params>): MinimiseOptions {
  return {
    ...{ maxIterations: max_iter, tolerance: tol, decrement: Math.max(20 * C * tol, tol * tol) },
    // It takes about 8 steps; how many is known only at the end.
    onIteration: (iteration) => onProgress?.(iteration / (iteration + 2)),
  };
}

function rowCosts(data: TrainingSet, { C, class_weight }: Params, classCounts: Float64Array): Float64Array {
  const weights = rowWeights(data, class_weight, classCounts, 'logistic-regression');
  return weights?.map((weight) => C * weight) ?? new Float64Array(data.rows).fill(C);
}

/** Softmax over the classes that have rows; the others get a constant score below half a row's share. */
function fitPresentClasses(
  data: TrainingSet,
  given: LossData,
  classCounts: Float64Array,
  options: FitOptions<Params>,
): Minimum {
  const present = Array.from(classCounts.keys()).filter((label) => classCounts[label]! > 0);
  const position = new Float64Array(data.classes);
  present.forEach((label, k) => (position[label] = k));
  const y = data.y.map((label) => position[label]!);
  const minimum = minimiseLoss(data, { ...given, y }, present.length, options);
  const width = minimum.weights.length / present.length;
  const weights = new Float64Array(data.classes * width);
  const last = width - 1;
  present.forEach((label, k) => {
    weights.set(minimum.weights.subarray(k * width, (k + 1) * width), label * width);
  });
  if (given.intercept) {
    // Only differences between intercepts matter: centre them, as a solver that starts at 0 would.
    const centre = mean(present.map((label) => weights[label * width + last]!));
    for (let label = 0; label < data.classes; label++) {
      if (classCounts[label]! > 0) weights[label * width + last]! -= centre;
      else weights[label * width + last] = log(0.5 / data.rows);
    }
  }
  return { ...minimum, weights };
}
