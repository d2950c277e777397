import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';
import type { DensePredictor, Embedding } from '../../model/pipeline.ts';
import { deriveSeed, Random } from '../../numeric/random.ts';
import { setAside } from '../boosting/early-stopping.ts';
import {
  codeCounts,
  embeddingShapes,
  embeddingsParam,
  fewestCategories,
  withMeans,
} from '../net/embedding-params.ts';
import { embeddedInputs, type EmbeddingShape } from '../net/embedding-tables.ts';
import { championNet, inUnits, standardisedNet } from '../net/champion-net.ts';
import type { Targets } from '../net/loss.ts';
import { standardise } from '../net/standardise.ts';
import type { Scale } from '../net/standardise.ts';
import { stoppingParams } from '../net/stopping-params.ts';
import type { RowSides, Training, TrainingPlan } from '../net/train.ts';
import { trainNetwork } from '../net/train.ts';
import type { Fit, FitOptions, LearntModel, Trainer, TrainingSet } from '../trainer.ts';
import { weightsOfMeanOne } from '../row-weights.ts';
import { inspectRows } from '../training-rows.ts';

const params = z.strictObject({
  hidden_layer_sizes: z
    .array(z.int().min(1).max(16_384))
    .min(1)
    .max(20)
    .default([100])
    .describe('Units of each hidden layer.'),
  activation: z
    .enum(['relu', 'tanh', 'logistic', 'identity'])
    .default('relu')
    .describe('What hidden units apply to their sums.'),
  alpha: z.number().min(0).max(1e6).default(1e-4).describe('Strength of the L2 penalty on the weights.'),
  batch_size: z
    .union([z.literal('auto'), z.int().min(1).max(1e9)])
    .default('auto')
    .describe('Rows of a mini-batch; "auto": 200, or all rows if they are fewer.'),
  learning_rate_init: z.number().positive().max(10).default(0.001).describe("Adam's step size."),
  max_iter: z.int().min(1).max(100_000).default(200).describe('Most epochs: passes over the rows.'),
  shuffle: z.boolean().default(true).describe('Whether each epoch takes the rows in a new random order.'),
  tol: z.number().min(0).max(1e12).default(1e-4).describe('By how much a loss must be lower to count.'),
  ...stoppingParams,
  beta_1: z.number().min(0).lt(1).default(0.9).describe("Decay of Adam's mean of gradients."),
  beta_2: z.number().min(0).lt(1).default(0.999).describe("Decay of Adam's mean of squared gradients."),
  epsilon: z.number().positive().max(1).default(1e-8).describe("Keeps Adam's division from 0."),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Share of the hidden units that each training step leaves out at random.'),
  embeddings: embeddingsParam,
});
type Params = z.infer<typeof params>;

/** Most weights of a net: what the model file can hold. */
const MOST_WEIGHTS = 16_000_000;
const AUTO_BATCH = 200;

/**
 * A dense net with the parameters of scikit-learn's `MLPClassifier` and `MLPRegressor`, trained by Adam in float32:
 * log loss, or half the squared error of the standardised target. Early stopping goes by the loss of the rows set
 * aside, where scikit-learn takes accuracy or R².
 */
export const neuralNetwork: Trainer<Params> = {
  name: 'neural-network',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'standard',
  params,
  codesFrom: ({ embeddings }) => fewestCategories(embeddings),
  fit: (data, options) => train(data, null, options),
  update: (fresh, from, options) => train(fresh, from, options),
};

/** With `from` the model is continued (see `anchorOf`), by as many epochs as its share of new rows. */
function train(
  data: TrainingSet,
  from: LearntModel | null,
  { params, seed, onProgress }: FitOptions<Params>,
): Fit {
  const { warnings } = inspectRows(data, 'neural-network', from !== null);
  const embeddings = embeddingShapes(data.features, params.embeddings);
  const sizes = layerSizes(data, params, embeddings);
  const sides = sidesOf(data, params, seed);
  const scale = scaleOf(data, sides.train, from);
  const weights = rowWeightsOf(data, sides.train, from);
  const targetsOf = ({ y }: TrainingSet, own: Float64Array | undefined): Targets => ({
    ...{ task: data.task, outputs: sizes.at(-1)!, weights: own },
    y: y.map((value) => (value - scale.mean) / scale.deviation),
  });
  const share = from ? data.rows / (data.rows + from.seen.rows) : 1;
  const plan = planOf({ sizes, embeddings }, sides.train.length, params, share);
  const start = from && {
    predictor: standardisedNet(
      championNet(from.predictor, data.features, {
        ...{ ...plan.shape, fewestCategories: fewestCategories(params.embeddings) },
      }),
      scale,
    ),
    x: from.seen.x,
    targets: targetsOf(from.seen, weights.seen),
  };
  const training = trainNetwork(
    data.x,
    targetsOf(data, weights.own),
    sides,
    plan,
    seed,
    onProgress,
    start ?? undefined,
  );
  const counts = codeCounts(data, sides.train, from?.seen);
  const vectors = withMeans(training.network.toEmbeddings(), counts);
  const predictor = toPredictor(training, plan, scale, vectors);
  return {
    predictor,
    iterations: training.epochs,
    warnings: from
      ? []
      : training.end === 'converged'
        ? warnings
        : [...warnings, unfinished(training.epochs)],
  };
}

