import type { NeighboursPredictor } from './pipeline.ts';

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

/** Training rows that are compared with every asked row before the next ones: their columns stay in the cache. */
const blockRows = 512;

/**
 * Scores of encoded rows, rows × outputs: shares of the neighbours' classes, or the mean of their targets. The nearest are
 * found by comparing with all; of those equally far the first ones count.
 */
export function neighbourScores(
  predictor: NeighboursPredictor,
): (x: Float32Array, rows: number) => Float64Array {
  const lengths = lengthsOf(predictor);
  const { width, outputs } = predictor;
  return (x, rows) => {
    const scores = new Float64Array(rows * outputs);
    const asked = Array.from({ length: rows }, (_, row) =>
      askedRow(x.subarray(row * width, (row + 1) * width), predictor),
    );
    const sums = new Float64Array(blockRows);
    const block = new Float64Array(blockRows * width);
    for (let start = 0; start < predictor.rows; start += blockRows) {
      const end = Math.min(start + blockRows, predictor.rows);
      loadBlock(predictor, start, end, block);
      for (const question of asked) {
        sums.set(lengths.subarray(start, end));
        if (predictor.p === 2) addProducts(block, question, sums);
        else addDifferences(block, question, sums);
        keepNearest(question, start, end, sums);
      }
    }
    asked.forEach((question, row) => vote(predictor, question, scores, row * outputs));
    return scores;
  };
}

/** What is known of one asked row while the training rows pass by. */
interface Question {
  /** Columns that aren't 0, and their places on the grid. */
  readonly columns: Int32Array;
  readonly places: Float64Array;
  /** Of the nearest so far, ascending: distance (squared if p = 2) less what all have in common, and training row. */
  readonly distances: Float64Array;
  readonly nearest: Int32Array;
}

function askedRow(cells: Float32Array, { neighbours }: NeighboursPredictor): Question {
  const places = Float64Array.from(cells, toGrid);
  const columns = Int32Array.from(places.keys()).filter((j) => places[j] !== 0);
  return {
    columns,
    places: Float64Array.from(columns, (j) => places[j]!),
    distances: new Float64Array(neighbours).fill(Infinity),
    nearest: new Int32Array(neighbours).fill(-1),
  };
}

/** Each training row's distance from the origin, squared if p = 2. */
function lengthsOf({ points, rows, width, p }: NeighboursPredictor): Float64Array {
  const lengths = new Float64Array(rows);
  for (let j = 0; j < width; j++)
    for (let row = 0; row < rows; row++) {
      const place = points[j * rows + row]!;
      lengths[row]! += p === 2 ? place * place : Math.abs(place);
    }
  return lengths;
}

/** Columns of a block's rows, `blockRows` numbers each, as doubles. */
function loadBlock(
  { points, rows, width }: NeighboursPredictor,
  start: number,
  end: number,
  block: Float64Array,
) {
  for (let j = 0; j < width; j++) block.set(points.subarray(j * rows + start, j * rows + end), j * blockRows);
}

/** |t|^2 - 2 q t: the squared distance less |q|^2. Four columns at a time, which saves traffic of the sums. */
function addProducts(block: Float64Array, { columns, places }: Question, sums: Float64Array): void {
  let c = 0;
  for (; c + 3 < columns.length; c += 4) {
    const first = columns[c]! * blockRows;
    const second = columns[c + 1]! * blockRows;
    const third = columns[c + 2]! * blockRows;
    const fourth = columns[c + 3]! * blockRows;
    const p1 = -2 * places[c]!;
    const p2 = -2 * places[c + 1]!;
    const p3 = -2 * places[c + 2]!;
    const p4 = -2 * places[c + 3]!;
    for (let i = 0; i < blockRows; i++)
      sums[i]! +=
        p1 * block[first + i]! + p2 * block[second + i]! + (p3 * block[third + i]! + p4 * block[fourth + i]!);
  }
  for (; c < columns.length; c++) {
    const first = columns[c]! * blockRows;
    const place = -2 * places[c]!;
    for (let i = 0; i < blockRows; i++) sums[i]! += place * block[first + i]!;
  }
}

/** |t| + |q - t| - |t| for the columns where q isn't 0: the whole distance. */
function addDifferences(block: Float64Array, { columns, places }: Question, sums: Float64Array): void {
  const abs = Math.abs;
  for (let c = 0; c < columns.length; c++) {
    const first = columns[c]! * blockRows;
    const place = places[c]!;
    for (let i = 0; i < blockRows; i++) {
      const point = block[first + i]!;
      sums[i]! += abs(place - point) - abs(point);
    }
  }
}

/** Puts rows that are nearer than the farthest kept one into their place behind those equally far. */
function keepNearest({ distances, nearest }: Question, start: number, end: number, sums: Float64Array): void {
  const last = distances.length - 1;
  let farthest = distances[last]!;
  for (let row = start; row < end; row++) {
    const distance = sums[row - start]!;
    if (distance >= farthest) continue;
    let at = last;
    while (at > 0 && distances[at - 1]! > distance) {
      distances[at] = distances[at - 1]!;
      nearest[at] = nearest[at - 1]!;
      at--;
    }
    distances[at] = distance;
    nearest[at] = row;
    farthest = distances[last]!;
  }
}

/** The neighbours' targets, all alike or by the inverse of their distance; where some are at distance 0, only these. */
function vote(
  { p, weights, targets, outputs }: NeighboursPredictor,
  { places, distances, nearest }: Question,
  scores: Float64Array,
  first: number,
): void {
  const common = p === 2 ? places.reduce((sum, place) => sum + place * place, 0) : 0;
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
