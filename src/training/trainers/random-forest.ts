import { z } from 'zod';
import type { Task } from '../../contracts/task.ts';
import { growForest } from '../forest/forest.ts';
import { classWeight, rowWeights } from '../row-weights.ts';
import type { Fit, FitOptions, Trainer, TrainingSet } from '../trainer.ts';
import { inspectRows } from '../training-rows.ts';
import { maxDepthParam } from './tree-params.ts';

const count = (least: number) => z.int().min(least).max(1e9);

/** What trees of every kind have in common, with scikit-learn's names and defaults. */
const treeParams = {
  max_depth: maxDepthParam,
  max_leaf_nodes: count(2).nullable().default(null).describe('Most leaves of a tree; null for no limit.'),
  min_samples_split: count(2).default(2).describe('Fewest rows that are divided further.'),
  min_samples_leaf: count(1)
    .default(1)
    .describe('Fewest rows in a leaf; more give a smaller model and calmer probabilities.'),
  class_weight: classWeight,
};

const maxFeatures = z
  .union([z.enum(['sqrt', 'log2']), z.int().min(1).max(1e6), z.number().gt(0).lte(1)])
  .nullable();
const featureChoice =
  'Features that each division chooses from: a number above 1, a share up to 1, "sqrt", "log2", or null for all.';

const forestParams = {
  n_estimators: z.int().min(1).max(100_000).default(100).describe('Number of trees.'),
  max_features: maxFeatures.optional().describe(`${featureChoice} Default: "sqrt", for regression all.`),
  ...treeParams,
};

const maxSamples = z
  .union([z.number().gt(0).lt(1), count(1)])
  .nullable()
  .default(null)
  .describe('Rows drawn for each tree: a number or a share; null for as many as there are.');

const randomForestParams = z.strictObject({
  ...forestParams,
  bootstrap: z.boolean().default(true).describe('Whether each tree learns from rows drawn with replacement.'),
  max_samples: maxSamples,
});
const extraTreesParams = z.strictObject({
  ...forestParams,
  bootstrap: z
    .boolean()
    .default(false)
    .describe('Whether each tree learns from rows drawn with replacement.'),
  max_samples: maxSamples,
});
const decisionTreeParams = z.strictObject({
  ...treeParams,
  max_features: maxFeatures.default(null).describe(featureChoice),
});

type ForestParams = z.infer<typeof randomForestParams>;

const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];

/** Averaged trees on bootstrapped rows and random features, with the parameters of scikit-learn's `RandomForest…`. */
export const randomForest: Trainer<ForestParams> = {
  name: 'random-forest',
  tasks,
  encoding: 'native',
  params: randomForestParams,
  fit: (data, options) => fitForest('random-forest', data, options, false),
};

/** The same with one random cut of each feature, with the parameters of scikit-learn's `ExtraTrees…`. */
export const extraTrees: Trainer<ForestParams> = {
  name: 'extra-trees',
  tasks,
  encoding: 'native',
  params: extraTreesParams,
  fit: (data, options) => fitForest('extra-trees', data, options, true),
};

/** One tree on all rows, with the parameters of scikit-learn's `DecisionTree…`. */
export const decisionTree: Trainer<z.infer<typeof decisionTreeParams>> = {
  name: 'decision-tree',
  tasks,
  encoding: 'native',
  params: decisionTreeParams,
  fit: (data, { params, ...options }) =>
    fitForest(
      'decision-tree',
      data,
      { ...options, params: { ...params, n_estimators: 1, bootstrap: false, max_samples: null } },
      false,
    ),
};

function fitForest(
  name: string,
  data: TrainingSet,
  { params, seed, onProgress }: FitOptions<ForestParams>,
  randomCuts: boolean,
): Fit {
  const { warnings, classCounts } = inspectRows(data, name);
  const weights = rowWeights(data, params.class_weight, classCounts, name);
  const predictor = growForest(
    { ...data, weights },
    {
      trees: params.n_estimators,
      draws: params.bootstrap ? drawsOf(params.max_samples, data.rows) : null,
      features: featuresOf(params.max_features, data),
      maxDepth: params.max_depth ?? Infinity,
      maxLeaves: params.max_leaf_nodes ?? Infinity,
      minSamplesSplit: params.min_samples_split,
      minSamplesLeaf: params.min_samples_leaf,
      randomCuts,
    },
    seed,
    onProgress,
  );
  return { predictor, iterations: params.n_estimators, warnings };
}

function drawsOf(maxSamples: ForestParams['max_samples'], rows: number): number {
  if (maxSamples === null) return rows;
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : Math.min(maxSamples, rows);
}

function featuresOf(maxFeatures: ForestParams['max_features'], { task, features }: TrainingSet): number {
  const all = features.length;
  const wanted = maxFeatures === undefined && task !== 'regression' ? 'sqrt' : (maxFeatures ?? null);
  if (wanted === null) return all;
  if (wanted === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(all)));
  if (wanted === 'log2') return Math.max(1, 31 - Math.clz32(all));
  return Math.min(
    all,
    Math.max(1, Math.floor(Number.isInteger(wanted) && wanted > 1 ? wanted : wanted * all)),
  );
}
