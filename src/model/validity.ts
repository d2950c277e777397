import { composedFault } from './composed-validity.ts';
import { derivedInputs } from './derived/derive.ts';
import { derivedFault } from './derived/validity.ts';
import { grid } from './neighbours/scores.ts';
import type {
  DensePredictor,
  EncodedPipeline,
  EncodedPredictor,
  Feature,
  NaiveBayesPredictor,
  NeighboursPredictor,
  Pipeline,
  Step,
  Tree,
} from './pipeline.ts';
import { featuresOf, memberPipeline, membersOf } from './pipeline.ts';

/** What is wrong with a pipeline, or null: every rule that scoring and the ONNX file rely on. */
export function pipelineFault(pipeline: Pipeline): string | null {
  const { predictor } = pipeline;
  const fault = taskFault(pipeline) ?? inputsFault(pipeline) ?? derivedFault(pipeline);
  if (fault !== null) return fault;
  if (predictor.kind !== 'ensemble' && predictor.kind !== 'calibrated')
    return encodedFault({ ...pipeline, predictor });
  for (const [number, member] of membersOf(predictor).entries()) {
    const broken = encodedFault(memberPipeline(pipeline, member));
    if (broken !== null) return `member ${number}: ${broken}`;
  }
  return composedFault(pipeline, predictor);
}

function encodedFault(pipeline: EncodedPipeline): string | null {
  return usedInputsFault(pipeline) ?? stepsFault(pipeline) ?? predictorFault(pipeline);
}

function taskFault({ task, classes }: Pipeline): string | null {
  const fits =
    task === 'regression'
      ? classes.length === 0
      : task === 'binary'
        ? classes.length === 2
        : classes.length > 2;
  if (!fits) return `${classes.length} classes for the task ${task}`;
  return textsFault('class', classes);
}

function inputsFault({ inputs }: Pipeline): string | null {
  if (inputs.length === 0) return 'no inputs';
  const names = inputs.map((input) => input.name);
  if (names.includes('')) return 'an input without a name';
  return textsFault('input', names);
}

function usedInputsFault({ steps, predictor }: EncodedPipeline): string | null {
  if (predictor.kind !== 'constant' && steps.length === 0) return 'no steps';
  const used = new Set(steps.map((step) => step.input));
  return used.size < steps.length ? 'an input is used twice' : null;
}

function textsFault(what: string, texts: readonly string[]): string | null {
  if (new Set(texts).size < texts.length) return `a ${what} appears twice`;
  if (!texts.every((text) => text.isWellFormed())) return `a ${what} is not valid Unicode`;
  return null;
}

function stepsFault({ inputs, steps, derived = [] }: EncodedPipeline): string | null {
  const types = new Map([...inputs, ...derivedInputs(derived)].map(({ name, type }) => [name, type]));
  for (const step of steps) {
    const type = types.get(step.input);
    if (type === undefined) return `step "${step.input}" has no input`;
    if ((type === 'category') !== (step.kind === 'category')) return `step "${step.input}" has another type`;
    const fault = stepFault(step);
    if (fault !== null) return `step "${step.input}": ${fault}`;
  }
  return null;
}

function stepFault(step: Step): string | null {
  if (step.kind === 'category')
    return step.levels.length === 0 ? 'no levels' : textsFault('level', step.levels);
  const numbers = [step.impute ?? 0, step.offset, step.scale];
  return numbers.every((value) => Number.isFinite(value) && Math.fround(value) === value)
    ? null
    : 'a constant is not a finite float32';
}

/** Scores per row that a predictor of scores must give. */
function predictorFault({ task, classes, steps, predictor }: EncodedPipeline): string | null {
  const features = featuresOf(steps);
  const outputs = task === 'multiclass' ? classes.length : 1;
  switch (predictor.kind) {
    case 'constant':
      return predictor.outputs.length === Math.max(classes.length, 1) && allFinite(predictor.outputs)
        ? null
        : 'constant outputs';
    case 'linear':
      return predictor.width === features.length &&
        predictor.intercepts.length === outputs &&
        predictor.coefficients.length === outputs * predictor.width &&
        allFinite(predictor.coefficients) &&
        allFinite(predictor.intercepts)
        ? null
        : 'linear coefficients';
    case 'trees':
      return predictor.link !== undefined && task !== 'regression'
        ? 'a link of numbers for classes'
        : treesFault(predictor, features, outputs);
    case 'forest':
      return forestFault(predictor, features, classes.length);
    case 'neighbours':
      return neighboursFault(predictor, steps, features, classes.length);
    case 'naive-bayes':
      return naiveBayesFault(predictor, features, classes.length);
    case 'dense':
      return denseFault(predictor, features, outputs);
  }
}

