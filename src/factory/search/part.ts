import { hexOf } from '../../data/identity.ts';
import { catalogue } from '../catalogue.ts';
import type { Promotion } from '../../contracts/ledger.ts';
import type { Prepared } from '../prepared.ts';

/**
 * A share of the rows, the same share of every class, ascending. Which ones depends on what identifies a row (or its
 * group) alone, and a larger share holds a smaller one.
 */
export function partOfRows(
  { dataset, identities, units }: Pick<Prepared, 'dataset' | 'identities' | 'units'>,
  rows: Int32Array,
  share: number,
): Int32Array {
  const classes = new Map<number, number[]>();
  for (const row of rows) {
    const label = dataset.classes.length > 0 ? dataset.y[row]! : 0;
    const own = classes.get(label);
    if (own) own.push(row);
    else classes.set(label, [row]);
  }
  const taken = [...classes.values()].flatMap((own) => {
    const keyed = own.map((row) => ({ row, key: hexOf(units ?? identities, row) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.row - b.row));
    return keyed.slice(0, Math.ceil(share * own.length)).map(({ row }) => row);
  });
  return Int32Array.from(taken).sort();
}

/** The whole of a resource that is a parameter: as written, or the trainer's default. */
export function resourceOf(
  { trainer, params }: Pick<Promotion['recipe'], 'trainer' | 'params'>,
  resource: string,
): number {
  const parsed: unknown = catalogue.trainers.get(trainer)?.safeParse(params).data ?? params;
  const entries: [string, unknown][] = Object.entries(parsed ?? {});
  const value = entries.find(([key]) => key === resource)?.[1];
  return typeof value === 'number' ? value : 0;
}
