import type { Table } from '../data/table.ts';
import { exp, sigmoid } from '../numeric/elementary.ts';
import { denseScores } from './dense.ts';
import { rowsWithDerived } from './derived/derive.ts';
import { naiveBayesScores } from './naive-bayes.ts';
import { neighbourScores } from './neighbours.ts';
import type { LinearPredictor, Pipeline, Predictor } from './pipeline.ts';
import { featuresOf } from './pipeline.ts';
import { encode } from './preprocessing.ts';
import { addForest, addTrees, flattenTrees } from './trees.ts';

/** Numbers that the model gives for a row: one probability per class, or 1 for regression. */
export function outputsOf({ classes }: Pick<Pipeline, 'classes'>): number {
  return Math.max(classes.length, 1);
}

/** Rows that are encoded and scored together: bounds the memory of scoring. */
const chunkRows = 8192;

/**
 * Scores rows of a table. Returns rows.length × `outputsOf(pipeline)`, row-major: the probability of each class in
 * the order of `classes` (binary: negative, positive), or the predicted number.
 * @throws UserError DATA_COLUMN when the table doesn't have the model's inputs
 */
export function predict(pipeline: Pipeline, table: Table, rows: Int32Array): Float64Array {
  return scorerOf(pipeline)(table, rows);
}

/** `predict` for one pipeline, with its layout prepared once; for callers that score again and again. */
export function scorerOf(pipeline: Pipeline): (table: Table, rows: Int32Array) => Float64Array {
  const levels = featuresOf(pipeline.steps).map((feature) => feature.levels);
  const scores = scoresOf(pipeline.predictor, levels);
  const outputs = outputsOf(pipeline);
  return (table, rows) => {
    const result = new Float64Array(rows.length * outputs);
    for (let start = 0; start < rows.length; start += chunkRows) {
      const chunk = rows.subarray(start, start + chunkRows);
      const x = encodeRows(pipeline, table, chunk);
      result.set(toOutputs(pipeline, scores(x, chunk.length)), start * outputs);
    }
    return result;
  };
}

/** Rows of a table as the model's predictor sees them: rows.length × features, row-major. */
export function encodeRows(
  pipeline: Pick<Pipeline, 'inputs' | 'steps' | 'derived'>,
  table: Table,
  rows: Int32Array,
): Float32Array {
  if (pipeline.derived === undefined) return encode(table, rows, pipeline.steps).x;
  const computed = rowsWithDerived(table, rows, pipeline);
  return encode(computed, Int32Array.from(rows.keys()), pipeline.steps).x;
}

/** Class of each row, the most probable one, the first among equals; `predictions` as from `predict`. */
export function labels({ classes }: Pick<Pipeline, 'classes'>, predictions: Float64Array): string[] {
  const width = classes.length;
  return Array.from({ length: predictions.length / width }, (_, row) => {
    let best = 0;
    for (let k = 1; k < width; k++)
      if (predictions[row * width + k]! > predictions[row * width + best]!) best = k;
    return classes[best]!;
  });
}

/**
 * Raw scores of encoded rows, rows × scores per row: sums in float64 and index order, then rounded to float32, which
 * is what the ONNX file computes. For a constant they are its outputs, unrounded.
 */
function scoresOf(
  predictor: Predictor,
  levels: readonly number[],
): (x: Float32Array, rows: number) => Float64Array {
  switch (predictor.kind) {
    case 'constant':
      return (_x, rows) => repeat(predictor.outputs, rows);
    case 'linear':
      return (x, rows) => linearScores(predictor, x, rows);
    case 'neighbours':
      return neighbourScores(predictor);
    case 'naive-bayes':
      return naiveBayesScores(predictor, levels);
    case 'dense':
      return (x, rows) => roundAll(denseScores(predictor, x, rows));
    case 'forest': {
      const flat = flattenTrees(predictor.trees, levels, predictor.outputs);
      return (x, rows) => {
        const scores = new Float64Array(rows * predictor.outputs);
        addForest(flat, predictor, x, rows, levels.length, scores);
        return roundAll(scores);
      };
    }
    case 'trees': {
      const flat = flattenTrees(predictor.trees, levels);
      const base = Float64Array.from(predictor.base);
      return (x, rows) => {
        const scores = repeat(base, rows);
        addTrees(flat, predictor, x, rows, levels.length, scores);
        return roundAll(scores);
      };
    }
  }
}

/** To float32, in place. */
function roundAll(scores: Float64Array): Float64Array {
  for (let i = 0; i < scores.length; i++) scores[i] = Math.fround(scores[i]!);
  return scores;
}

function repeat(values: Float64Array, rows: number): Float64Array {
  const result = new Float64Array(rows * values.length);
  for (let row = 0; row < rows; row++) result.set(values, row * values.length);
  return result;
}

function linearScores(
  { width, coefficients, intercepts }: LinearPredictor,
  x: Float32Array,
  rows: number,
): Float64Array {
  const outputs = intercepts.length;
  const scores = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const cells = row * width;
    for (let k = 0; k < outputs; k++) {
      const weights = k * width;
      let total = 0;
      for (let j = 0; j < width; j++) total += coefficients[weights + j]! * x[cells + j]!;
      scores[row * outputs + k] = Math.fround(total + intercepts[k]!);
    }
  }
  return scores;
}

/** Scores to probabilities: logistic of one score, softmax of several; means of classes stay, numbers go by the link. */
function toOutputs({ task, classes, predictor }: Pipeline, scores: Float64Array): Float64Array {
  if (predictor.kind === 'trees' && predictor.link === 'log')
    return scores.map((score) => Math.fround(exp(score)));
  if (task === 'regression' || ['constant', 'forest', 'neighbours'].includes(predictor.kind)) return scores;
  if (task === 'multiclass' || predictor.kind === 'naive-bayes') return softmaxRows(scores, classes.length);
  const probabilities = new Float64Array(scores.length * 2);
  for (let row = 0; row < scores.length; row++) {
    probabilities[row * 2] = sigmoid(-scores[row]!);
    probabilities[row * 2 + 1] = sigmoid(scores[row]!);
  }
  return probabilities;
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