function neighboursFault(
  { outputs, neighbours, rows, width, points, targets }: NeighboursPredictor,
  steps: readonly Step[],
  features: readonly Feature[],
  classes: number,
): string | null {
  const mayMiss = steps.some((step) => step.kind === 'number' && step.impute === null);
  if (mayMiss || features.some(({ levels }) => levels > 0)) return 'columns without a distance';
  const fits =
    outputs === Math.max(classes, 1) &&
    Number.isInteger(neighbours) &&
    neighbours >= 1 &&
    neighbours <= rows &&
    width === features.length &&
    points.length === rows * width &&
    targets.length === rows;
  if (!fits) return 'size of the neighbours';
  const furthest = grid.steps * grid.reach;
  const inside = points.every((place) => Number.isInteger(place) && Math.abs(place) <= furthest);
  const known =
    classes === 0 ? allFinite(targets) : targets.every((k) => Number.isInteger(k) && k >= 0 && k < classes);
  return inside && known ? null : 'values of the neighbours';
}

function naiveBayesFault(
  { priors, means, scales, peaks, codes }: NaiveBayesPredictor,
  features: readonly Feature[],
  classes: number,
): string | null {
  const numbers = features.filter(({ levels }) => levels === 0).length;
  const levels = features.reduce((sum, feature) => sum + feature.levels, 0);
  const fits =
    classes > 0 &&
    priors.length === classes &&
    [means, scales, peaks].every(({ length }) => length === numbers * classes) &&
    codes.length === levels * classes;
  return fits && [priors, means, scales, peaks, codes].every(allFinite) ? null : 'classes of naive Bayes';
}

function denseFault(
  { activations, layers, embeddings = [] }: DensePredictor,
  features: readonly Feature[],
  outputs: number,
): string | null {
  if (layers.length < 2) return 'a net of less than two layers';
  const codes = features.slice(features.length - embeddings.length);
  const numbers = features.slice(0, features.length - embeddings.length);
  const embedded = embeddings.every(
    ({ levels, dimension, vectors }, e) =>
      levels > 0 &&
      levels === codes[e]?.levels &&
      dimension > 0 &&
      vectors.length === levels * dimension &&
      allFinite(vectors),
  );
  if (!embedded || numbers.some(({ levels }) => levels > 0)) return 'embeddings of the net';
  const width = embeddings.reduce((sum, { dimension }) => sum + dimension, numbers.length);
  if (activations.length !== layers.length - 1) return 'activations of the net';
  if (layers.at(-1)!.outputs !== outputs) return 'outputs of the net';
  const broken = layers.findIndex((layer, l) => {
    const inputs = layers[l - 1]?.outputs ?? width;
    const { weights, biases } = layer;
    const fits =
      layer.inputs === inputs &&
      layer.outputs > 0 &&
      weights.length === inputs * layer.outputs &&
      biases.length === layer.outputs;
    return !fits || !allFinite(weights) || !allFinite(biases);
  });
  return broken < 0 ? null : `weights of layer ${broken}`;
}

function forestFault(
  { outputs, trees }: Extract<EncodedPredictor, { kind: 'forest' }>,
  features: readonly Feature[],
  classes: number,
): string | null {
  if (classes === 0 || outputs !== classes) return 'outputs of the forest';
  if (trees.length === 0) return 'a forest without trees';
  return firstTreeFault(trees, features, outputs);
}

function treesFault(
  { outputs, base, trees }: Extract<EncodedPredictor, { kind: 'trees' }>,
  features: readonly Feature[],
  expected: number,
): string | null {
  if (outputs !== expected || base.length !== outputs || !allFinite(base)) return 'outputs of the trees';
  if (trees.length % outputs !== 0) return 'the last round lacks a tree';
  return firstTreeFault(trees, features, 1);
}

function firstTreeFault(trees: readonly Tree[], features: readonly Feature[], width: number): string | null {
  for (const [number, tree] of trees.entries()) {
    const fault = treeFault(tree, features, width);
    if (fault !== null) return `tree ${number}: ${fault}`;
  }
  return null;
}

/** Every node must be reached exactly once from the root; a leaf has `width` values. */
function treeFault(tree: Tree, features: readonly Feature[], width: number): string | null {
  const nodes = tree.feature.length;
  if (nodes === 0) return 'no nodes';
  if (tree.value.length !== nodes * width) return 'values of the leaves';
  const reached = new Uint8Array(nodes);
  const pending = [0];
  let count = 0;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!(node >= 0 && node < nodes)) return 'a branch leads nowhere';
    if (reached[node] === 1) return 'two ways lead to one node';
    reached[node] = 1;
    count++;
    if (tree.left[node] === -1) {
      if (!allFinite(tree.value.subarray(node * width, (node + 1) * width))) return 'a leaf is not finite';
      continue;
    }
    const fault = branchFault(tree, node, features);
    if (fault !== null) return fault;
    pending.push(tree.right[node]!, tree.left[node]!);
  }
  return count === nodes ? null : 'a node is never reached';
}

function branchFault(tree: Tree, node: number, features: readonly Feature[]): string | null {
  const feature = features[tree.feature[node]!];
  if (feature === undefined) return 'a branch on an unknown feature';
  const codes = tree.levelsLeft[node]!;
  if (codes.length > 0 && feature.levels === 0) return 'a branch on codes of a number';
  if (codes.some((code, i) => !(code > (codes[i - 1] ?? -1) && code < feature.levels)))
    return 'codes of a branch';
  if (Number.isNaN(tree.threshold[node]!)) return 'a threshold is not a number';
  return null;
}

function allFinite(values: Float32Array | Float64Array): boolean {
  return values.every((value) => Number.isFinite(value));
}
