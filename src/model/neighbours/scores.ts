import type { KernelKind } from '../../numeric/webassembly.ts';
import type { NeighboursPredictor } from '../pipeline.ts';
import { leafScanner } from './kernel.ts';
import { leafFor, leafRows, mayHold, neighbourTree, type Node } from './tree.ts';

/**
 * Standard deviations to the whole numbers that distances are made of: 2^14 steps to each, those beyond 64 are as far as 64.
 * Squares and sums of such numbers are exact in double (up to 2,000 columns), so rows that are equally far are so in every
 * order of summation, here and in ONNX Runtime.
 */
export const grid = { steps: 16384, reach: 64 } as const;

/** Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number, ties to even. */
const ROUNDER = 6755399441055744;

/** The place of a standardised number on the grid. */
export function toGrid(value: number): number {
  const near = value > grid.reach ? grid.reach : value < -grid.reach ? -grid.reach : value;
  return near * grid.steps + ROUNDER - ROUNDER;
}

/**
 * Scores of encoded rows, rows × outputs: shares of the neighbours' classes, or the mean of their targets. The nearest
 * are found exactly: leaves of a tree are passed over only where no row in them can be among the nearest. Of those
 * equally far the first ones count.
 */
export function neighbourScores(
  predictor: NeighboursPredictor,
  kernel?: KernelKind,
): (x: Float32Array, rows: number) => Float64Array {
  const { root, order: trainingRows, blocks } = neighbourTree(predictor);
  const scanner = leafScanner(predictor, blocks, kernel);
  const { width, outputs, p } = predictor;
  return (x, rows) => {
    const scores = new Float64Array(rows * outputs);
    const placesOf = (row: number): Float64Array =>
      Float64Array.from(x.subarray(row * width, (row + 1) * width), toGrid);
    const leaves = Int32Array.from({ length: rows }, (_, row) => leafFor(root, placesOf(row)));
    // One after the other those that ask the same leaves, which then are in the cache.
    const order = Int32Array.from(leaves.keys()).sort((a, b) => leaves[a]! - leaves[b]! || a - b);
    for (const row of order) {
      const question = askedRow(placesOf(row), predictor);
      scanner.ask(question.columns, question.places);
      search(root, question);
      vote(predictor, question, scores, row * outputs);
    }
    return scores;
  };

  function search(node: Node, question: Question): void {
    if (node.kind === 'leaf') {
      const start = node.leaf * leafRows;
      keepNearest(question, trainingRows.subarray(start, start + leafRows), scanner.scan(node.leaf));
      return;
    }
    const { all, common, distances } = question;
    const isLeft = all[node.column]! < node.border;
    const [near, far] = isLeft ? [node.left, node.right] : [node.right, node.left];
    const last = distances.length - 1;
    search(near, question);
    if (mayHold(far, all, p, distances[last]! + common)) search(far, question);
  }
}

/** What is known of one asked row while the training rows pass by. */
interface Question {
  /** Its place on the grid in each column. */
  readonly all: Float64Array;
  /** Columns that aren't 0, and their places on the grid. */
  readonly columns: Int32Array;
  readonly places: Float64Array;
  /** What all distances have in common: the row's squared length if p = 2. */
  readonly common: number;
  /** Of the nearest so far, ascending: distance (squared if p = 2) less `common`, and training row. */
  readonly distances: Float64Array;
  readonly nearest: Int32Array;
}

function askedRow(all: Float64Array, { neighbours, p }: NeighboursPredictor): Question {
  const columns = Int32Array.from(all.keys()).filter((j) => all[j] !== 0);
  const places = Float64Array.from(columns, (j) => all[j]!);
  return {
    ...{ all, columns, places },
    common: p === 2 ? places.reduce((sum, place) => sum + place * place, 0) : 0,
    distances: new Float64Array(neighbours).fill(Infinity),
    nearest: new Int32Array(neighbours).fill(-1),
  };
}

/** Puts rows that are nearer than the farthest kept one, or as near and earlier, into their place. */
function keepNearest({ distances, nearest }: Question, rows: Int32Array, sums: Float64Array): void {
  const last = distances.length - 1;
  for (let i = 0; i < rows.length; i++) {
    const distance = sums[i]!;
    if (distance > distances[last]!) continue;
    const row = rows[i]!;
    const isBefore = (at: number): boolean =>
      distances[at]! > distance || (distances[at] === distance && nearest[at]! > row);
    if (!isBefore(last)) continue;
    let at = last;
    for (; at > 0 && isBefore(at - 1); at--) {
      distances[at] = distances[at - 1]!;
      nearest[at] = nearest[at - 1]!;
    }
    distances[at] = distance;
    nearest[at] = row;
  }
}

/** The neighbours' targets, all alike or by the inverse of their distance; where some are at distance 0, only these. */
function vote(
  { p, weights, targets, outputs }: NeighboursPredictor,
  { common, distances, nearest }: Question,
  scores: Float64Array,
  first: number,
): void {
  const far = distances.map((distance) => (p === 2 ? Math.sqrt(distance + common) : distance));
  const same = far.includes(0);
  let total = 0;
  nearest.forEach((row, n) => {
    const weight = weights === 'uniform' ? 1 : same ? Number(far[n] === 0) : 1 / far[n]!;
    total += weight;
    if (outputs === 1) scores[first]! += weight * targets[row]!;
    else scores[first + targets[row]!]! += weight;
  });
  for (let k = first; k < first + outputs; k++) scores[k] = Math.fround(scores[k]! / total);
}
