import type { DensePredictor } from '../../model/pipeline.ts';
import type { Targets } from './loss.ts';
import { rowLosses } from './loss.ts';
import { chunkRows } from './memory.ts';
import type { Network } from './network.ts';
import type { TrainingPlan } from './train.ts';

/** A model to go on from, and the rows that it has learnt from: encoded, with targets like those of the new rows. */
export interface Start {
  readonly predictor: DensePredictor;
  readonly x: Float32Array;
  readonly targets: Targets;
}

/**
 * How much more than its squared gradients a number is held by: they leave out that numbers act together. With 1, nets
 * of the census and the bank campaign that went on with a tenth more rows came out worse than they were; with 10 not.
 */
const STRENGTH = 10;

/**
 * Elastic weight consolidation (Kirkpatrick et al., "Overcoming catastrophic forgetting in neural networks", 2017): each
 * number of the model is pulled back to where it was, by how much the rows that were seen have to say about it.
 */
export class Anchor {
  private readonly values: Float32Array;
  private readonly strengths: Float32Array;

  constructor(values: Float32Array, strengths: Float32Array) {
    this.values = values;
    this.strengths = strengths;
  }

  /** Sets the gradients to those of the pull, as its share of the mean loss over so many new rows. */
  pull(network: Network, rows: number): void {
    const [gradients, values] = [network.gradients(), network.values()];
    for (let k = 0; k < values.length; k++)
      gradients[k] = (this.strengths[k]! / rows) * (values[k]! - this.values[k]!);
  }

  /** Sum of strength * distance^2. */
  penalty(network: Network): number {
    let total = 0;
    network.values().forEach((value, k) => {
      const distance = value - this.values[k]!;
      total += this.strengths[k]! * distance * distance;
    });
    return total;
  }
}

/** Loads the model into the net, and measures how firmly it holds each number: the squared gradients of its rows, summed. */
export function anchorOf(
  network: Network,
  { predictor, x, targets }: Start,
  { shape: { batchRows }, alpha }: Pick<TrainingPlan, 'shape' | 'alpha'>,
): Anchor {
  const weights = targets.weights?.map((weight) => Math.sqrt(weight));
  network.load(predictor.layers, predictor.embeddings ?? []);
  const rows = Int32Array.from(targets.y.keys());
  const capacity = Math.min(batchRows, chunkRows);
  // The penalty of each batch of training, summed over the batches.
  network.gradients().fill((alpha * rows.length) / batchRows);
  for (let first = 0; first < rows.length; first += capacity) {
    const count = Math.min(capacity, rows.length - first);
    network.forward(x, rows, first, count);
    setErrors(network, { ...targets, weights }, rows, first, count);
    network.backward(count, false, true);
  }
  return new Anchor(
    network.values().slice(),
    network.gradients().map((squares) => STRENGTH * squares),
  );
}

/**
 * Errors of each row's own class, or of a number 1, whatever its residual is; `targets` has the roots of the weights, so
 * that squares count by weight.
 */
function setErrors(network: Network, targets: Targets, rows: Int32Array, first: number, count: number): void {
  if (targets.task !== 'regression') rowLosses(network, targets, rows, first, count, 1);
  else for (let row = 0; row < count; row++) network.setError(row, 0, targets.weights?.[first + row] ?? 1);
}
