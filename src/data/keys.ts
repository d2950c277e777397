import { columnFacts } from './column-facts.ts';
import type { ReadTable } from './read-csv.ts';
import { findRawColumn } from './raw-table.ts';
import { RowWriter } from './row-writer.ts';

/** Pairs are tried among so many columns: those with the most different values. */
const pairColumns = 12;

/**
 * Columns that could be a key: a value in each row and none twice, texts, whole numbers or dates. When there are none,
 * the pairs of such columns that identify each row. The target is left out.
 */
export function findKeys({ table, raw }: ReadTable, target: string | undefined): string[][] {
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const candidates = table.columns
    .filter(({ name }) => name !== target)
    .map((column) => ({ column, facts: columnFacts(column, rows) }))
    .filter(
      ({ column: { kind }, facts }) => facts.missing === 0 && (kind !== 'numeric' || facts.wholeNumbers),
    )
    .map(({ column: { name }, facts }) => ({ name, distinct: facts.distinct }));
  const single = candidates.filter(({ distinct }) => distinct === table.rows);
  if (single.length > 0) return single.map(({ name }) => [name]);
  const widest = candidates.sort((a, b) => b.distinct - a.distinct).slice(0, pairColumns);
  return widest.flatMap((first, i) =>
    widest
      .slice(i + 1)
      .filter((second) => first.distinct * second.distinct >= table.rows)
      .map((second) => [first.name, second.name])
      .filter((names) => isUnique(names)),
  );

  function isUnique(names: readonly string[]): boolean {
    const writer = new RowWriter(names.map((name) => findRawColumn(raw, name)!));
    const seen = new Set<string>();
    return rows.every((row) => {
      const cells = Buffer.from(writer.write(row)).toString('latin1');
      if (seen.has(cells)) return false;
      seen.add(cells);
      return true;
    });
  }
}
