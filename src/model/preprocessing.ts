import type { CategoricalColumn, Column, Table } from '../data/table.ts';
import { findColumn } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import { medianInPlace } from './median.ts';
import type { CategoryStep, Feature, ModelInput, NumberStep, Step } from './pipeline.ts';
import { featuresOf } from './pipeline.ts';

/** Levels with fewer rows than this are pooled as "rare": they would be noise, and they could name a person. */
export const minLevelRows = 10;

/** What the model wants to be told: the named columns, in that order, with the types that they have in the table. */
export function inputsOf(table: Table, names: readonly string[]): ModelInput[] {
  return names.map((name) => {
    const { kind } = requireColumn(table, name);
    if (kind === 'categorical') return { name, type: 'category' };
    return { name, type: kind === 'numeric' ? 'number' : kind };
  });
}

/**
 * Fits the pre-processing on the given rows alone. `standard`: numbers get the median for missing and are
 * standardised (population deviation, after imputation), categories become one-hot, or codes from `codesFrom` levels
 * on. `native`: numbers as they are,
 * categories become codes. `none`: no features. Numbers come first, so that the encoded matrix has one block of them,
 * then what is one-hot, then codes; a category without any level of `minLevelRows` rows carries nothing and gives no feature.
 * @throws UserError DATA_COLUMN when nothing is left to learn from
 */
export function fitSteps(
  table: Table,
  rows: Int32Array,
  inputs: readonly ModelInput[],
  encoding: 'standard' | 'native' | 'none',
  codesFrom = Infinity,
): Step[] {
  if (encoding === 'none') return [];
  const numbers: Step[] = [];
  const categories: CategoryStep[] = [];
  const fewest = encoding === 'native' ? 0 : codesFrom;
  for (const { name } of inputs) {
    const column = requireColumn(table, name);
    if (column.kind !== 'categorical')
      numbers.push(encoding === 'native' ? rawNumber(name) : standardNumber(name, column.values, rows));
    else {
      const levels = frequentLevels(column, rows);
      if (levels.length > 0)
        categories.push({
          kind: 'category',
          input: name,
          levels,
          encoding: levels.length >= fewest ? 'code' : 'one-hot',
        });
    }
  }
  if (numbers.length + categories.length === 0)
    throw new UserError({
      code: 'DATA_COLUMN',
      message: `no column can be learnt from: each is text without a value that ${minLevelRows} training rows share`,
      fix: 'Keep a numeric column, or one whose values repeat, or give more rows.',
    });
  const isCode = ({ encoding }: CategoryStep): boolean => encoding === 'code';
  return [...numbers, ...categories.filter((step) => !isCode(step)), ...categories.filter(isCode)];
}

function rawNumber(input: string): NumberStep {
  return { kind: 'number', input, impute: null, offset: 0, scale: 1 };
}

function standardNumber(input: string, values: Float64Array, rows: Int32Array): NumberStep {
  const known = new Float32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = Math.fround(values[rows[i]!]!);
    if (Number.isFinite(value)) known[count++] = value;
  }
  if (count === 0) return { kind: 'number', input, impute: 0, offset: 0, scale: 1 };
  const present = known.subarray(0, count);
  const impute = Math.fround(medianInPlace(present));
  const imputed = rows.length - count;
  let total = impute * imputed;
  for (let i = 0; i < count; i++) total += present[i]!;
  const mean = total / rows.length;
  let squares = imputed * (impute - mean) * (impute - mean);
  let constant = true;
  for (let i = 0; i < count; i++) {
    const difference = present[i]! - mean;
    squares += difference * difference;
    constant &&= present[i] === impute;
  }
  const scale = constant ? 1 : Math.fround(1 / Math.sqrt(squares / rows.length));
  return {
    kind: 'number',
    input,
    impute,
    offset: Math.fround(mean),
    scale: Number.isFinite(scale) ? scale : 1,
  };
}

function frequentLevels(column: CategoricalColumn, rows: Int32Array): string[] {
  const counts = new Int32Array(column.levels.length + 1);
  for (let i = 0; i < rows.length; i++) counts[column.codes[rows[i]!]! + 1]!++;
  const frequent = column.levels.filter((level, code) => level !== '' && counts[code + 1]! >= minLevelRows);
  return counts[0]! >= minLevelRows ? ['', ...frequent] : frequent;
}

/** Encoded rows: `x` is row-major, rows.length × features.length, missing = NaN where a step lets it through. */
export interface Encoded {
  readonly x: Float32Array;
  readonly features: readonly Feature[];
}

/** Rows per block of `encode`: a block of a wide matrix stays in the processor's cache. */
const blockRows = 256;

