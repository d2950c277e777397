import type { ForestPredictor, Tree, TreesPredictor } from '../pipeline.ts';
import { GraphFault, type Attributes } from './attributes.ts';

/**
 * The trees behind the attributes that `ensembleAttributes` wrote; whether they are trees is for the caller to check.
 * The leaves of a forest hold a value for each output.
 */
export function readEnsemble(
  attributes: Attributes,
  answers: 'means' | 'exponentials' | 'scores',
): TreesPredictor | ForestPredictor {
  const nodes = {
    trees: attributes.ints('nodes_treeids'),
    features: attributes.ints('nodes_featureids'),
    modes: attributes.strings('nodes_modes'),
    values: attributes.floats('nodes_values'),
    trueIds: attributes.ints('nodes_truenodeids'),
    falseIds: attributes.ints('nodes_falsenodeids'),
    missingTrue: attributes.ints('nodes_missing_value_tracks_true'),
  };
  const count = nodes.modes.length;
  if (Object.values(nodes).some((list) => list.length !== count))
    throw new GraphFault('the lists of tree nodes differ in length');
  const weights = attributes.floats('target_weights');
  const outputs = attributes.int('n_targets');
  const isForest = answers === 'means';
  const width = isForest ? outputs : 1;
  if (!(width >= 1 && width <= weights.length))
    throw new GraphFault('the leaves of the trees have no values');
  const trees: Tree[] = [];
  let leaves = 0;
  for (let first = 0; first < count;) {
    let end = first + 1;
    while (end < count && nodes.trees[end] === nodes.trees[first]) end++;
    const { tree, leaves: used } = readTree(nodes, first, end, weights.subarray(leaves * width), width);
    trees.push(tree);
    leaves += used;
    first = end;
  }
  if (leaves * width !== weights.length)
    throw new GraphFault('the trees have another number of leaves than weights');
  if (isForest) return { kind: 'forest', outputs, trees };
  const base = attributes.floats('base_values');
  return answers === 'exponentials'
    ? { kind: 'trees', outputs, base, trees, link: 'log' }
    : { kind: 'trees', outputs, base, trees };
}

interface NodeColumns {
  readonly features: ArrayLike<number>;
  readonly modes: readonly string[];
  readonly values: Float32Array;
  readonly trueIds: ArrayLike<number>;
  readonly falseIds: ArrayLike<number>;
  readonly missingTrue: ArrayLike<number>;
}

/**
 * Rows first … end-1 are one tree, `weights` begins with its leaves; a chain of BRANCH_EQ with one true target, the first
 * of which may be negated, becomes one branch on a set of codes.
 */
function readTree(
  { features, modes, values, trueIds, falseIds, missingTrue }: NodeColumns,
  first: number,
  end: number,
  weights: Float32Array,
  width: number,
): { tree: Tree; leaves: number } {
  const isNegated = (row: number): boolean => modes[row] === 'BRANCH_NEQ';
  const inside = (row: number): number => (isNegated(row) ? falseIds : trueIds)[row]!;
  const outside = (row: number): number => (isNegated(row) ? trueIds : falseIds)[row]!;
  const chained = (row: number): boolean =>
    row > first &&
    modes[row] === 'BRANCH_EQ' &&
    (modes[row - 1] === 'BRANCH_EQ' || isNegated(row - 1)) &&
    inside(row) === inside(row - 1) &&
    outside(row - 1) === row - first &&
    features[row] === features[row - 1];
  // Number of the tree's node for each row; all rows of a chain are one node.
  const nodeOf = new Int32Array(end - first);
  let count = 0;
  for (let row = first; row < end; row++) nodeOf[row - first] = chained(row) ? count - 1 : count++;
  const target = (id: number): number => {
    if (!(id < nodeOf.length)) throw new GraphFault('a branch of a tree leads nowhere');
    return nodeOf[id]!;
  };
  const levelsLeft: number[][] = Array.from({ length: count }, () => []);
  const tree: Tree = {
    feature: new Int32Array(count).fill(-1),
    threshold: new Float32Array(count),
    left: new Int32Array(count).fill(-1),
    right: new Int32Array(count).fill(-1),
    missingLeft: new Uint8Array(count),
    value: new Float32Array(count * width),
    levelsLeft,
  };
  let leaves = 0;
  for (let row = first; row < end; row++) {
    const node = nodeOf[row - first]!;
    const mode = modes[row];
    if (mode === 'LEAF') {
      const from = width * leaves++;
      for (let k = 0; k < width; k++) tree.value[node * width + k] = weights[from + k] ?? NaN;
      continue;
    }
    if (mode === 'BRANCH_EQ' || mode === 'BRANCH_NEQ') levelsLeft[node]!.push(values[row]!);
    else if (mode === 'BRANCH_LEQ') tree.threshold[node] = values[row]!;
    else throw new GraphFault(`a tree has a node of the unknown mode "${mode}"`);
    tree.feature[node] = features[row]!;
    tree.missingLeft[node] = isNegated(row) ? 1 - missingTrue[row]! : missingTrue[row]!;
    tree.left[node] = target(inside(row));
    tree.right[node] = target(outside(row));
  }
  return { tree, leaves };
}
