import { selectRows, type Column, type Table } from '../data/table.ts';
import { Random } from '../numeric/random.ts';

/** The table with one column's values in another order. */
export function shuffled({ rows, columns }: Table, name: string, seed: number): Table {
  const order = new Random(seed).shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  const inOrder = (column: Column): Column =>
    column.name === name ? selectRows({ rows, columns: [column] }, order).columns[0]! : column;
  return { rows, columns: columns.map(inOrder) };
}

/** Tables of the same columns, one below the other. */
export function stack(tables: readonly Table[]): Table {
  const [first] = tables;
  if (first === undefined || tables.length === 1) return first ?? { rows: 0, columns: [] };
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns = first.columns.map((column, j): Column => {
    if (column.kind === 'categorical') {
      const codes = new Int32Array(rows);
      tables.forEach((table, i) => {
        const own = table.columns[j]!;
        if (own.kind === 'categorical') codes.set(own.codes, i * first.rows);
      });
      return { ...column, codes };
    }
    const values = new Float64Array(rows);
    tables.forEach((table, i) => {
      const own = table.columns[j]!;
      if (own.kind !== 'categorical') values.set(own.values, i * first.rows);
    });
    return { ...column, values };
  });
  return { rows, columns };
}
