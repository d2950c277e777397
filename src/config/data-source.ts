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

const urlSource = z.strictObject({
  url: z
    .string()
    .max(2048)
    .regex(/^https:\/\/[^@\s/]+\/\S*$/, 'must be an https address without user and password')
    .describe('Public https address of one CSV or Parquet file.'),
  sha256: z
    .union([z.literal('recorded'), z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')])
    .describe(
      'The digest that the file must have, or `recorded` for a file that changes: each run takes what is there and ' +
        'writes the digest into its plan.',
    ),
});

/** Where the rows come from. */
export const dataSourceField = z
  .union([pathField, z.array(pathField).min(1), urlSource, commandSource])
  .describe(
    'Path of the CSV or Parquet file, relative to this file; or a glob or a list of several files with the same ' +
      'columns (data/2024-*.csv), whose rows are put one below the other in the order of the names; or a `url`, or ' +
      'a `command` that fetches them.',
  );

export type DataSource = z.infer<typeof dataSourceField>;
export type UrlSource = z.infer<typeof urlSource>;
export type CommandSource = z.infer<typeof commandSource>;

/** Whether a program fetches the rows. */
export function isCommandSource(source: DataSource): source is CommandSource {
  return typeof source === 'object' && 'command' in source;
}

/** Whether the rows are behind an address. */
export function isUrlSource(source: DataSource): source is UrlSource {
  return typeof source === 'object' && 'url' in source;
}

/** Whether a checkout alone has the rows. */
export function isCommitted(source: DataSource): source is string | string[] {
  return typeof source === 'string' || Array.isArray(source);
}

/** Paths and globs of the files that are read in the end. */
export function sourcePaths(source: Exclude<DataSource, UrlSource>): readonly string[] {
  if (isCommandSource(source)) return [source.output];
  return typeof source === 'string' ? [source] : source;
}

/** The source as messages and reports name it. */
export function sourceName(source: DataSource): string {
  // What follows the question mark may be a key.
  if (isUrlSource(source)) return source.url.replace(/[?#].*$/, '');
  return sourcePaths(source).join(', ');
}
