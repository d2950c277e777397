import type { Tree, TreesPredictor } from '../pipeline.ts';
import type { OnnxAttribute } from './model-proto.ts';

/**
 * The trees as attributes of TreeEnsembleRegressor (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html).
 * Nodes are numbered in preorder, left child first. A branch on a set of codes becomes a chain of BRANCH_EQ nodes
 * that share one true target, over the set or its complement, whichever is smaller.
 *
 * The classifier operator isn't used on purpose: ONNX Runtime drops its base values when the one score belongs to
 * class 1, and takes scores for probabilities when no leaf is negative.
 */
export function ensembleAttributes(predictor: TreesPredictor, levels: readonly number[]): OnnxAttribute[] {
  const trees = predictor.trees.length > 0 ? predictor.trees : emptyTrees(predictor.outputs);
  const nodes = new NodeLists();
  trees.forEach((tree, id) => addTree(nodes, tree, id, id % predictor.outputs, levels));
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
    { name: 'base_values', kind: 'floats', value: predictor.base },
    { name: 'n_targets', kind: 'int', value: predictor.outputs },
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

  /** Appends a node; its false branch is patched in when that is reached. */
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
}

function addTree(nodes: NodeLists, tree: Tree, id: number, output: number, levels: readonly number[]): void {
  const first = nodes.nodeIds.length;
  const pending = [{ node: 0, falseOf: -1 }];
  for (let top = pending.pop(); top; top = pending.pop()) {
    const { node, falseOf } = top;
    const at = nodes.nodeIds.length - first;
    if (falseOf >= 0) nodes.falseIds[first + falseOf] = at;
    if (tree.left[node] === -1) {
      nodes.add(id, at, 'LEAF', 0, 0);
      nodes.leafTreeIds.push(id);
      nodes.leafNodeIds.push(at);
      nodes.leafOutputs.push(output);
      nodes.leafValues.push(tree.value[node]!);
      continue;
    }
    const feature = tree.feature[node]!;
    const { codes, swapped } = shorterSet(tree.levelsLeft[node]!, levels[feature]!);
    const tests = codes.length > 0 ? codes : [tree.threshold[node]!];
    const missingTrue = swapped ? 1 - tree.missingLeft[node]! : tree.missingLeft[node]!;
    tests.forEach((value, k) => {
      nodes.add(id, at + k, codes.length > 0 ? 'BRANCH_EQ' : 'BRANCH_LEQ', feature, value);
      nodes.trueIds[first + at + k] = at + tests.length;
      nodes.falseIds[first + at + k] = at + k + 1;
      nodes.missingTrue[first + at + k] = missingTrue;
    });
    const left = tree.left[node]!;
    const right = tree.right[node]!;
    pending.push({ node: swapped ? left : right, falseOf: at + tests.length - 1 });
    pending.push({ node: swapped ? right : left, falseOf: -1 });
  }
}

/** The codes that go left, or, if these are fewer, those that go right. */
function shorterSet(left: readonly number[], levels: number): { codes: readonly number[]; swapped: boolean } {
  if (left.length * 2 <= levels || left.length >= levels) return { codes: left, swapped: false };
  const inside = new Set(left);
  const codes = Array.from({ length: levels }, (_, code) => code).filter((code) => !inside.has(code));
  return { codes, swapped: true };
}
