import type { ForestPredictor, Tree, TreesPredictor } from '../pipeline.ts';
import type { OnnxAttribute } from './model-proto.ts';

/**
 * The trees as attributes of TreeEnsembleRegressor (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html).
 * Nodes are numbered in preorder, left child first. A branch on a set of codes becomes a chain of BRANCH_EQ nodes
 * that share one true target, over the set or its complement, whichever is smaller. In a forest a chain that follows
 * another one on the same feature begins with BRANCH_NEQ: ONNX Runtime 1.21 and later merge two chains whose targets are
 * leaves with the same first value, which is right only as long as leaves have one value.
 *
 * The classifier operator isn't used on purpose: ONNX Runtime drops its base values when the one score belongs to
 * class 1, and takes scores for probabilities when no leaf is negative.
 */
export function ensembleAttributes(
  predictor: TreesPredictor | ForestPredictor,
  levels: readonly number[],
): OnnxAttribute[] {
  const { outputs } = predictor;
  const trees = predictor.trees.length > 0 ? predictor.trees : emptyTrees(outputs);
  const base = predictor.kind === 'trees' ? predictor.base : new Float32Array(outputs);
  const nodes = new NodeLists();
  const all = Array.from({ length: outputs }, (_, output) => output);
  trees.forEach((tree, id) =>
    addTree(nodes, tree, id, predictor.kind === 'forest' ? all : [id % outputs], levels),
  );
  return [
    ints('nodes_treeids', nodes.treeIds),
    ints('nodes_nodeids', nodes.nodeIds),
    ints('nodes_featureids', nodes.features),
    { name: 'nodes_modes', kind: 'strings', value: nodes.modes },
    { name: 'nodes_values', kind: 'floats', value: Float32Array.from(nodes.values) },
    ints('nodes_truenodeids', nodes.trueIds),
    ints('nodes_falsenodeids', nodes.falseIds),
    ints('nodes_missing_value_tracks_true', nodes.missingTrue),
    ints('target_treeids', nodes.leafTreeIds),
    ints('target_nodeids', nodes.leafNodeIds),
    ints('target_ids', nodes.leafOutputs),
    { name: 'target_weights', kind: 'floats', value: Float32Array.from(nodes.leafValues) },
    { name: 'base_values', kind: 'floats', value: base },
    { name: 'n_targets', kind: 'int', value: outputs },
  ];
}

function ints(name: string, value: readonly number[]): OnnxAttribute {
  return { name, kind: 'ints', value };
}

/** ONNX Runtime wants a tree: one leaf of value 0 for each output adds nothing. */
function emptyTrees(outputs: number): Tree[] {
  return Array.from({ length: outputs }, () => ({
    feature: Int32Array.of(-1),
    threshold: Float32Array.of(0),
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    missingLeft: Uint8Array.of(0),
    value: Float32Array.of(0),
    levelsLeft: [[]],
  }));
}

class NodeLists {
  readonly treeIds: number[] = [];
  readonly nodeIds: number[] = [];
  readonly features: number[] = [];
  readonly modes: string[] = [];
  readonly values: number[] = [];
  readonly trueIds: number[] = [];
  readonly falseIds: number[] = [];
  readonly missingTrue: number[] = [];
  readonly leafTreeIds: number[] = [];
  readonly leafNodeIds: number[] = [];
  readonly leafOutputs: number[] = [];
  readonly leafValues: number[] = [];

  /** Appends a node; where it leads to is set when that is known. */
  add(tree: number, node: number, mode: string, feature: number, value: number): void {
    this.treeIds.push(tree);
    this.nodeIds.push(node);
    this.modes.push(mode);
    this.features.push(feature);
    this.values.push(value);
    this.trueIds.push(0);
    this.falseIds.push(0);
    this.missingTrue.push(0);
  }

  /** Where rows go that are in a test's set, or not. */
  lead(row: number, side: 'inside' | 'outside', target: number): void {
    const negated = this.modes[row] === 'BRANCH_NEQ';
    ((side === 'inside') === negated ? this.falseIds : this.trueIds)[row] = target;
  }
}

/** `outputs` are those that the leaves' values belong to. */
function addTree(
  nodes: NodeLists,
  tree: Tree,
  id: number,
  outputs: readonly number[],
  levels: readonly number[],
): void {
  const first = nodes.nodeIds.length;
  const pending = [{ node: 0, outsideOf: -1 }];
  for (let top = pending.pop(); top; top = pending.pop()) {
    const { node, outsideOf } = top;
    const at = nodes.nodeIds.length - first;
    if (outsideOf >= 0) nodes.lead(outsideOf, 'outside', at);
    if (tree.left[node] === -1) {
      nodes.add(id, at, 'LEAF', 0, 0);
      outputs.forEach((output, k) => {
        nodes.leafTreeIds.push(id);
        nodes.leafNodeIds.push(at);
        nodes.leafOutputs.push(output);
        nodes.leafValues.push(tree.value[node * outputs.length + k]!);
      });
      continue;
    }
    const feature = tree.feature[node]!;
    const { codes, swapped } = shorterSet(tree.levelsLeft[node]!, levels[feature]!);
    const tests = codes.length > 0 ? codes : [tree.threshold[node]!];
    const missingTrue = swapped ? 1 - tree.missingLeft[node]! : tree.missingLeft[node]!;
    const mayMerge = outputs.length > 1 && outsideOf >= 0 && nodes.features[outsideOf] === feature;
    tests.forEach((value, k) => {
      const row = first + at + k;
      const mode = codes.length === 0 ? 'BRANCH_LEQ' : mayMerge && k === 0 ? 'BRANCH_NEQ' : 'BRANCH_EQ';
      nodes.add(id, at + k, mode, feature, value);
      nodes.lead(row, 'inside', at + tests.length);
      nodes.lead(row, 'outside', at + k + 1);
      nodes.missingTrue[row] = mode === 'BRANCH_NEQ' ? 1 - missingTrue : missingTrue;
    });
    const left = tree.left[node]!;
    const right = tree.right[node]!;
    pending.push({ node: swapped ? left : right, outsideOf: first + at + tests.length - 1 });
    pending.push({ node: swapped ? right : left, outsideOf: -1 });
  }
}

/** The codes that go left, or, if these are fewer, those that go right. */
function shorterSet(left: readonly number[], levels: number): { codes: readonly number[]; swapped: boolean } {
  if (left.length * 2 <= levels || left.length >= levels) return { codes: left, swapped: false };
  const inside = new Set(left);
  const codes = Array.from({ length: levels }, (_, code) => code).filter((code) => !inside.has(code));
  return { codes, swapped: true };
}
