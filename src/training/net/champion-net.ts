import { UserError } from '../../errors/user-error.ts';
import type { DensePredictor, Predictor } from '../../model/pipeline.ts';
import type { TrainingSet } from '../trainer.ts';
import type { EmbeddingShape } from './embedding-tables.ts';
import type { NetworkShape } from './memory.ts';
import type { Scale } from './standardise.ts';

/** A net's shape as parameters ask for it, and from how many categories on a column has vectors. */
export interface AskedShape extends Pick<NetworkShape, 'sizes' | 'activation'> {
  readonly embeddings: readonly EmbeddingShape[];
  readonly fewestCategories: number;
}

/**
 * The champion's net, if it has the shape that is asked for: weights of another shape can't be continued.
 * @throws UserError TRAINER_PARAMETER, naming the parameter that differs
 */
export function championNet(
  predictor: Predictor,
  features: TrainingSet['features'],
  asked: AskedShape,
): DensePredictor {
  if (predictor.kind !== 'dense') throw new Error('no net to continue');
  const { layers, activations, embeddings = [] } = predictor;
  if (!hasEmbeddings(features, asked) || !sameShapes(embeddings, asked.embeddings))
    throw refusal(
      'embeddings',
      'has other embeddings',
      "Set embeddings as in the champion's recipe, or leave update out until such a net is champion.",
    );
  const [own, hidden] = [layers.slice(1).map(({ inputs }) => inputs), asked.sizes.slice(1, -1)];
  if (own.join() !== hidden.join())
    throw refusal(
      'hidden_layer_sizes',
      `has hidden layers of ${own.join(', ')}, and ${hidden.join(', ')} are asked for`,
      `Write hidden_layer_sizes: [${own.join(', ')}], or leave update out until a net of the new shape is champion.`,
    );
  if (activations.every((activation) => activation === asked.activation)) return predictor;
  const activation = [...new Set(activations)].join(', ');
  throw refusal(
    'activation',
    `has the activation ${activation}, and ${asked.activation} is asked for`,
    `Write activation: ${activation}, or leave update out until such a net is champion.`,
  );
}

/** Whether the champion's columns are codes where the parameters ask for vectors, and one-hot where they don't. */
function hasEmbeddings(features: TrainingSet['features'], { fewestCategories }: AskedShape): boolean {
  return features.every(({ input, levels }) => {
    // A number is one feature, a category one more than it has levels.
    const codes = levels || features.filter((other) => other.input === input).length;
    return codes === 1 || levels > 0 === codes > fewestCategories;
  });
}

function sameShapes(own: readonly EmbeddingShape[], asked: readonly EmbeddingShape[]): boolean {
  const shown = (shapes: readonly EmbeddingShape[]): string =>
    shapes.map(({ levels, dimension }) => `${levels} ${dimension}`).join();
  return shown(own) === shown(asked);
}

function refusal(name: string, what: string, fix: string): UserError {
  const message = `neural-network: update: the net of the baseline (champion) ${what}`;
  return new UserError({ code: 'TRAINER_PARAMETER', message, at: { name }, fix });
}

/** A net that gives standardised numbers, from one that gives them in the target's units; the inverse of `inUnits`. */
export function standardisedNet(net: DensePredictor, { mean, deviation }: Scale): DensePredictor {
  return inUnits(net, { mean: -mean / deviation, deviation: 1 / deviation });
}

/** The net with its last layer scaled: what it gives, times `deviation`, plus `mean`. */
export function inUnits(net: DensePredictor, { mean, deviation }: Scale): DensePredictor {
  const layers = [...net.layers];
  const last = layers.at(-1)!;
  layers[layers.length - 1] = {
    ...last,
    weights: last.weights.map((weight) => weight * deviation),
    biases: last.biases.map((bias) => bias * deviation + mean),
  };
  return { ...net, layers };
}
