import { readFileSync } from 'node:fs';
import type { Parameters } from '../../../src/contracts/fields.ts';
import { denseScores } from '../../../src/model/dense.ts';
import { naiveBayesScores } from '../../../src/model/naive-bayes.ts';
import { neighbourScores } from '../../../src/model/neighbours/scores.ts';
import type { EncodedPredictor } from '../../../src/model/pipeline.ts';
import { addForest, addTrees, flattenTrees } from '../../../src/model/trees.ts';
import type { Trainer, Fit, TrainingSet } from '../../../src/training/trainer.ts';

/** A file of `__tests__/fixtures/training`: rows and what scikit-learn made of them. */
export interface Fixture {
  readonly columns: readonly string[];
  readonly levels: readonly number[];
  readonly classes: number;
  readonly x: readonly (readonly (number | null)[])[];
  readonly y: readonly number[];
}

export function readFixture(name: 'iris' | 'titanic' | 'california'): Fixture & Record<string, unknown> {
  const file = new URL(`../../fixtures/training/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture & Record<string, unknown>;
}

export function trainingSet({ columns, levels, classes, x, y }: Fixture): TrainingSet {
  return {
    task: classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass',
    rows: x.length,
    x: Float32Array.from(x.flat(), (value) => value ?? NaN),
    features: columns.map((name, j) => ({ name, input: name, levels: levels[j]! })),
    y: Float64Array.from(y),
    classes,
  };
}

/** Numeric features named x0, x1 … */
export function numericSet(
  task: TrainingSet['task'],
  x: readonly (readonly number[])[],
  y: readonly number[],
): TrainingSet {
  const columns = x[0]!.map((_, j) => `x${j}`);
  const classes = task === 'regression' ? 0 : task === 'binary' ? 2 : Math.max(...y) + 1;
  return { ...trainingSet({ columns, levels: columns.map(() => 0), classes, x, y }), task };
}

export function fit<Params>(trainer: Trainer<Params>, data: TrainingSet, params: object = {}, seed = 1): Fit {
  return trainer.fit(data, { params: trainer.params.parse(params), seed });
}

/** Parameters that a trainer can't do without: what its user has to have decided. */
export function neededParams(trainer: string): Parameters {
  return trainer === 'k-nearest-neighbours' ? { publish_training_rows: true } : {};
}

/** Raw scores, rows × outputs. */
export function scoresOf(predictor: EncodedPredictor, { x, rows, features }: TrainingSet): Float64Array {
  const width = features.length;
  switch (predictor.kind) {
    case 'constant':
      return Float64Array.from({ length: rows }, () => predictor.outputs[0]!);
    case 'linear': {
      const { intercepts, coefficients } = predictor;
      return Float64Array.from({ length: rows * intercepts.length }, (_, i) => {
        const row = Math.floor(i / intercepts.length);
        const k = i % intercepts.length;
        return x
          .subarray(row * width, (row + 1) * width)
          .reduce((total, value, j) => total + value * coefficients[k * width + j]!, intercepts[k]!);
      });
    }
    case 'neighbours':
      return neighbourScores(predictor)(x, rows);
    case 'naive-bayes': {
      const levels = features.map((feature) => feature.levels);
      return naiveBayesScores(predictor, levels)(x, rows);
    }
    case 'dense':
      return denseScores(predictor, x, rows);
    case 'trees': {
      const { base, outputs, trees } = predictor;
      const scores = Float64Array.from({ length: rows * outputs }, (_, i) => base[i % outputs]!);
      const levels = features.map((feature) => feature.levels);
      addTrees(flattenTrees(trees, levels), { outputs }, x, rows, width, scores);
      return scores;
    }
    case 'forest': {
      const { outputs, trees } = predictor;
      const scores = new Float64Array(rows * outputs);
      const flat = flattenTrees(
        trees,
        features.map((feature) => feature.levels),
        outputs,
      );
      addForest(flat, { outputs }, x, rows, width, scores);
      return scores;
    }
  }
}

/** The largest difference between two lists of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}
