import type { Fault } from '../errors/user-error.ts';
import { placeOfRow, type Origin } from './parts.ts';
import type { Column } from './table.ts';

/** Weights within these bounds keep every sum of them exact enough to divide by. */
const bounds = { least: 1e-9, most: 1e9 } as const;

/** Why a column can't say what rows count for: it isn't numbers, or the first of `rows` without a usable one. */
export function weightFaults(column: Column, rows: Int32Array, origin: Origin): Fault[] {
  const { name } = column;
  if (column.kind === 'categorical' || column.kind === 'date')
    return [
      {
        code: 'DATA_COLUMN',
        message: `The weight column holds ${column.kind === 'date' ? 'dates' : 'texts'}, not numbers.`,
        at: { file: origin.file, name },
        fix: 'Name a column of positive numbers in data.weight.',
      },
    ];
  const { values } = column;
  const row = rows.find((at) => !(values[at]! >= bounds.least && values[at]! <= bounds.most));
  if (row === undefined) return [];
  const value = values[row]!;
  const what = Number.isNaN(value) ? 'has no value' : `is ${value}`;
  return [
    {
      code: 'DATA_COLUMN',
      message: `The weight ${what} in this row; it must be a number from ${bounds.least} to ${bounds.most}.`,
      at: { ...placeOfRow(origin, row), name },
      fix:
        value === 0
          ? 'Remove rows that count for nothing, or remove data.weight.'
          : 'Give each row a positive weight, or remove data.weight.',
    },
  ];
}

/** Weights of the given rows, from a column without `weightFaults`. */
export function weightsOf(column: Column, rows: Int32Array): Float64Array {
  if (column.kind === 'categorical') throw new Error(`${column.name} holds no numbers`);
  return Float64Array.from(rows, (row) => column.values[row]!);
}
