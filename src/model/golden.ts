import type { Golden } from '../contracts/golden.ts';
import type { InputProfile, Profile } from '../contracts/profile.ts';
import { Random } from '../numeric/random.ts';
import { fourDigits } from './histogram.ts';
import type { Pipeline } from './pipeline.ts';
import { tableOfRows } from './rows.ts';
import { labels, outputsOf } from './score.ts';
import { pipelineScorer, type Scorer } from './scorer.ts';

type Value = Golden['rows'][number][number];

/** A level that no data have. */
const unseen = '(unseen level)';
const goldenRows = 20;
const tolerance = 1e-6;
/** Another tool's model is scored by a library whose version may change. */
const foreignTolerance = 1e-5;

/**
 * Golden rows of a model: drawn from the profile column by column, so no row is anybody's. The first has everything
 * missing, the second only levels that the model doesn't know.
 */
export function goldenOf(pipeline: Pipeline, profile: Profile, seed: number): Golden {
  return goldenFor(pipelineScorer(pipeline), profile, seed);
}

/**
 * Golden rows of any model. One that another tool made is asked only for what it can have met in training: no row
 * without anything, no unknown level, and values are missing only where they were missing in the profile.
 */
export function goldenFor(model: Scorer, profile: Profile, seed: number): Golden {
  const own = model.format === 'onnx';
  const random = new Random(seed);
  const columns = model.inputs.map((input) => input.name);
  const profiles = new Map(profile.inputs.map((input) => [input.name, input]));
  const rows = Array.from({ length: goldenRows }, (_, row) =>
    columns.map((name): Value => {
      const input = profiles.get(name);
      if (!input || (own && row === 0)) return null;
      if (own && row === 1 && input.type === 'category') return unseen;
      return drawValue(random, input, own);
    }),
  );
  const { predictions, outputs } = score(model, rows);
  return {
    schema: 'golden/1',
    seed,
    columns,
    rows,
    labels: model.task === 'regression' ? [] : labels(model, predictions),
    outputs,
    tolerance: own ? tolerance : foreignTolerance,
  };
}

export type GoldenCheck =
  | { readonly kind: 'equal' }
  | {
      readonly kind: 'other-inputs';
      readonly expected: readonly string[];
      readonly actual: readonly string[];
    }
  | {
      readonly kind: 'different';
      /** Golden row, from 1. */
      readonly row: number;
      readonly expected: readonly number[];
      readonly actual: readonly number[];
    };

/** Scores the golden rows again: our own scorer must give the very same numbers, another one may be off a little. */
export function checkGolden(model: Scorer, golden: Golden): GoldenCheck {
  const names = model.inputs.map((input) => input.name);
  if (names.length !== golden.columns.length || names.some((name, i) => name !== golden.columns[i]))
    return { kind: 'other-inputs', expected: golden.columns, actual: names };
  const { outputs } = score(model, golden.rows);
  const allowed = (expected: number): number =>
    model.format === 'onnx'
      ? 0
      : golden.tolerance * (model.task === 'regression' ? Math.max(1, Math.abs(expected)) : 1);
  for (const [row, actual] of outputs.entries()) {
    const expected = golden.outputs[row] ?? [];
    if (
      actual.length !== expected.length ||
      actual.some((value, k) => !isNear(value, expected[k]!, allowed(expected[k]!)))
    )
      return { kind: 'different', row: row + 1, expected, actual };
  }
  return { kind: 'equal' };
}

function isNear(value: number, expected: number, allowed: number): boolean {
  return value === expected || Math.abs(value - expected) <= allowed;
}

function score(model: Scorer, rows: readonly (readonly Value[])[]) {
  const table = tableOfRows(model.inputs, rows);
  const predictions = model.score(
    table,
    Int32Array.from(rows, (_, row) => row),
  );
  const width = outputsOf(model);
  const outputs = rows.map((_, row) => [...predictions.subarray(row * width, (row + 1) * width)]);
  return { predictions, outputs };
}

/** With `own` at least one value in twelve is missing, so that golden rows meet that case in each column. */
function drawValue(random: Random, input: InputProfile, own: boolean): Value {
  const known = input.type === 'category' ? [...levelCounts(input)] : input.counts;
  const total = known.reduce((sum, count) => sum + count, 0);
  const missing = Math.max(input.missing / Math.max(input.missing + total, 1), own ? 1 / 12 : 0);
  if (total === 0 || random.next() < missing) return null;
  const drawn = drawIndex(random, known, total);
  if (input.type === 'category')
    return input.levels[drawn]?.level ?? (own ? unseen : (input.levels[0]?.level ?? null));
  if (input.type === 'boolean') return input.edges.length === 1 ? drawn : random.integer(2);
  const value = drawInBin(random, input.edges, drawn);
  return (input.type === 'date' ? Math.round(value) : fourDigits(value)) + 0;
}

function levelCounts({ levels, rare }: Extract<InputProfile, { type: 'category' }>): number[] {
  return [...levels.map(({ count }) => count), rare.count];
}

function drawIndex(random: Random, counts: readonly number[], total: number): number {
  let rest = random.integer(total);
  const index = counts.findIndex((count) => (rest -= count) < 0);
  return index;
}

/** A number in a bin; an open one is taken as wide as its neighbour. */
function drawInBin(random: Random, edges: readonly number[], bin: number): number {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const width = edges.length > 1 ? (last - first) / (edges.length - 1) : 1;
  const low = edges[bin - 1] ?? first - width;
  const high = edges[bin] ?? last + width;
  return low + (high - low) * random.next();
}
