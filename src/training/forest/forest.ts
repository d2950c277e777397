import type { ForestPredictor, Tree, TreesPredictor } from '../../model/pipeline.ts';
import { deriveSeed, Random } from '../../numeric/random.ts';
import { binRows } from '../boosting/bins.ts';
import type { TrainingSet } from '../trainer.ts';
import { growForestTree, type ForestTreeRules } from './grow.ts';
import { targetOf, type NodeTarget, type NodeTotals } from './node-target.ts';
import { bootstrapRows, everyRow } from './sample.ts';

export interface ForestRules extends ForestTreeRules {
  readonly trees: number;
  /** Rows drawn with replacement for each tree; null = every tree learns from all rows. */
  readonly draws: number | null;
}

const maxBins = 65_535;

/**
 * A forest of trees whose answers are averaged (Breiman, "Random forests", 2001), on features cut into at most 65,535
 * bins, so that nearly every cut between two values is possible. Each tree has a random stream of its own, so more trees leave the earlier ones as they are.
 */
export function growForest(
  data: TrainingSet,
  rules: ForestRules,
  seed: number,
  onProgress?: (fraction: number) => void,
): TreesPredictor | ForestPredictor {
  const every = everyRow(data.rows, data.weights);
  const binned = binRows(data, every.rows, maxBins, new Random(seed));
  const target = targetOf(data);
  const leafValues = leavesOf(data, target, rules.trees);
  const trees: Tree[] = [];
  for (let number = 0; number < rules.trees; number++) {
    const random = new Random(deriveSeed(seed, `tree ${number}`));
    const sample = rules.draws === null ? every : bootstrapRows(data.rows, rules.draws, random, data.weights);
    trees.push(growForestTree(binned, target, sample, rules, random, leafValues).toTree());
    onProgress?.((number + 1) / rules.trees);
  }
  if (data.task !== 'regression') return { kind: 'forest', outputs: data.classes, trees };
  return { kind: 'trees', outputs: 1, base: Float32Array.of(0), trees };
}

/** What a leaf adds to the forest's answer: its share of a class, or its mean, divided by the number of trees. */
function leavesOf({ task, classes }: TrainingSet, { offset }: NodeTarget, trees: number) {
  if (task === 'regression')
    return {
      width: 1,
      of: ({ sums, weight }: NodeTotals) => [Math.fround((sums[0]! / weight + offset) / trees)],
    };
  return {
    width: classes,
    of: ({ sums, weight }: NodeTotals) => {
      const share = (count: number): number => towardsZero(count / weight / trees);
      if (classes === 2) return [share(weight - sums[0]!), share(sums[0]!)];
      return Array.from(sums, share);
    },
  };
}

/** A float32 and its bits. */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The float32 next to a share that isn't larger, so that the shares of all trees never sum to more than 1. */
function towardsZero(share: number): number {
  const nearest = Math.fround(share);
  if (nearest <= share) return nearest;
  float[0] = nearest;
  bits[0]! -= 1;
  return float[0];
}
