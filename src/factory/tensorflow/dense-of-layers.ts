import type { Task } from '../../contracts/task.ts';
import type { Activation, DenseLayer, DensePredictor, LinearPredictor } from '../../model/pipeline.ts';
import type { Layer, LayersFile } from './layers-file.ts';

/** What a net of layers is in the factory's own terms, or why it is nothing there. */
export type Conversion =
  | { readonly kind: 'predictor'; readonly predictor: DensePredictor | LinearPredictor }
  | { readonly kind: 'opaque'; readonly why: string };

/** What the net's outputs are to become: standardised numbers are scaled back. */
export interface Aim {
  readonly task: Task;
  readonly features: number;
  readonly outputs: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Most weights that the model file can hold. */
const mostWeights = 16_000_000;

const activations: Readonly<Record<string, Activation | 'softmax'>> = {
  linear: 'identity',
  relu: 'relu',
  tanh: 'tanh',
  sigmoid: 'logistic',
  elu: 'elu',
  softmax: 'softmax',
};

/** What only training knows of, and what changes no row of features. */
const silent = ['InputLayer', 'Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'];

/** A dense layer in the making: weights inputs × outputs. */
interface Block {
  readonly inputs: number;
  readonly outputs: number;
  weights: Float64Array;
  biases: Float64Array;
  activation: Activation | 'softmax';
}

/** y = scale * x + shift, element by element. */
interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

class NoForm extends Error {}

/**
 * Dense layers, their activations and batch normalisation as a predictor that scores the same. Batch normalisation is
 * a multiplication and an addition by the time of scoring: it goes into the weights before or behind it.
 */
export function denseOfLayers(file: LayersFile, aim: Aim): Conversion {
  try {
    return { kind: 'predictor', predictor: predictorOf(blocksOf(file, aim), aim) };
  } catch (error) {
    if (error instanceof NoForm) return { kind: 'opaque', why: error.message };
    throw error;
  }
}

function blocksOf({ layers }: LayersFile, { features }: Aim): Block[] {
  if (layers === null) throw new NoForm('its layers are no simple chain');
  const blocks: Block[] = [];
  let waiting: Affine | null = null;
  for (const layer of layers) {
    const last = blocks.at(-1);
    if (silent.includes(layer.kind)) continue;
    if (layer.kind === 'Dense') {
      blocks.push(behind(waiting, denseBlock(layer, last?.outputs ?? features)));
      waiting = null;
    } else if (layer.kind === 'BatchNormalization') {
      const affine = normalisation(layer, last?.outputs ?? features);
      if (last?.activation === 'identity' && waiting === null) apply(last, affine);
      else waiting = waiting === null ? affine : chain(waiting, affine);
    } else {
      const activation = activationOf(layer);
      if (last?.activation === 'identity' && waiting === null) last.activation = activation;
      else blocks.push({ ...behind(waiting, identityBlock(last?.outputs ?? features)), activation });
      waiting = null;
    }
  }
  const last = blocks.at(-1);
  if (last === undefined) throw new NoForm('it has no dense layer');
  if (waiting !== null) blocks.push(behind(waiting, identityBlock(last.outputs)));
  return blocks;
}

function denseBlock(layer: Layer, inputs: number): Block {
  const weights = tensor(layer, 'kernel');
  const outputs = weights.length / inputs;
  const biases = layer.weights.has('bias') ? tensor(layer, 'bias') : new Float64Array(outputs);
  if (biases.length !== outputs) throw new NoForm(`the weights of ${layer.name} have another shape`);
  return { inputs, outputs, weights, biases, activation: namedActivation(layer, layer.config['activation']) };
}

function identityBlock(width: number): Block {
  const weights = new Float64Array(width * width);
  for (let k = 0; k < width; k++) weights[k * width + k] = 1;
  return { inputs: width, outputs: width, weights, biases: new Float64Array(width), activation: 'identity' };
}

function activationOf(layer: Layer): Activation | 'softmax' {
  const { config } = layer;
  const standard = (key: string, ...values: readonly unknown[]): boolean =>
    values.includes(config[key] ?? null);
  if (layer.kind === 'Activation') return namedActivation(layer, config['activation']);
  if (layer.kind === 'ReLU' && standard('max_value', null)) return 'relu';
  if (layer.kind === 'ELU' && standard('alpha', null, 1)) return 'elu';
  if (layer.kind === 'Softmax' && standard('axis', null, -1, 1)) return 'softmax';
  throw new NoForm(`${layer.name} is a layer of the kind ${layer.kind}`);
}

function namedActivation(layer: Layer, name: unknown): Activation | 'softmax' {
  const activation = activations[typeof name === 'string' ? name : 'linear'];
  if (activation !== undefined) return activation;
  throw new NoForm(`${layer.name} has the activation ${String(name)}`);
}

/** gamma * (x - mean) / sqrt(variance + epsilon) + beta, with what was learnt of all rows. */
function normalisation(layer: Layer, width: number): Affine {
  const { epsilon = 1e-3, axis = -1 } = layer.config;
  if (typeof epsilon !== 'number' || (axis !== -1 && axis !== 1))
    throw new NoForm(`${layer.name} normalises along another axis`);
  const part = (name: string, otherwise: number): Float64Array =>
    layer.weights.has(name) ? tensor(layer, name) : new Float64Array(width).fill(otherwise);
  const [gamma, beta] = [part('gamma', 1), part('beta', 0)];
  const [mean, variance] = [tensor(layer, 'moving_mean'), tensor(layer, 'moving_variance')];
  if ([gamma, beta, mean, variance].some((values) => values.length !== width))
    throw new NoForm(`the weights of ${layer.name} have another shape`);
  const scale = gamma.map((value, k) => value / Math.sqrt(variance[k]! + epsilon));
  return { scale, shift: beta.map((value, k) => value - mean[k]! * scale[k]!) };
}

function tensor(layer: Layer, name: string): Float64Array {
  const values = layer.weights.get(name);
  if (values === undefined) throw new NoForm(`${layer.name} has no weights "${name}"`);
  return Float64Array.from(values);
}

function chain(first: Affine, second: Affine): Affine {
  return {
    scale: first.scale.map((value, k) => value * second.scale[k]!),
    shift: first.shift.map((value, k) => value * second.scale[k]! + second.shift[k]!),
  };
}

/** The layer after an affine map of its inputs. */
function behind(affine: Affine | null, block: Block): Block {
  if (affine === null) return block;
  const { outputs } = block;
  const biases = block.biases.map((bias, k) =>
    affine.shift.reduce((sum, shift, i) => sum + shift * block.weights[i * outputs + k]!, bias),
  );
  const weights = block.weights.map((weight, at) => weight * affine.scale[Math.floor(at / outputs)]!);
  return { ...block, weights, biases };
}

/** Puts an affine map of the outputs into the layer. */
function apply(block: Block, { scale, shift }: Affine): void {
  block.weights = block.weights.map((weight, at) => weight * scale[at % block.outputs]!);
  block.biases = block.biases.map((bias, k) => bias * scale[k]! + shift[k]!);
}

/** The pipeline itself turns scores into probabilities: the last activation must be the task's, and goes. */
function predictorOf(blocks: Block[], aim: Aim): DensePredictor | LinearPredictor {
  const last = blocks.at(-1)!;
  if (aim.task === 'regression') {
    if (last.activation !== 'identity') blocks.push(identityBlock(last.outputs));
    const scale = new Float64Array(aim.outputs).fill(aim.deviation);
    apply(blocks.at(-1)!, { scale, shift: new Float64Array(aim.outputs).fill(aim.mean) });
  } else {
    const wanted = aim.task === 'binary' ? 'logistic' : 'softmax';
    if (last.activation !== wanted)
      throw new NoForm(`its last activation is not ${aim.task === 'binary' ? 'sigmoid' : 'softmax'}`);
    last.activation = 'identity';
  }
  const hidden = blocks.slice(0, -1).map(({ activation }): Activation => {
    if (activation === 'softmax') throw new NoForm('a softmax stands between its layers');
    return activation;
  });
  const layers = blocks.map(({ inputs, outputs, weights, biases }): DenseLayer => {
    return { inputs, outputs, weights: Float32Array.from(weights), biases: Float32Array.from(biases) };
  });
  const size = layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);
  if (size > mostWeights) throw new NoForm(`it has ${size} weights, more than ${mostWeights}`);
  const [only, ...more] = layers;
  return more.length === 0 ? linearOf(only!) : { kind: 'dense', activations: hidden, layers };
}

function linearOf({ inputs, outputs, weights, biases }: DenseLayer): LinearPredictor {
  const coefficients = weights.map((_, at) => weights[(at % inputs) * outputs + Math.floor(at / inputs)]!);
  return { kind: 'linear', width: inputs, coefficients, intercepts: biases };
}
