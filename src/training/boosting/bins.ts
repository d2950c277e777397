import type { Random } from '../../numeric/random.ts';
import { sortFloats } from '../../numeric/sort.ts';
import type { TrainingSet } from '../trainer.ts';
import { binLocator, edgesOf, fewDistinct } from './edges.ts';

/** Bin b of a numeric feature holds the values in (edges[b - 1], edges[b]]; the last one has no upper edge. */
export interface NumericBins {
  readonly kind: 'numeric';
  readonly edges: Float32Array;
}

/** Codes without a bin of their own (-1) did not occur in training and count as missing. */
export interface LevelBins {
  readonly kind: 'levels';
  readonly binOf: Int32Array;
}

/** One feature's bins, at `first` … first + count - 1 of the histogram; bin `count` is for missing values. */
export interface FeatureBins {
  readonly first: number;
  readonly count: number;
  /** Whether a training row lacks the value. */
  readonly hasMissing: boolean;
  readonly cut: NumericBins | LevelBins;
}

/** Rows as bins, column by column. */
export interface BinnedRows {
  readonly rows: number;
  readonly width: number;
  readonly features: readonly FeatureBins[];
  readonly totalBins: number;
  /** Bin of feature j in a row at j * rows + row, counted from 0; a byte each where no feature has more than 255. */
  readonly columns: Uint8Array | Uint16Array;
}

/** Quantiles are taken from this many rows at most. */
const SAMPLE = 200_000;

/** Columns that are taken out of the matrix together: a line of the processor's cache holds so many. */
const GROUP = 16;

/** Rows that are put into the matrix of cells together, so that they stay in the processor's cache. */
const BLOCK = 512;

/**
 * Cuts each feature into at most `maxBins` bins, as seen in `trainRows`, and bins all rows. Numbers with few distinct
 * values are cut half-way between them, others at quantiles; of too many codes the rarest share one bin.
 */
export function binRows(
  data: TrainingSet,
  trainRows: Int32Array,
  maxBins: number,
  random: Random,
): BinnedRows {
  const { rows } = data;
  const width = data.features.length;
  const sample =
    trainRows.length <= SAMPLE
      ? trainRows
      : Int32Array.from({ length: SAMPLE }, () => trainRows[random.integer(trainRows.length)]!);
  const columns = maxBins <= 255 ? new Uint8Array(rows * width) : new Uint16Array(rows * width);
  const features: FeatureBins[] = [];
  let totalBins = 0;
  for (let start = 0; start < width; start += GROUP) {
    takeColumns(data, start, Math.min(start + GROUP, width)).forEach((values, i) => {
      const j = start + i;
      const levels = data.features[j]!.levels;
      const { cut, count } =
        levels > 0 ? levelBins(values, trainRows, levels, maxBins) : numericBins(values, sample, maxBins);
      const hasMissing = lacksSome(values, trainRows);
      features.push({ first: totalBins, count, hasMissing, cut });
      totalBins += count + 1;
      const bins = columns.subarray(j * rows, (j + 1) * rows);
      if (cut.kind === 'numeric') fillNumeric(values, cut.edges, count, bins);
      else fillLevels(values, cut.binOf, count, bins);
    });
  }
  return { rows, width, features, totalBins, columns };
}

function lacksSome(values: Float32Array, rows: Int32Array): boolean {
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (value !== value) return true;
  }
  return false;
}

function takeColumns({ x, rows, features }: TrainingSet, start: number, end: number): Float32Array[] {
  const width = features.length;
  const columns = Array.from({ length: end - start }, () => new Float32Array(rows));
  for (let block = 0; block < rows; block += BLOCK) {
    const last = Math.min(block + BLOCK, rows);
    columns.forEach((column, i) => {
      for (let row = block, at = block * width + start + i; row < last; row++, at += width)
        column[row] = x[at]!;
    });
  }
  return columns;
}

function numericBins(
  values: Float32Array,
  rows: Int32Array,
  maxBins: number,
): { cut: NumericBins; count: number } {
  const known = new Float32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (value === value) known[count++] = value;
  }
  const seen = known.subarray(0, count);
  const edges = edgesOf(fewDistinct(seen, maxBins) ?? sortFloats(seen), maxBins);
  return { cut: { kind: 'numeric', edges }, count: edges.length + 1 };
}

function levelBins(
  values: Float32Array,
  rows: Int32Array,
  levels: number,
  maxBins: number,
): { cut: LevelBins; count: number } {
  const counts = new Float64Array(levels);
  for (let i = 0; i < rows.length; i++) {
    const code = values[rows[i]!]!;
    if (code === code) counts[code]! += 1;
  }
  const binOf = new Int32Array(levels).fill(-1);
  const seen = Array.from(counts.keys()).filter((code) => counts[code]! > 0);
  if (seen.length <= maxBins) {
    seen.forEach((code, bin) => (binOf[code] = bin));
    return { cut: { kind: 'levels', binOf }, count: seen.length };
  }
  const byCount = seen.sort((a, b) => counts[b]! - counts[a]! || a - b);
  byCount.forEach((code, rank) => (binOf[code] = Math.min(rank, maxBins - 1)));
  return { cut: { kind: 'levels', binOf }, count: maxBins };
}

function fillNumeric(
  values: Float32Array,
  edges: Float32Array,
  missing: number,
  bins: BinnedRows['columns'],
): void {
  const locate = binLocator(edges);
  for (let row = 0; row < bins.length; row++) {
    const value = values[row]!;
    bins[row] = value === value ? locate(value) : missing;
  }
}

function fillLevels(
  values: Float32Array,
  binOf: Int32Array,
  missing: number,
  bins: BinnedRows['columns'],
): void {
  for (let row = 0; row < bins.length; row++) {
    const bin = binOf[values[row]!] ?? -1;
    bins[row] = bin < 0 ? missing : bin;
  }
}

/** The bins row by row: feature j's at row * width + j, counted from its `first` bin. */
export function cellsOf(bins: BinnedRows): Uint16Array | Uint32Array {
  const { rows, width, totalBins } = bins;
  const cells = totalBins <= 65536 ? new Uint16Array(rows * width) : new Uint32Array(rows * width);
  fillCells(bins, 0, width, cells);
  return cells;
}

/** The same of the features `start` … `end` - 1 alone, bins counted from the first of them. */
export function fillCells(
  { columns, rows, features }: BinnedRows,
  start: number,
  end: number,
  cells: Uint16Array | Uint32Array,
): void {
  const width = end - start;
  for (let block = 0; block < rows; block += BLOCK) {
    const last = Math.min(block + BLOCK, rows);
    for (let j = 0; j < width; j++) {
      const first = features[start + j]!.first - features[start]!.first;
      const column = (start + j) * rows;
      for (let row = block; row < last; row++) cells[row * width + j] = first + columns[column + row]!;
    }
  }
}
