import { UserError } from '../../errors/user-error.ts';
import type { Tree, TreesPredictor } from '../../model/pipeline.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingSet } from '../trainer.ts';
import { binRows } from './bins.ts';
import { bestRound, setAside, shouldStop } from './early-stopping.ts';
import { growTree } from './grow.ts';
import type { Ground, TreeRules } from './grow.ts';
import { choiceOf } from './split.ts';
import { createKernel } from './kernel.ts';
import { binaryLoss, softmaxLoss, squaredLoss } from './loss.ts';
import type { Loss } from './loss.ts';

export interface BoostingRules extends Omit<TreeRules, 'packing' | 'largestStep'> {
  readonly maxRounds: number;
  readonly maxBins: number;
  /** undefined = all rows are learnt from, for all rounds. */
  readonly earlyStopping?:
    { readonly fraction: number; readonly patience: number; readonly tolerance: number } | undefined;
}

export interface Boosted {
  readonly predictor: TreesPredictor;
  readonly rounds: number;
}

/**
 * Gradient boosting with histograms and second derivatives (Friedman 2001; Ke et al., "LightGBM", 2017). With early
 * stopping the rounds after the lowest validation loss are dropped.
 * @throws UserError TRAINING_FAILED when no row can be set aside for early stopping
 */
export function boost(
  data: TrainingSet,
  rules: BoostingRules,
  seed: number,
  onProgress?: (fraction: number) => void,
): Boosted {
  const random = new Random(seed);
  const stopping = rules.earlyStopping;
  const { train, validation } =
    stopping === undefined
      ? { train: Int32Array.from(data.y.keys()), validation: new Int32Array(0) }
      : setAside(data.y, data.classes, stopping.fraction, random);
  if (stopping !== undefined && validation.length === 0) throw tooFewToStop(data.rows);
  const bins = binRows(data, train, rules.maxBins, random);
  const loss = lossOf(data, train);
  const kernel = createKernel(bins, train.length);
  const treeRules: TreeRules = { ...rules, packing: loss.packing, largestStep: loss.largestStep };
  const gains = new Float64Array(bins.width);
  const all = choiceOf(
    bins,
    Int32Array.from({ length: bins.width }, (_, j) => j),
  );
  const ground: Ground = { bins, kernel, rules: treeRules, choose: () => all, gains };
  const scores = new Float64Array(loss.outputs * data.rows);
  loss.base.forEach((score, k) => scores.fill(score, k * data.rows, (k + 1) * data.rows));
  const losses = stopping === undefined ? [] : [loss.value(scores, validation)];
  const trees: Tree[] = [];
  for (let round = 1; round <= rules.maxRounds; round++) {
    loss.startRound(scores);
    let grown = false;
    for (let k = 0; k < loss.outputs; k++) {
      const own = scores.subarray(k * data.rows, (k + 1) * data.rows);
      loss.fillPairs(k, scores, kernel.pairs);
      const builder = growTree(ground, train, own);
      builder.addTo(own, validation);
      trees.push(builder.toTree());
      grown ||= builder.size > 1;
    }
    onProgress?.(round / rules.maxRounds);
    if (!grown) break;
    if (stopping === undefined) continue;
    losses.push(loss.value(scores, validation));
    if (shouldStop(losses, stopping.patience, stopping.tolerance)) break;
  }
  const rounds = stopping === undefined ? trees.length / loss.outputs : Math.max(1, bestRound(losses));
  onProgress?.(1);
  return {
    predictor: {
      kind: 'trees',
      outputs: loss.outputs,
      base: loss.base,
      trees: trees.slice(0, rounds * loss.outputs),
    },
    rounds,
  };
}

function lossOf({ task, y, classes }: TrainingSet, train: Int32Array): Loss {
  switch (task) {
    case 'regression':
      return squaredLoss(y, train);
    case 'binary':
      return binaryLoss(y, train);
    case 'multiclass':
      return softmaxLoss(y, classes, train);
  }
}

function tooFewToStop(rows: number): UserError {
  return new UserError({
    code: 'TRAINING_FAILED',
    message: `gradient-boosting: ${rows} training rows leave none to set aside for early stopping`,
    fix: 'Set early_stopping to false, raise validation_fraction, or give more rows.',
  });
}
