import { featuresOf, type EncodedPipeline, type ForestPredictor, type TreesPredictor } from '../pipeline.ts';
import { flattenTrees, goesLeft, type FlatTrees } from '../trees.ts';
import { encodedChunks } from './encoded-chunks.ts';
import type { Background, Sharing } from './explainer.ts';
import type { Players } from './players.ts';
import { expectedValue, treeShapley, type CoveredTree } from './tree-shapley.ts';

/** Contributions of trees, each tree's Shapley values added up (see `treeShapley`). */
export function treesSharing(
  pipeline: EncodedPipeline,
  predictor: TreesPredictor | ForestPredictor,
  { names, ofFeature }: Players,
  background: Background,
): Sharing {
  const levels = featuresOf(pipeline.steps).map((feature) => feature.levels);
  const width = levels.length;
  const isForest = predictor.kind === 'forest';
  const { outputs } = predictor;
  const players = names.length;
  const flat = flattenTrees(predictor.trees, levels, isForest ? outputs : 1);
  const covers = coversOf(pipeline, flat, background, width);
  const trees = predictor.trees.map((_, tree): CoveredTree => ({ flat, tree, covers, players: ofFeature }));
  const leaves = leafValues(flat, predictor);
  // Of two classes' probabilities in a forest one says all.
  const scores = isForest && outputs === 2 ? 1 : outputs;
  const base = isForest ? new Float64Array(scores) : Float64Array.from(predictor.base);
  for (const tree of trees)
    for (const { score, leaf } of leaves(tree.tree)) base[score]! += expectedValue(tree, leaf);
  return {
    base,
    add: ({ x, first, rows }, contributions) => {
      for (const tree of trees) {
        const shapley = treeShapley(tree);
        for (const { score, leaf } of leaves(tree.tree))
          for (let row = 0; row < rows; row++)
            shapley(x, row * width, leaf, contributions, ((first + row) * scores + score) * players);
      }
    },
  };
}

/** A score that a tree adds to, and its leaves' values by flat node. */
interface LeafValues {
  readonly score: number;
  readonly leaf: (node: number) => number;
}

/** What each tree adds to which scores. */
function leafValues(
  { value, right, leaves }: FlatTrees,
  { kind, outputs }: TreesPredictor | ForestPredictor,
): (tree: number) => LeafValues[] {
  if (kind === 'trees') return (tree) => [{ score: tree % outputs, leaf: (node) => value[node]! }];
  if (outputs === 2) return () => [{ score: 0, leaf: (node) => leaves[right[node]! + 1]! }];
  const all = Array.from({ length: outputs }, (_, score): LeafValues => {
    return { score, leaf: (node) => leaves[right[node]! + score]! };
  });
  return () => all;
}

/** How many background rows reach each node. */
function coversOf(
  pipeline: EncodedPipeline,
  flat: FlatTrees,
  { table, rows }: Background,
  width: number,
): Float64Array {
  const { roots, feature, right } = flat;
  const covers = new Float64Array(feature.length);
  for (const { x, rows: count } of encodedChunks(pipeline, table, rows))
    for (const root of roots)
      for (let row = 0; row < count; row++) {
        let node = root;
        covers[node]!++;
        for (let f = feature[node]!; f !== -1; f = feature[node]!) {
          node = goesLeft(flat, node, f, x, row * width) ? node + 1 : right[node]!;
          covers[node]!++;
        }
      }
  return covers;
}
