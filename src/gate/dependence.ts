import { ascendingOrder } from './metrics/weighted.ts';

/**
 * How rows hang together. `grouped`: any number that is equal for rows of one group. `ordered`: a time for each row.
 * Both of length = rows.
 */
export type Dependence =
  | { readonly kind: 'independent' }
  | { readonly kind: 'grouped'; readonly groups: ArrayLike<number> }
  | { readonly kind: 'ordered'; readonly times: Float64Array };

/** What counts as one observation: unit index of each row, 0 … count - 1. */
export interface Units {
  readonly kind: 'rows' | 'groups' | 'time blocks';
  readonly count: number;
  readonly unitOf: Int32Array;
}

/** Rows that are close in time err together: their standard error is 1.3 to 4.1 times that of independent rows. */
export const TIME_BLOCKS = 30;

/** A test over fewer observations than this says nothing. */
export const MIN_UNITS = 30;

/** Rows themselves, groups, or 30 contiguous blocks of rows in time order. */
export function unitsOf(dependence: Dependence, rows: number): Units {
  if (dependence.kind === 'grouped') return groupsOf(dependence.groups, rows);
  const unitOf = new Int32Array(rows);
  if (dependence.kind === 'independent') {
    for (let row = 0; row < rows; row++) unitOf[row] = row;
    return { kind: 'rows', count: rows, unitOf };
  }
  const count = Math.min(TIME_BLOCKS, rows);
  // Rows without a time count as the oldest.
  const order = ascendingOrder(dependence.times.map((time) => (Number.isNaN(time) ? -Infinity : time)));
  for (let i = 0; i < rows; i++) unitOf[order[i]!] = Math.floor((i * count) / rows);
  return { kind: 'time blocks', count, unitOf };
}

function groupsOf(groups: ArrayLike<number>, rows: number): Units {
  const indices = new Map<number, number>();
  const unitOf = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const group = groups[row]!;
    const index = indices.get(group) ?? indices.size;
    indices.set(group, index);
    unitOf[row] = index;
  }
  return { kind: 'groups', count: indices.size, unitOf };
}

/** Mean of the values of each unit; the values themselves where rows are the units. */
export function unitMeans(values: Float64Array, { kind, count, unitOf }: Units): Float64Array {
  if (kind === 'rows') return values;
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let row = 0; row < values.length; row++) {
    sums[unitOf[row]!]! += values[row]!;
    sizes[unitOf[row]!]!++;
  }
  return sums.map((sum, unit) => sum / sizes[unit]!);
}

/** The same structure for rows `rows[i]` alone. */
export function selectDependence(dependence: Dependence, rows: ArrayLike<number>): Dependence {
  if (dependence.kind === 'independent') return dependence;
  if (dependence.kind === 'grouped') {
    const { groups } = dependence;
    return { kind: 'grouped', groups: Array.from(rows, (row) => groups[row]!) };
  }
  return { kind: 'ordered', times: Float64Array.from(rows, (row) => dependence.times[row]!) };
}
