import { describe, expect, it } from '@jest/globals';
import type {
  DensePredictor,
  Feature,
  NaiveBayesPredictor,
  NeighboursPredictor,
  EncodedPipeline,
  Tree,
} from '../../../src/model/pipeline.ts';
import { featuresOf } from '../../../src/model/pipeline.ts';
import { encode } from '../../../src/model/preprocessing.ts';
import { labels, outputsOf, predict } from '../../../src/model/score.ts';
import { combinations, firstRows, randomPipeline, randomTable } from './random-pipelines.ts';

/** The leaf of a tree read as its definition says, without any layout. */
function leafOf(tree: Tree, x: Float32Array, node = 0): number {
  if (tree.left[node] === -1) return node;
  const value = x[tree.feature[node]!]!;
  const codes = tree.levelsLeft[node]!;
  const inside = codes.length > 0 ? codes.includes(value) : value <= tree.threshold[node]!;
  const left = Number.isNaN(value) ? tree.missingLeft[node] === 1 : inside;
  return leafOf(tree, x, left ? tree.left[node]! : tree.right[node]!);
}

function naiveScores({ predictor, steps }: EncodedPipeline, x: Float32Array): number[] {
  if (predictor.kind === 'constant') return [...predictor.outputs];
  if (predictor.kind === 'linear')
    return Array.from(predictor.intercepts, (intercept, k) => {
      const weights = predictor.coefficients.subarray(k * predictor.width, (k + 1) * predictor.width);
      return weights.reduce((total, weight, j) => total + weight * x[j]!, 0) + intercept;
    });
  if (predictor.kind === 'dense') return naiveNet(predictor, x);
  if (predictor.kind === 'neighbours') return naiveNeighbours(predictor, x);
  if (predictor.kind === 'naive-bayes') return naiveBayes(predictor, featuresOf(steps), x);
  if (predictor.kind === 'forest')
    return Array.from({ length: predictor.outputs }, (_, k) =>
      predictor.trees.reduce(
        (total, tree) => total + tree.value[leafOf(tree, x) * predictor.outputs + k]!,
        0,
      ),
    );
  const scores = [...predictor.base];
  predictor.trees.forEach((tree, t) => (scores[t % predictor.outputs]! += tree.value[leafOf(tree, x)]!));
  return scores;
}

function naiveNeighbours(
  { outputs, neighbours, p, weights, rows, width, points, targets }: NeighboursPredictor,
  x: Float32Array,
): number[] {
  const distanceTo = (row: number): number => {
    const terms = Array.from({ length: width }, (_, j) => {
      const scaled = Math.min(Math.max(x[j]!, -64), 64) * 16384;
      const even = 2 * Math.round(scaled / 2);
      const asked = Math.abs(scaled % 1) === 0.5 ? even : Math.round(scaled);
      return Math.abs(asked - points[j * rows + row]!);
    });
    return p === 1 ? terms.reduce((sum, term) => sum + term, 0) : Math.hypot(...terms);
  };
  const nearest = Array.from({ length: rows }, (_, row) => ({ row, far: distanceTo(row) }))
    .sort((a, b) => a.far - b.far || a.row - b.row)
    .slice(0, neighbours);
  const same = nearest.some(({ far }) => far === 0);
  const votes = nearest.map(({ row, far }) => ({
    target: targets[row]!,
    weight: weights === 'uniform' ? 1 : same ? Number(far === 0) : 1 / far,
  }));
  const total = votes.reduce((sum, { weight }) => sum + weight, 0);
  return Array.from({ length: outputs }, (_, k) =>
    votes.reduce(
      (sum, { target, weight }) => sum + (weight / total) * (outputs === 1 ? target : Number(target === k)),
      0,
    ),
  );
}