/** Of a continued model by the rows that it has seen, so that new rows are told in its own terms. */
function scaleOf(data: TrainingSet, rows: Int32Array, from: LearntModel | null): Scale {
  if (data.task !== 'regression') return { mean: 0, deviation: 1 };
  return from ? standardise(from.seen.y, Int32Array.from(from.seen.y.keys())) : standardise(data.y, rows);
}

/** What rows count for, with the mean 1 over the rows that are learnt from; rows that were seen in proportion to these. */
function rowWeightsOf(
  data: TrainingSet,
  rows: Int32Array,
  from: LearntModel | null,
): { own: Float64Array | undefined; seen: Float64Array | undefined } {
  const own = weightsOfMeanOne(data, rows);
  const seen = from?.seen.weights;
  if (!own || !seen) return { own, seen: undefined };
  const factor = own[0]! / data.weights![0]!;
  return { own, seen: seen.map((weight) => weight * factor) };
}

function unfinished(epochs: number): string {
  return `The loss still fell after ${epochs} epochs: raise max_iter, or set early_stopping.`;
}

/** @throws UserError TRAINING_FAILED */
function layerSizes(
  { features, task, classes }: TrainingSet,
  { hidden_layer_sizes }: Params,
  embeddings: readonly EmbeddingShape[],
): number[] {
  const inputs = features.length - embeddings.length + embeddedInputs(embeddings);
  const sizes = [inputs, ...hidden_layer_sizes, task === 'multiclass' ? classes : 1];
  const numbers = embeddings.reduce((sum, { levels, dimension }) => sum + levels * dimension, 0);
  const weights = sizes.slice(1).reduce((sum, outputs, l) => sum + (sizes[l]! + 1) * outputs, numbers);
  if (weights <= MOST_WEIGHTS) return sizes;
  throw new UserError({
    code: 'TRAINING_FAILED',
    message: `neural-network: layers of ${sizes.join(', ')} have ${weights} weights, more than ${MOST_WEIGHTS}`,
    at: { name: 'hidden_layer_sizes' },
    fix: 'Take smaller hidden layers, or drop columns with many categories.',
  });
}

function sidesOf({ y, classes }: TrainingSet, params: Params, seed: number): RowSides {
  if (!params.early_stopping) return { train: Int32Array.from(y.keys()), validation: new Int32Array(0) };
  return setAside(y, classes, params.validation_fraction, new Random(deriveSeed(seed, 'validation')));
}

function planOf(
  net: Pick<TrainingPlan['shape'], 'sizes' | 'embeddings'>,
  rows: number,
  params: Params,
  share: number,
): TrainingPlan {
  const batchRows = Math.min(params.batch_size === 'auto' ? AUTO_BATCH : params.batch_size, rows);
  return {
    shape: { ...net, activation: params.activation, dropout: params.dropout, batchRows },
    rates: {
      learningRate: params.learning_rate_init,
      beta1: params.beta_1,
      beta2: params.beta_2,
      epsilon: params.epsilon,
    },
    alpha: params.alpha,
    shuffle: params.shuffle,
    maxEpochs: Math.ceil(params.max_iter * share),
    patience: params.n_iter_no_change,
    tolerance: params.tol,
  };
}

/**
 * The trained net, its last layer scaled back to the target's units.
 * @throws UserError TRAINING_FAILED when the weights ran away
 */
function toPredictor(
  { network, epochs, end }: Training,
  { shape }: TrainingPlan,
  scale: Scale,
  embeddings: readonly Embedding[],
): DensePredictor {
  const own = network.toLayers();
  const net = inUnits(
    {
      kind: 'dense',
      ...(embeddings.length > 0 && { embeddings }),
      activations: own.slice(1).map(() => shape.activation),
      layers: own,
    },
    scale,
  );
  const numbers = [
    ...net.layers.flatMap(({ weights, biases }) => [weights, biases]),
    ...embeddings.map(({ vectors }) => vectors),
  ];
  if (numbers.every((values) => values.every(Number.isFinite)) && end !== 'diverged') return net;
  throw new UserError({
    code: 'TRAINING_FAILED',
    message: `neural-network: the weights grew beyond all bounds in epoch ${epochs}`,
    at: { name: 'learning_rate_init' },
    fix: 'Lower learning_rate_init.',
  });
}
