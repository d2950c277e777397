import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { UserError } from '../../errors/user-error.ts';
import type { TrainingWork } from './exchange.ts';
import type { Tf } from './library.ts';

/** Encoded rows and their targets, as they came. */
export interface LearningRows {
  /** Training rows, then validation rows, × features. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly features: number;
}

/** Without a progress bar of the library's own, and without pauses within an epoch. */
const quietly = { verbose: 0, yieldEvery: 'epoch' } as const;
/** Lines that one fit says of its epochs at most. */
const mostLines = 20;

/**
 * Fits the model in place and returns the epochs that were run. With validation rows it stops when their loss no longer
 * falls, and goes back to the weights of the best epoch.
 * @throws UserError TRAINING_FAILED where the loss is no number any more
 */
export async function learn(
  tf: Tf,
  model: LayersModel,
  rows: LearningRows,
  work: TrainingWork,
  say: (line: string) => void,
): Promise<number> {
  const { params, trainingRows, validationRows, classWeights } = work;
  const [trainX, validX] = split(tf.tensor2d(rows.x, [trainingRows + validationRows, rows.features]), work);
  const [trainY, validY] = split(targetsOf(tf, model, rows.y, work), work);
  const best = new BestWeights(model);
  const every = Math.ceil(params.epochs / mostLines);
  let epochs = 0;
  await model.fit(trainX, trainY, {
    epochs: params.epochs,
    batchSize: params.batch_size,
    shuffle: params.shuffle,
    ...quietly,
    ...(validationRows > 0 && { validationData: [validX, validY] as [Tensor, Tensor] }),
    ...(classWeights && { classWeight: Object.fromEntries(classWeights.entries()) }),
    callbacks: {
      onEpochEnd: (epoch, logs) => {
        epochs = epoch + 1;
        const loss = logs?.['loss'] ?? NaN;
        const validation = logs?.['val_loss'] ?? null;
        if (!Number.isFinite(loss)) throw diverged(params.module, epochs, loss);
        if (validation !== null) model.stopTraining = best.add(validation) >= params.n_iter_no_change;
        if (epochs % every === 0 || epochs === params.epochs || model.stopTraining)
          say(epochLine(epochs, params.epochs, loss, validation));
      },
    },
  });
  best.restore();
  return epochs;
}

/** `epoch 3 of 30, loss 0.4123`: the factory reads the first words for its progress. */
function epochLine(epoch: number, epochs: number, loss: number, validation: number | null): string {
  const more = validation === null ? '' : `, validation loss ${validation.toPrecision(4)}`;
  return `epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(4)}${more}`;
}

/** The first rows are for training, the others for validation. */
function split(tensor: Tensor2D, { trainingRows, validationRows }: TrainingWork): [Tensor, Tensor] {
  return [tensor.slice([0, 0], [trainingRows, -1]), tensor.slice([trainingRows, 0], [validationRows, -1])];
}

/** One number a row, or with several classes one column for each, unless the model's own loss takes class numbers. */
function targetsOf(tf: Tf, model: LayersModel, y: Float32Array, { task, classes }: TrainingWork): Tensor2D {
  if (task !== 'multiclass' || model.loss === 'sparseCategoricalCrossentropy')
    return tf.tensor2d(y, [y.length, 1]);
  const cells = new Float32Array(y.length * classes.length);
  y.forEach((label, row) => (cells[row * classes.length + label] = 1));
  return tf.tensor2d(cells, [y.length, classes.length]);
}

/** The weights of the epoch with the lowest validation loss. */
class BestWeights {
  private readonly model: LayersModel;
  private weights: Tensor[] = [];
  private loss = Infinity;
  private since = 0;

  constructor(model: LayersModel) {
    this.model = model;
  }

  /** Takes the loss after an epoch; returns the epochs since the best one. */
  add(loss: number): number {
    if (!(loss < this.loss)) return ++this.since;
    for (const weight of this.weights) weight.dispose();
    this.weights = this.model.getWeights().map((weight) => weight.clone());
    this.loss = loss;
    return (this.since = 0);
  }

  restore(): void {
    if (this.weights.length > 0) this.model.setWeights(this.weights);
  }
}

function diverged(module: string, epoch: number, loss: number): UserError {
  return new UserError({
    code: 'TRAINING_FAILED',
    message: `${module}: the loss became ${loss} in epoch ${epoch}`,
    fix: 'Lower learning_rate, or look in the module for what grows without bounds or divides by 0.',
  });
}