function naiveBayes(
  { priors, means, scales, peaks, codes }: NaiveBayesPredictor,
  features: readonly Feature[],
  x: Float32Array,
): number[] {
  const cells = features.map(({ levels }, j) => ({ levels, value: x[j]! }));
  const numbers = cells.filter(({ levels }) => levels === 0);
  return Array.from(priors, (prior, k) => {
    let total = prior;
    numbers.forEach(({ value }, j) => {
      const at = k * numbers.length + j;
      const distance = (value - means[at]!) * scales[at]!;
      if (!Number.isNaN(value)) total += peaks[at]! - distance * distance;
    });
    let first = 0;
    for (const { levels, value } of cells) {
      if (levels > 0) total += codes[(first + value) * priors.length + k]!;
      first += levels;
    }
    return total;
  });
}

function naiveNet({ activations, layers, embeddings = [] }: DensePredictor, x: Float32Array): number[] {
  const curves = {
    relu: (sum: number) => Math.max(sum, 0),
    tanh: (sum: number) => Math.tanh(sum),
    logistic: (sum: number) => 1 / (1 + Math.exp(-sum)),
    identity: (sum: number) => sum,
    elu: (sum: number) => (sum > 0 ? sum : Math.expm1(sum)),
  };
  const numbers = x.length - embeddings.length;
  const vectors = embeddings.flatMap(({ dimension, vectors }, e) => [
    ...vectors.subarray(x[numbers + e]! * dimension, (x[numbers + e]! + 1) * dimension),
  ]);
  return layers.reduce<number[]>(
    (values, { outputs, weights, biases }, l) => {
      const sums = Array.from(biases, (bias, k) =>
        values.reduce((sum, value, i) => sum + value * weights[i * outputs + k]!, bias),
      );
      const activation = activations[l];
      return activation === undefined ? sums : sums.map(curves[activation]);
    },
    [...vectors, ...x.subarray(0, numbers)],
  );
}

function naiveOutputs(pipeline: EncodedPipeline, x: Float32Array): number[] {
  const scores = naiveScores(pipeline, x);
  if (pipeline.task === 'regression' || pipeline.predictor.kind === 'constant') return scores;
  if (pipeline.predictor.kind === 'forest' || pipeline.predictor.kind === 'neighbours') return scores;
  const logits = pipeline.task === 'binary' && scores.length === 1 ? [0, scores[0]!] : scores;
  const total = logits.reduce((sum, score) => sum + Math.exp(score), 0);
  return logits.map((score) => Math.exp(score) / total);
}

describe('predict', () => {
  const cases = combinations.flatMap(([task, kind]) =>
    [1, 2, 3, 4].map((seed) => [task, kind, seed] as const),
  );
  it.each(cases)('scores %s %s pipeline %i as its definition says', (task, kind, seed) => {
    const pipeline = randomPipeline(seed, task, kind);
    const table = randomTable(seed, pipeline.inputs, 200);
    const predictions = predict(pipeline, table, firstRows(200));
    const { x } = encode(table, firstRows(200), pipeline.steps);
    const width = featuresOf(pipeline.steps).length;
    const outputs = outputsOf(pipeline);
    expect(predictions).toHaveLength(200 * outputs);
    for (let row = 0; row < 200; row++) {
      const expected = naiveOutputs(pipeline, x.subarray(row * width, (row + 1) * width));
      expected.forEach((value, k) => {
        const actual = predictions[row * outputs + k]!;
        expect(Math.abs(actual - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('gives a row the same numbers alone and among many', () => {
    const pipeline = randomPipeline(5, 'multiclass', 'trees');
    const table = randomTable(5, pipeline.inputs, 20000);
    const whole = predict(pipeline, table, firstRows(20000));
    const width = outputsOf(pipeline);
    for (const row of [0, 63, 64, 8191, 8192, 19999])
      expect(predict(pipeline, table, Int32Array.of(row))).toEqual(
        whole.slice(row * width, (row + 1) * width),
      );
  });
});

describe('labels', () => {
  it('names the most probable class, the first among equals', () => {
    const predictions = Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0, 0, 1);
    expect(labels({ classes: ['a', 'b', 'c'] }, predictions)).toEqual(['b', 'a', 'c']);
  });
});
