import type { Column, Table } from '../data/table.ts';
import { UserError } from '../errors/user-error.ts';
import type { ModelInput } from './pipeline.ts';

/** A value that a caller sends: null = missing. */
export type Cell = number | string | boolean | null;

/**
 * A table of a model's inputs from rows of values in the inputs' order.
 * @throws UserError DATA_COLUMN for a value of the wrong type, with its row and column
 */
export function tableOfRows(inputs: readonly ModelInput[], rows: readonly (readonly Cell[])[]): Table {
  return {
    rows: rows.length,
    columns: inputs.map((input, i) =>
      columnOf(
        input,
        rows.map((row) => row[i] ?? null),
      ),
    ),
  };
}

function columnOf({ name, type }: ModelInput, cells: readonly Cell[]): Column {
  if (type !== 'category') {
    const values = Float64Array.from(cells, (cell, row) => {
      if (cell === null) return NaN;
      if (typeof cell === 'number') return cell;
      if (typeof cell === 'boolean' && type === 'boolean') return Number(cell);
      throw wrongType(name, row, `a ${type}`, cell);
    });
    return { kind: type === 'number' ? 'numeric' : type, name, values };
  }
  const texts = cells.map((cell, row) => {
    if (cell === null || typeof cell === 'string') return cell ?? '';
    throw wrongType(name, row, 'text', cell);
  });
  const levels = [...new Set(texts)].filter((text) => text !== '');
  const codes = new Map(levels.map((level, code) => [level, code]));
  return {
    kind: 'categorical',
    name,
    codes: Int32Array.from(texts, (text) => codes.get(text) ?? -1),
    levels,
  };
}

function wrongType(name: string, row: number, expected: string, cell: Cell): UserError {
  return new UserError({
    code: 'DATA_COLUMN',
    message: `the model expects ${expected}, got ${JSON.stringify(cell)}`,
    at: { name, row: row + 1 },
    fix: 'Send each value in the type that `signature.json` names; null stands for a missing one.',
  });
}
