import type { Random } from '../../numeric/random.ts';
import type { TrainingSet } from '../trainer.ts';

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

/** Rows as bins, row-major: `cells[row * width + j]` = first bin of feature j + its bin. */
export interface BinnedRows {
  readonly width: number;
  readonly features: readonly FeatureBins[];
  readonly totalBins: number;
  readonly cells: Uint16Array | Uint32Array;
}

/** Quantiles are taken from this many rows at most. */
const SAMPLE = 200_000;

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
  const width = data.features.length;
  const sample =
    trainRows.length <= SAMPLE
      ? trainRows
      : Int32Array.from({ length: SAMPLE }, () => trainRows[random.integer(trainRows.length)]!);
  let totalBins = 0;
  const features = data.features.map(({ levels }, j): FeatureBins => {
    const hasMissing = trainRows.some((row) => Number.isNaN(data.x[row * width + j]));
    const { cut, count } =
      levels > 0
        ? levelBins(data.x, width, j, trainRows, levels, maxBins)
        : numericBins(data.x, width, j, sample, maxBins);
    const first = totalBins;
    totalBins += count + 1;
    return { first, count, hasMissing, cut };
  });
  const size = data.rows * width;
  const cells = totalBins <= 65536 ? new Uint16Array(size) : new Uint32Array(size);
  features.forEach((feature, j) => {
    if (feature.cut.kind === 'numeric') fillNumeric(data, j, feature, feature.cut.edges, cells);
    else fillLevels(data, j, feature, feature.cut.binOf, cells);
  });
  return { width, features, totalBins, cells };
}

function numericBins(
  x: Float32Array,
  width: number,
  j: number,
  rows: Int32Array,
  maxBins: number,
): { cut: NumericBins; count: number } {
  const values = new Float32Array(rows.length);
  let known = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = x[rows[i]! * width + j]!;
    if (!Number.isNaN(value)) values[known++] = value;
  }
  const sorted = values.subarray(0, known).sort();
  const distinct: number[] = [];
  for (let i = 0; i < known && distinct.length <= maxBins; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i]!);
  const edges = distinct.length <= maxBins ? betweenValues(distinct) : atQuantiles(sorted, maxBins);
  return { cut: { kind: 'numeric', edges: Float32Array.from(edges) }, count: edges.length + 1 };
}

function betweenValues(distinct: readonly number[]): number[] {
  return distinct.slice(1).map((value, i) => midpoint(distinct[i]!, value));
}

function atQuantiles(sorted: Float32Array, maxBins: number): number[] {
  const edges: number[] = [];
  for (let k = 1; k < maxBins; k++) {
    const position = (k * (sorted.length - 1)) / maxBins;
    const edge = midpoint(sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!);
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  return edges;
}

/** Half-way between two float32 numbers, in float32, and below the upper one where they differ. */
function midpoint(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high ? middle : low;
}

function levelBins(
  x: Float32Array,
  width: number,
  j: number,
  rows: Int32Array,
  levels: number,
  maxBins: number,
): { cut: LevelBins; count: number } {
  const counts = new Float64Array(levels);
  for (let i = 0; i < rows.length; i++) {
    const code = x[rows[i]! * width + j]!;
    if (!Number.isNaN(code)) counts[code]! += 1;
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
  { x, rows, features }: TrainingSet,
  j: number,
  { first, count }: FeatureBins,
  edges: Float32Array,
  cells: Uint16Array | Uint32Array,
): void {
  const width = features.length;
  for (let cell = j; cell < rows * width; cell += width) {
    const value = x[cell]!;
    if (value !== value) {
      cells[cell] = first + count;
      continue;
    }
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! < value) low = middle + 1;
      else high = middle;
    }
    cells[cell] = first + low;
  }
}

function fillLevels(
  { x, rows, features }: TrainingSet,
  j: number,
  { first, count }: FeatureBins,
  binOf: Int32Array,
  cells: Uint16Array | Uint32Array,
): void {
  const width = features.length;
  for (let cell = j; cell < rows * width; cell += width) {
    const bin = binOf[x[cell]!] ?? -1;
    cells[cell] = first + (bin < 0 ? count : bin);
  }
}
