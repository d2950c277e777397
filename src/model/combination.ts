import { exp, log, sigmoid } from '../numeric/elementary.ts';
import {
  scoreLinks,
  type AverageCombination,
  type LinearPredictor,
  type Link,
  type Pipeline,
  type StackingCombination,
} from './pipeline.ts';

type Shape = Pick<Pipeline, 'task' | 'classes'>;

/**
 * What an ensemble answers.
 * @param outputs of each member, rows × outputs
 */
export function combine(
  shape: Shape,
  combination: AverageCombination | StackingCombination,
  outputs: readonly Float64Array[],
): Float64Array {
  if (combination.kind === 'average') return weightedMean(combination.weights, outputs);
  const { meta, floor } = combination;
  const features = stackingFeatures(shape, floor, outputs);
  return linkScores(scoreLinks[shape.task], linearScores(meta, features), shape.classes.length);
}

function weightedMean(weights: Float64Array, outputs: readonly Float64Array[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return outputs[0]!.map((_, cell) => {
    let sum = 0;
    for (let m = 0; m < weights.length; m++) sum += weights[m]! * outputs[m]![cell]!;
    return sum / total;
  });
}

/** What the meta-learner sees of the members' outputs, rows × `stackingWidth`. */
export function stackingFeatures(
  { task, classes }: Shape,
  floor: number,
  outputs: readonly Float64Array[],
): Float64Array {
  const perMember = stackingWidth({ task, classes }, 1);
  const width = perMember * outputs.length;
  const columns = Math.max(classes.length, 1);
  const rows = outputs[0]!.length / columns;
  const features = new Float64Array(rows * width);
  const logOf = (p: number): number => log(Math.min(Math.max(p, floor), 1 - floor));
  outputs.forEach((output, m) => {
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      const to = row * width + m * perMember;
      if (task === 'regression') features[to] = output[from]!;
      else if (task === 'binary') features[to] = logOf(output[from + 1]!) - logOf(output[from]!);
      else for (let k = 0; k < columns; k++) features[to + k] = logOf(output[from + k]!);
    }
  });
  return features;
}

/** Number of the meta-learner's features. */
export function stackingWidth({ task, classes }: Shape, members: number): number {
  return members * (task === 'multiclass' ? classes.length : 1);
}

function linearScores({ width, coefficients, intercepts }: LinearPredictor, x: Float64Array): Float64Array {
  const rows = x.length / width;
  const scores = new Float64Array(rows * intercepts.length);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < intercepts.length; k++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += coefficients[k * width + j]! * x[row * width + j]!;
      scores[row * intercepts.length + k] = sum + intercepts[k]!;
    }
  return scores;
}

/** Scores to outputs, rows × max(classes, 1). May change `scores`. */
export function linkScores(link: Link, scores: Float64Array, classes: number): Float64Array {
  switch (link) {
    case 'identity':
      return scores;
    case 'exponential':
      return scores.map((score) => Math.fround(exp(score)));
    case 'softmax':
      return softmaxRows(scores, classes);
    case 'logistic': {
      const probabilities = new Float64Array(scores.length * 2);
      for (let row = 0; row < scores.length; row++) {
        probabilities[row * 2] = sigmoid(-scores[row]!);
        probabilities[row * 2 + 1] = sigmoid(scores[row]!);
      }
      return probabilities;
    }
  }
}

/** Softmax of each row, in place. */
function softmaxRows(scores: Float64Array, width: number): Float64Array {
  for (let first = 0; first < scores.length; first += width) {
    let largest = -Infinity;
    for (let k = first; k < first + width; k++) largest = Math.max(largest, scores[k]!);
    let total = 0;
    for (let k = first; k < first + width; k++) total += scores[k] = exp(scores[k]! - largest);
    for (let k = first; k < first + width; k++) scores[k]! /= total;
  }
  return scores;
}
