import type { FeatureRecipe } from '../../contracts/feature.ts';
import type { NumericColumn, Table } from '../../data/table.ts';
import { Random } from '../../numeric/random.ts';
import { categoryCodes, minLevelRows } from '../preprocessing.ts';
import type { TargetMean } from './derived-column.ts';

/** What is predicted: 0 or 1 (positive) of a binary target, or the number. */
export interface Target {
  readonly y: Float64Array;
  /** 2, or 0 for regression. */
  readonly classes: number;
}

/** Parts of the training rows whose targets are kept from each other's encodings. */
const parts = 5;

/**
 * Target encoding (Micci-Barreca, "A Preprocessing Scheme for High-Cardinality Categorical Attributes", 2001) with
 * cross-fitting, as scikit-learn's `TargetEncoder`: (sum of the level's targets + smoothing * mean) / (rows +
 * smoothing). A training row gets what the other four fifths of the training rows say about its level. Levels with fewer than
 * `minLevelRows` training rows, and unseen ones, get the mean: a lone row's target could be read off the model.
 */
export function fitTargetMean(
  table: Table,
  rows: Int32Array,
  recipe: Extract<FeatureRecipe, { kind: 'target-mean' }>,
  target: Target,
  seed: number,
): { column: TargetMean; values: NumericColumn } {
  const { name, sources, smoothing } = recipe;
  const { codes, levels } = categoryCodes(table, sources[0]);
  const part = dealParts(rows, target, seed);
  const slots = levels.length + 1;
  const sums = Array.from({ length: parts }, () => new Float64Array(slots));
  const counts = Array.from({ length: parts }, () => new Float64Array(slots));
  // Summed by itself, so that what the model keeps does not depend on the parts, not even by rounding.
  const wholeSums = new Float64Array(slots);
  const wholeCounts = new Float64Array(slots);
  rows.forEach((row, i) => {
    const slot = codes[row]! + 1;
    const y = target.y[row]!;
    wholeSums[slot]! += y;
    wholeCounts[slot]!++;
    sums[part[i]!]![slot]! += y;
    counts[part[i]!]![slot]!++;
  });
  const whole = encodingOf([wholeSums], [wholeCounts], null, smoothing);
  const frequent = Array.from({ length: slots }, (_, slot) => slot).filter(
    (slot) => counts.reduce((total, count) => total + count[slot]!, 0) >= minLevelRows,
  );
  const isFrequent = new Set(frequent);
  const values = Float64Array.from(codes, (code) =>
    isFrequent.has(code + 1) ? whole.means[code + 1]! : whole.mean,
  );
  const encodings = Array.from({ length: parts }, (_, own) => encodingOf(sums, counts, own, smoothing));
  rows.forEach((row, i) => {
    const { means, mean } = encodings[part[i]!]!;
    const slot = codes[row]! + 1;
    values[row] = isFrequent.has(slot) ? means[slot]! : mean;
  });
  // A graph's table of levels can't be empty.
  const listed = frequent.length > 0 ? frequent : [0];
  return {
    column: {
      kind: 'target-mean',
      name,
      sources: [...sources],
      levels: listed.map((slot) => (slot === 0 ? '' : levels[slot - 1]!)),
      means: listed.map((slot) => (isFrequent.has(slot) ? whole.means[slot]! : whole.mean)),
      other: whole.mean,
    },
    values: { kind: 'numeric', name, values },
  };
}

/** Part of each row: shuffled, then dealt in turn within each class. */
function dealParts(rows: Int32Array, { y, classes }: Target, seed: number): Uint8Array {
  const order = new Random(seed).shuffle(Int32Array.from(rows.keys()));
  const dealt = new Int32Array(Math.max(classes, 1));
  const part = new Uint8Array(rows.length);
  for (const position of order) {
    const stratum = classes > 0 ? y[rows[position]!]! : 0;
    part[position] = dealt[stratum]!++ % parts;
  }
  return part;
}

interface Encoding {
  /** Of each slot, and over all rows; float32. */
  readonly means: Float32Array;
  readonly mean: number;
}

/** Smoothed means over all parts but the one left out. */
function encodingOf(
  sums: readonly Float64Array[],
  counts: readonly Float64Array[],
  left: number | null,
  smoothing: number,
): Encoding {
  const total = (of: readonly Float64Array[]): Float64Array => {
    const added = new Float64Array(of[0]!.length);
    of.forEach((own, part) => {
      if (part !== left) own.forEach((value, slot) => (added[slot]! += value));
    });
    return added;
  };
  const sum = total(sums);
  const count = total(counts);
  const all = (values: Float64Array): number => values.reduce((whole, value) => whole + value, 0);
  const rows = all(count);
  const mean = rows === 0 ? 0 : all(sum) / rows;
  const means = Float32Array.from(sum, (own, slot) => {
    const weight = count[slot]! + smoothing;
    return weight === 0 ? mean : (own + smoothing * mean) / weight + 0;
  });
  return { means, mean: Math.fround(mean) + 0 };
}
