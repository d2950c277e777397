import { selectRows, type Column, type Table } from '../../data/table.ts';
import type { ModelInput, Pipeline } from '../pipeline.ts';
import { categoryCodes, numberValues, requireColumn } from '../preprocessing.ts';
import {
  formulaOf,
  textsOfColumn,
  type Computed,
  type DerivedColumn,
  type TargetMean,
} from './derived-column.ts';
import { evaluate } from './formula.ts';

/** Rows that a formula is evaluated for at once: bounds the memory of its steps. */
const chunkRows = 4096;

/**
 * The table with derived columns after its own, in their order. Numbers and booleans enter as float32, dates as they are.
 * @throws UserError DATA_COLUMN where a source is missing or of another kind
 */
export function withDerived(
  table: Table,
  inputs: readonly ModelInput[],
  derived: readonly DerivedColumn[],
): Table {
  const dates = dateNames(inputs);
  return derived.reduce<Table>(
    (known, column) => ({ rows: known.rows, columns: [...known.columns, derive(known, dates, column)] }),
    table,
  );
}

/** Rows of a table as the steps of a pipeline read them: the columns that they need, the derived ones among them. */
export function rowsWithDerived(
  table: Table,
  rows: Int32Array,
  { inputs, steps, derived = [] }: Pick<Pipeline, 'inputs' | 'steps' | 'derived'>,
): Table {
  const computed = new Set(derived.map(({ name }) => name));
  const wanted = new Set([
    ...steps.map(({ input }) => input),
    ...derived.flatMap(({ sources }): readonly string[] => sources),
  ]);
  const columns = [...wanted].filter((name) => !computed.has(name)).map((name) => requireColumn(table, name));
  return withDerived(selectRows({ rows: table.rows, columns }, rows), inputs, derived);
}

/** Names of the inputs that are dates. */
export function dateNames(inputs: readonly ModelInput[]): ReadonlySet<string> {
  return new Set(inputs.filter(({ type }) => type === 'date').map(({ name }) => name));
}

/** What derived columns give, as inputs of the steps. */
export function derivedInputs(derived: readonly DerivedColumn[]): ModelInput[] {
  return derived.map((column) => ({
    name: column.name,
    type: textsOfColumn(column) === null ? 'number' : 'category',
  }));
}

/** One derived column for every row of the table. */
export function derive(table: Table, dates: ReadonlySet<string>, column: DerivedColumn): Column {
  if (column.kind === 'target-mean') return meansColumn(table, column);
  const values = numbersFor(table, dates, column);
  const texts = textsOfColumn(column);
  if (texts === null) return { kind: 'numeric', name: column.name, values };
  const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value - texts.first));
  return { kind: 'categorical', name: column.name, codes, levels: texts.texts };
}

function numbersFor(table: Table, dates: ReadonlySet<string>, column: Computed): Float64Array {
  const formula = formulaOf(column);
  const sources = column.sources.map((name) => ({
    values: numberValues(table, name),
    exact: dates.has(name),
  }));
  const values = new Float64Array(table.rows);
  for (let start = 0; start < table.rows; start += chunkRows) {
    const end = Math.min(start + chunkRows, table.rows);
    const chunk = sources.map(({ values: all, exact }) => {
      const part = all.slice(start, end);
      return exact ? part : part.map(Math.fround);
    });
    const results = evaluate(formula, chunk, end - start);
    for (let row = start; row < end; row++) values[row] = finiteSingle(results[row - start]!);
  }
  return values;
}

/** To float32; NaN for what isn't finite. */
function finiteSingle(value: number): number {
  const single = Math.fround(value);
  return single + (single - single);
}

function meansColumn(table: Table, { name, sources, levels, means, other }: TargetMean): Column {
  const column = categoryCodes(table, sources[0]);
  const known = new Map(levels.map((level, k) => [level, means[k]!]));
  // Slot 0 is for a missing value.
  const meanOf = Float64Array.from(['', ...column.levels], (level) => known.get(level) ?? other);
  return { kind: 'numeric', name, values: Float64Array.from(column.codes, (code) => meanOf[code + 1]!) };
}
