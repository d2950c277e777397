import { z } from 'zod';
import { environmentNameField } from '../contracts/fields.ts';
import { commandField } from './words.ts';

const pathField = z.string().min(1);

const commandSource = z.strictObject({
  command: commandField.describe(
    'Program that fetches the data: runs once in the folder of this file before anything is read, without a shell.',
  ),
  output: pathField.describe('The file, or a glob of the files, that it leaves.'),
  env: z
    .array(environmentNameField)
    .default([])
    .describe('Variables that it needs beside the usual ones, such as credentials. No others are passed.'),
  'timeout-minutes': z.number().positive().max(360).default(10).describe('Longest time that it may take.'),
});

/** Where the rows come from. */
export const dataSourceField = z
  .union([pathField, z.array(pathField).min(1), commandSource])
  .describe(
    'Path of the CSV or Parquet file, relative to this file; or a glob or a list of several files with the same ' +
      'columns (data/2024-*.csv), whose rows are put one below the other in the order of the names; or a `command` ' +
      'that fetches them.',
  );

export type DataSource = z.infer<typeof dataSourceField>;
export type CommandSource = z.infer<typeof commandSource>;

/** Whether a program fetches the rows. */
export function isCommandSource(source: DataSource): source is CommandSource {
  return typeof source === 'object' && 'command' in source;
}

/** Paths and globs of the files that are read in the end. */
export function sourcePaths(source: DataSource): readonly string[] {
  if (isCommandSource(source)) return [source.output];
  return typeof source === 'string' ? [source] : source;
}

/** The source as messages and reports name it. */
export function sourceName(source: DataSource): string {
  return sourcePaths(source).join(', ');
}