/**
 * Applies fitted steps to rows of a table, which needn't be the one they were fitted on: levels are matched by text.
 * @throws UserError DATA_COLUMN when a column is missing or holds text where numbers are expected, or the reverse
 */
export function encode(table: Table, rows: Int32Array, steps: readonly Step[]): Encoded {
  const features = featuresOf(steps);
  const width = features.length;
  const x = new Float32Array(rows.length * width);
  const writers = steps.map((step) => writerOf(step, requireColumn(table, step.input)));
  for (let start = 0; start < rows.length; start += blockRows) {
    const end = Math.min(start + blockRows, rows.length);
    let first = 0;
    for (const { features, write } of writers) {
      write(x, width, first, rows, start, end);
      first += features;
    }
  }
  return { x, features };
}

/** Writes the features of rows[start … end-1], beginning at column `first` of `x`. */
type Write = (
  x: Float32Array,
  width: number,
  first: number,
  rows: Int32Array,
  start: number,
  end: number,
) => void;

function writerOf(step: Step, column: Column): { features: number; write: Write } {
  if (step.kind === 'number') return { features: 1, write: numberWriter(step, numbersOf(column)) };
  const { codes, levels } = textsOf(column);
  const known = new Map(step.levels.map((level, code) => [level, code]));
  // Slot 0 is for a missing value.
  const map = Int32Array.from(['', ...levels], (level) => known.get(level) ?? step.levels.length);
  if (step.encoding === 'code') return { features: 1, write: codeWriter(codes, map) };
  return { features: step.levels.length + 1, write: oneHotWriter(codes, map) };
}

function numberWriter({ impute, offset, scale }: NumberStep, values: Float64Array): Write {
  const missing = impute ?? NaN;
  const fround = Math.fround;
  return (x, width, first, rows, start, end) => {
    for (let i = start, cell = start * width + first; i < end; i++, cell += width) {
      const value = fround(values[rows[i]!]!);
      x[cell] = fround((value === value ? value : missing) - offset) * scale;
    }
  };
}

function codeWriter(codes: Int32Array, map: Int32Array): Write {
  return (x, width, first, rows, start, end) => {
    for (let i = start, cell = start * width + first; i < end; i++, cell += width)
      x[cell] = map[codes[rows[i]!]! + 1]!;
  };
}

function oneHotWriter(codes: Int32Array, map: Int32Array): Write {
  return (x, width, first, rows, start, end) => {
    for (let i = start, cell = start * width + first; i < end; i++, cell += width)
      x[cell + map[codes[rows[i]!]! + 1]!] = 1;
  };
}

/**
 * Numbers of an input's column, missing = NaN.
 * @throws UserError DATA_COLUMN
 */
export function numberValues(table: Table, name: string): Float64Array {
  return numbersOf(requireColumn(table, name));
}

/**
 * Texts of an input's column as codes of its levels, missing = -1.
 * @throws UserError DATA_COLUMN
 */
export function categoryCodes(table: Table, name: string): Pick<CategoricalColumn, 'codes' | 'levels'> {
  return textsOf(requireColumn(table, name));
}

/** The numbers of a column. A file whose column is empty throughout reads as text without levels. */
function numbersOf(column: Column): Float64Array {
  if (column.kind !== 'categorical') return column.values;
  if (column.levels.length === 0) return new Float64Array(column.codes.length).fill(NaN);
  throw new UserError({
    code: 'DATA_COLUMN',
    message: `the model expects numbers, but the column holds text such as "${column.levels[0]}"`,
    at: { name: column.name },
    fix: 'Correct the values, add the text to `data.missing` if it stands for a missing value, or retrain.',
  });
}

/** The texts of a column. A file whose column is empty throughout may also have been read as numbers. */
function textsOf(column: Column): Pick<CategoricalColumn, 'codes' | 'levels'> {
  if (column.kind === 'categorical') return column;
  if (column.values.every(Number.isNaN))
    return { codes: new Int32Array(column.values.length).fill(-1), levels: [] };
  throw new UserError({
    code: 'DATA_COLUMN',
    message: `the model expects a category, but the column holds ${column.kind} values`,
    at: { name: column.name },
    fix: `Set \`types: { ${column.name}: categorical }\` under \`data\`, or retrain.`,
  });
}

/** The column of that name. @throws UserError DATA_COLUMN */
export function requireColumn(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (column) return column;
  throw new UserError({
    code: 'DATA_COLUMN',
    message: 'the data lack a column that the model needs',
    at: { name },
    fix: 'Add the column to the data, or retrain the model without it.',
  });
}
