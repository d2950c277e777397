import type { InputProfile, Profile } from '../contracts/profile.ts';
import type { Table } from '../data/table.ts';
import { fourDigits, histogramOf } from './histogram.ts';
import { outputNames } from './onnx/names.ts';
import type { ModelInput, Pipeline } from './pipeline.ts';
import { categoryCodes, minLevelRows, numberValues } from './preprocessing.ts';
import { outputsOf } from './score.ts';

/**
 * Reference distributions of a model's inputs on the given rows and of its predictions, rows × outputs, for them.
 * @throws UserError DATA_COLUMN when the table doesn't have the model's inputs
 */
export function profileOf(
  pipeline: Pick<Pipeline, 'inputs' | 'classes'>,
  table: Table,
  rows: Int32Array,
  predictions: Float64Array,
): Profile {
  const { inputs, classes } = pipeline;
  const outputs = outputsOf(pipeline);
  const names = classes.length === 0 ? [outputNames.variable] : classes;
  return {
    schema: 'profile/1',
    rows: rows.length,
    inputs: inputs.map((input) => profileInput(input, table, rows)),
    predictions: names.map((name, k) => ({
      name,
      ...histogramOf(predictions.filter((_, i) => i % outputs === k)),
    })),
  };
}

function profileInput({ name, type }: ModelInput, table: Table, rows: Int32Array): InputProfile {
  if (type === 'category') return profileCategory(name, table, rows);
  const all = numberValues(table, name);
  const values = Float64Array.from(rows, (row) => all[row]!);
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  return { name, type, missing, ...histogramOf(values, type === 'date' ? Math.round : fourDigits) };
}

function profileCategory(name: string, table: Table, rows: Int32Array): InputProfile {
  const { codes, levels } = categoryCodes(table, name);
  const counts = new Int32Array(levels.length + 1);
  for (const row of rows) counts[codes[row]! + 1]!++;
  const present = levels
    .map((level, code) => ({ level, count: counts[code + 1]! }))
    .filter(({ count }) => count > 0);
  const named = present.filter(({ count }) => count >= minLevelRows);
  const rare = present.filter(({ count }) => count < minLevelRows);
  return {
    name,
    type: 'category',
    missing: counts[0]!,
    levels: named.sort((a, b) => b.count - a.count),
    rare: { levels: rare.length, count: rare.reduce((total, { count }) => total + count, 0) },
  };
}
