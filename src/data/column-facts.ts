import type { Column } from './table.ts';

/** What a column holds in the given rows. */
export interface ColumnFacts {
  /** Rows with a value. */
  readonly present: number;
  readonly missing: number;
  /** Different values, missing not counted. */
  readonly distinct: number;
  readonly wholeNumbers: boolean;
  /** Each value is greater than the one in the row before; false when one is missing. */
  readonly increasing: boolean;
}

/** Counts over `rows` of a column. */
export function columnFacts(column: Column, rows: Int32Array): ColumnFacts {
  return column.kind === 'categorical'
    ? levelFacts(column.codes, column.levels.length, rows)
    : numberFacts(column, rows);
}

function levelFacts(codes: Int32Array, levels: number, rows: Int32Array): ColumnFacts {
  const seen = new Uint8Array(levels);
  let present = 0;
  for (const row of rows) {
    const code = codes[row]!;
    if (code < 0) continue;
    seen[code] = 1;
    present++;
  }
  const distinct = seen.reduce((sum, flag) => sum + flag, 0);
  return { present, missing: rows.length - present, distinct, wholeNumbers: false, increasing: false };
}

function numberFacts(
  { kind, values }: { kind: string; values: Float64Array },
  rows: Int32Array,
): ColumnFacts {
  const known = new Float64Array(rows.length);
  let present = 0;
  let whole = kind === 'numeric';
  let increasing = rows.length > 1;
  let before = -Infinity;
  for (const row of rows) {
    const value = values[row]!;
    increasing &&= value > before;
    before = value;
    if (Number.isNaN(value)) continue;
    known[present++] = value;
    whole &&= Number.isInteger(value);
  }
  const distinct = countDistinct(known.subarray(0, present), increasing);
  return { present, missing: rows.length - present, distinct, wholeNumbers: whole, increasing };
}

/** How many different values there are; a set of all would take several times their memory. */
function countDistinct(values: Float64Array, increasing: boolean): number {
  if (increasing) return values.length;
  values.sort();
  let distinct = values.length > 0 ? 1 : 0;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) distinct++;
  return distinct;
}
