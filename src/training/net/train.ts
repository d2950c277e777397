import { deriveSeed, Random } from '../../numeric/random.ts';
import type { AdamRates } from './adam.ts';
import { anchorOf, type Anchor, type Start } from './anchor.ts';
import type { KernelKind } from '../../numeric/webassembly.ts';
import type { Targets } from './loss.ts';
import { rowLosses } from './loss.ts';
import type { NetworkShape } from './memory.ts';
import { chunkRows } from './memory.ts';
import { Network } from './network.ts';

export interface TrainingPlan {
  readonly shape: NetworkShape;
  readonly rates: AdamRates;
  /** Strength of the L2 penalty, `alpha` / 2 * |weights|^2 / rows of the batch. */
  readonly alpha: number;
  readonly shuffle: boolean;
  readonly maxEpochs: number;
  /** Ends after more than this many epochs in a row without a loss that is lower by more than `tolerance`. */
  readonly patience: number;
  readonly tolerance: number;
  readonly kernel?: KernelKind;
}

/** Row numbers to learn from, and those that tell when to stop (none: the training loss tells). */
export interface RowSides {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface Training {
  readonly network: Network;
  readonly epochs: number;
  /** Whether the loss stopped falling, still fell in the last epoch, or is no longer a finite number. */
  readonly end: 'converged' | 'falling' | 'diverged';
  /** Mean loss after each epoch: of the validation rows where there are any, else of the training rows on their way. */
  readonly losses: readonly number[];
}

/**
 * Mini-batch training with Adam. With validation rows the weights are those of the best epoch, else of the last one.
 * Ends at once when the loss is no longer finite. With `start` it goes on from a model, with moments of Adam that are 0,
 * and the model's pull takes the place of the penalty.
 */
export function trainNetwork(
  x: Float32Array,
  targets: Targets,
  sides: RowSides,
  plan: TrainingPlan,
  seed: number,
  onProgress?: (fraction: number) => void,
  start?: Start,
): Training {
  const network = new Network(plan.shape, plan.kernel);
  const anchor = start ? anchorOf(network, start, plan) : undefined;
  if (!anchor) network.initialise(new Random(deriveSeed(seed, 'weights')));
  const shuffling = new Random(deriveSeed(seed, 'rows'));
  const dropout = plan.shape.dropout > 0 ? new Random(deriveSeed(seed, 'dropout')) : undefined;
  const order = sides.train.slice();
  const losses: number[] = [];
  const watched = sides.validation.length > 0;
  // An update that helps no row of these leaves the model as it is.
  let best = anchor && watched ? meanLoss(network, x, targets, sides.validation) : Infinity;
  let bestValues = anchor && watched ? network.values().slice() : undefined;
  let stale = 0;
  while (losses.length < plan.maxEpochs && stale <= plan.patience) {
    if (plan.shuffle) shuffling.shuffle(order);
    const trainLoss = runEpoch(network, x, targets, order, plan, dropout, anchor);
    const loss = watched ? meanLoss(network, x, targets, sides.validation) : trainLoss;
    losses.push(loss);
    onProgress?.(losses.length / plan.maxEpochs);
    if (!Number.isFinite(loss)) return { network, epochs: losses.length, end: 'diverged', losses };
    stale = loss > best - plan.tolerance ? stale + 1 : 0;
    if (loss >= best) continue;
    best = loss;
    if (!watched) continue;
    bestValues ??= new Float32Array(network.values().length);
    bestValues.set(network.values());
  }
  if (bestValues) network.values().set(bestValues);
  onProgress?.(1);
  const end = stale > plan.patience ? 'converged' : 'falling';
  return { network, epochs: losses.length, end, losses };
}

/** One pass over the rows; returns their mean loss with the penalty, each batch's before its step. */
function runEpoch(
  network: Network,
  x: Float32Array,
  targets: Targets,
  order: Int32Array,
  { shape: { batchRows }, alpha, rates }: TrainingPlan,
  dropout: Random | undefined,
  anchor: Anchor | undefined,
): number {
  let total = 0;
  let batches = 0;
  for (let start = 0; start < order.length; start += batchRows, batches++) {
    const rows = Math.min(batchRows, order.length - start);
    if (anchor) anchor.pull(network, order.length);
    else network.startGradients(alpha / rows);
    for (let first = start; first < start + rows; first += chunkRows) {
      const count = Math.min(chunkRows, start + rows - first);
      network.forward(x, order, first, count, dropout);
      total += rowLosses(network, targets, order, first, count, 1 / rows);
      network.backward(count, dropout !== undefined);
    }
    network.step(rates);
  }
  const penalty = anchor ? anchor.penalty(network) : alpha * network.squaredWeights() * batches;
  return (total + penalty / 2) / order.length;
}

/** Mean log loss, or mean squared error, each row by its weight. */
function meanLoss(network: Network, x: Float32Array, targets: Targets, order: Int32Array): number {
  const capacity = Math.min(network.shape.batchRows, chunkRows);
  let total = 0;
  for (let first = 0; first < order.length; first += capacity) {
    const count = Math.min(capacity, order.length - first);
    network.forward(x, order, first, count);
    total += rowLosses(network, targets, order, first, count);
  }
  // Without the half, so that tolerances mean a share of the variance, as with R².
  const { weights } = targets;
  const counts = weights ? order.reduce((sum, row) => sum + weights[row]!, 0) : order.length;
  return (targets.task === 'regression' ? 2 * total : total) / counts;
}
