import { z } from 'zod';

const pathField = z.string().min(1);

/** Where the rows come from. */
export const dataSourceField = z
  .union([pathField, z.array(pathField).min(1)])
  .describe(
    'Path of the CSV or Parquet file, relative to this file; or a glob or a list of several files with the same columns ' +
      '(data/2024-*.csv), whose rows are put one below the other in the order of the names.',
  );

export type DataSource = z.infer<typeof dataSourceField>;

/** The source as messages and reports name it. */
export function sourceName(source: DataSource): string {
  return typeof source === 'string' ? source : source.join(', ');
}
