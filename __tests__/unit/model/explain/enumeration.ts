import type { Explainable } from '../../../../src/model/explain/explainer.ts';
import { featuresOf, type Tree } from '../../../../src/model/pipeline.ts';

/**
 * Shapley values as they are defined: over all sets of players, the mean gain of adding one. `value` answers for a set
 * given as bits. Returns one number a player.
 */
export function shapleyByEnumeration(players: number, value: (known: number) => number): number[] {
  const values = Array.from({ length: 1 << players }, (_, set) => value(set));
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const sizeOf = (set: number): number => (set === 0 ? 0 : (set & 1) + sizeOf(set >> 1));
  return Array.from({ length: players }, (_, player) => {
    let total = 0;
    values.forEach((without, set) => {
      if (set & (1 << player)) return;
      const size = sizeOf(set);
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players);
      total += weight * (values[set | (1 << player)]! - without);
    });
    return total;
  });
}

/** One tree of a pipeline and the background's rows, as cells. */
export interface Case {
  readonly pipeline: Explainable;
  readonly tree: Tree;
  /** Encoded rows, each a list of cells. */
  readonly background: readonly (readonly number[])[];
  readonly player: (feature: number) => number;
}

/** What a tree answers where only some players of a row are known; `leaf` gives a leaf's value. */
export function partialAnswer(
  { pipeline, tree, background, player }: Case,
  row: readonly number[],
  leaf: (node: number) => number,
): (known: number) => number {
  const levels = featuresOf(pipeline.steps).map((feature) => feature.levels);
  const goesLeft = (node: number, cells: readonly number[]): boolean => {
    const feature = tree.feature[node]!;
    const cell = cells[feature]!;
    if (Number.isNaN(cell)) return tree.missingLeft[node] === 1;
    return levels[feature]! > 0 ? tree.levelsLeft[node]!.includes(cell) : cell <= tree.threshold[node]!;
  };
  const answer = (node: number, here: readonly (readonly number[])[], known: number): number => {
    if (tree.left[node] === -1) return leaf(node);
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    const toLeft = here.filter((cells) => goesLeft(node, cells));
    const toRight = here.filter((cells) => !goesLeft(node, cells));
    if (known & (1 << player(tree.feature[node]!)))
      return goesLeft(node, row) ? answer(left, toLeft, known) : answer(right, toRight, known);
    const share = here.length > 0 ? toLeft.length / here.length : 0.5;
    return share * answer(left, toLeft, known) + (1 - share) * answer(right, toRight, known);
  };
  return (known) => answer(0, background, known);
}
