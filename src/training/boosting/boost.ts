import { UserError } from '../../errors/user-error.ts';
import type { Tree, TreesPredictor } from '../../model/pipeline.ts';
import { addTrees, flattenTrees } from '../../model/trees.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingSet } from '../trainer.ts';
import { binRows } from './bins.ts';
import { featureChooser } from './choose.ts';
import { bestRound, setAside, shouldStop } from './early-stopping.ts';
import { growTree } from './grow.ts';
import type { Ground, TreeRules } from './grow.ts';
import { createKernel } from './kernel.ts';
import { binaryLoss, quantileLoss, softmaxLoss, squaredLoss } from './loss.ts';
import type { Loss, LossRows } from './loss.ts';
import { poissonLoss } from './poisson.ts';

export interface BoostingRules extends Omit<TreeRules, 'packing' | 'largestStep'> {
  /** Of a regression. */
  readonly loss:
    | { readonly kind: 'squared_error' }
    | { readonly kind: 'absolute_error' }
    | { readonly kind: 'poisson' }
    | { readonly kind: 'quantile'; readonly quantile: number };
  readonly maxRounds: number;
  readonly maxBins: number;
  /** Share of the features that each node chooses from, at random. */
  readonly maxFeatures: number;
  /** Share of the rows that each round's trees are grown on, at random. */
  readonly subsample: number;
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
 * @param weights what each row counts for; undefined = 1
 * @param start trees that the new ones are added to
 * @throws UserError TRAINING_FAILED when no row can be set aside for early stopping
 */
export function boost(
  data: TrainingSet,
  weights: Float64Array | undefined,
  rules: BoostingRules,
  seed: number,
  onProgress?: (fraction: number) => void,
  start?: TreesPredictor,
): Boosted {
  const random = new Random(seed);
  const stopping = rules.earlyStopping;
  const { train, validation } =
    stopping === undefined
      ? { train: new Int32Array(data.rows).map((_, row) => row), validation: new Int32Array(0) }
      : setAside(data.y, data.classes, stopping.fraction, random);
  if (stopping !== undefined && validation.length === 0) throw tooFewToStop(data.rows);
  const bins = binRows(data, train, rules.maxBins, random);
  const loss = lossOf(data, { y: data.y, train, weights }, rules);
  const kernel = createKernel(bins, train.length);
  const choose = featureChooser(bins, rules.maxFeatures, random);
  const scores = new Float64Array(loss.outputs * data.rows);
  const base = start?.base ?? loss.base;
  base.forEach((score, k) => scores.fill(score, k * data.rows, (k + 1) * data.rows));
  if (start) addStart(start, data, scores);
  const losses = stopping === undefined ? [] : [loss.value(scores, validation)];
  const trees: Tree[] = [];
  for (let round = 1; round <= rules.maxRounds; round++) {
    loss.startRound(scores);
    const treeRules: TreeRules = { ...rules, packing: loss.packing, largestStep: loss.largestStep };
    const ground: Ground = { bins, kernel, rules: treeRules, choose };
    const { drawn, others } = drawRows(train, rules.subsample, random);
    let grown = false;
    for (let k = 0; k < loss.outputs; k++) {
      const own = scores.subarray(k * data.rows, (k + 1) * data.rows);
      loss.fillPairs(k, scores, kernel.pairs);
      const builder = growTree(ground, drawn, own, loss.refit && ((rows) => loss.refit!(own, rows)));
      builder.addTo(own, others);
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
      base,
      ...(loss.link && { link: loss.link }),
      trees: [...(start?.trees ?? []), ...trees.slice(0, rounds * loss.outputs)],
    },
    rounds,
  };
}

/** Adds what the first trees say; their own base is in the scores already. */
function addStart(start: TreesPredictor, { x, rows, features }: TrainingSet, scores: Float64Array): void {
  const levels = features.map((feature) => feature.levels);
  const flat = flattenTrees(start.trees, levels);
  const own = new Float64Array(rows * start.outputs);
  addTrees(flat, start, x, rows, levels.length, own);
  own.forEach((score, i) => {
    scores[(i % start.outputs) * rows + Math.floor(i / start.outputs)]! += score;
  });
}

/** A share of the rows at random, in their order, and those that are left. */
function drawRows(
  rows: Int32Array,
  share: number,
  random: Random,
): { readonly drawn: Int32Array; readonly others: Int32Array } {
  if (share === 1) return { drawn: rows, others: new Int32Array(0) };
  const taken = Math.max(1, Math.floor(share * rows.length));
  const shuffled = random.shuffle(rows.slice());
  return { drawn: shuffled.slice(0, taken).sort(), others: shuffled.slice(taken).sort() };
}

function lossOf({ task, classes }: TrainingSet, rows: LossRows, { loss }: BoostingRules): Loss {
  switch (task) {
    case 'regression':
      if (loss.kind === 'squared_error') return squaredLoss(rows);
      if (loss.kind === 'absolute_error') return quantileLoss(rows, 1, 1);
      if (loss.kind === 'poisson') return poissonLoss(rows);
      return quantileLoss(rows, loss.quantile, 1 - loss.quantile);
    case 'binary':
      return binaryLoss(rows);
    case 'multiclass':
      return softmaxLoss(rows, classes);
  }
}

function tooFewToStop(rows: number): UserError {
  return new UserError({
    code: 'TRAINING_FAILED',
    message: `gradient-boosting: ${rows} training rows leave none to set aside for early stopping`,
    fix: 'Set early_stopping to false, raise validation_fraction, or give more rows.',
  });
}
