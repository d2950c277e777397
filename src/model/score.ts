import type { Table } from '../data/table.ts';
import { calibrate } from './calibration.ts';
import { combine, linkScores } from './combination.ts';
import { denseScores } from './dense.ts';
import { rowsWithDerived } from './derived/derive.ts';
import { naiveBayesScores } from './naive-bayes.ts';
import { neighbourScores } from './neighbours/scores.ts';
import type { EncodedPipeline, EncodedPredictor, LinearPredictor, Member, Pipeline } from './pipeline.ts';
import { featuresOf, linkOf, memberPipeline } from './pipeline.ts';
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

/** Scores rows of a table. */
type TableScorer = (table: Table, rows: Int32Array) => Float64Array;

/** `predict` for one pipeline, with its layout prepared once; for callers that score again and again. */
export function scorerOf(pipeline: Pipeline): TableScorer {
  const { predictor } = pipeline;
  const scorerOfMember = (member: Member): TableScorer => scorerOf(memberPipeline(pipeline, member));
  switch (predictor.kind) {
    case 'ensemble': {
      const members = predictor.members.map(scorerOfMember);
      const { combination } = predictor;
      return (table, rows) =>
        combine(
          pipeline,
          combination,
          members.map((score) => score(table, rows)),
        );
    }
    case 'calibrated': {
      const margins = marginsOf(memberPipeline(pipeline, predictor.member));
      const { calibration } = predictor;
      return (table, rows) => calibrate(calibration, margins(table, rows), pipeline.classes.length);
    }
    default: {
      const encoded: EncodedPipeline = { ...pipeline, predictor };
      const scores = rawScores(encoded);
      const link = linkOf(encoded);
      return (table, rows) => linkScores(link, scores(table, rows), pipeline.classes.length);
    }
  }
}

/**
 * What calibration maps: the scores, or where a model gives probabilities these; of two classes the positive one's
 * alone, or how far its score is above the other's. Float32 numbers.
 */
export function marginsOf(pipeline: EncodedPipeline): TableScorer {
  const scores = rawScores(pipeline);
  const link = linkOf(pipeline);
  if (pipeline.task !== 'binary' || link === 'logistic')
    return (table, rows) => roundAll(scores(table, rows));
  const takeAway = link === 'identity' ? 0 : 1;
  return (table, rows) => {
    const raw = scores(table, rows);
    return roundAll(Float64Array.from(rows, (_, i) => raw[2 * i + 1]! - takeAway * raw[2 * i]!));
  };
}

/** The predictor's scores for rows of a table, rows × scores per row. */
function rawScores(pipeline: EncodedPipeline): TableScorer {
  const { steps, predictor } = pipeline;
  const levels = featuresOf(steps).map((feature) => feature.levels);
  const scores = scoresOf(predictor, levels);
  return (table, rows) => {
    let result: Float64Array | undefined;
    for (let start = 0; start < rows.length; start += chunkRows) {
      const chunk = rows.subarray(start, start + chunkRows);
      const x = encodeRows(pipeline, table, chunk);
      const part = scores(x, chunk.length);
      result ??= new Float64Array(rows.length * (part.length / chunk.length));
      result.set(part, (start * part.length) / chunk.length);
    }
    return result ?? new Float64Array(0);
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
  predictor: EncodedPredictor,
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
