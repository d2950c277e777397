import { dirname } from 'node:path';
import type { CheckOptions } from '../data/check.ts';
import { profileTable, type TableProfile } from '../data/profile.ts';
import { readUnknownTable, type Format, type KnownFormat } from './init/read-table.ts';
import { openProject } from './project.ts';
import { readTable } from './source.ts';

export interface ProfileOptions {
  /** Target and roles of the columns; null = nothing is said about the task. */
  readonly check: Omit<CheckOptions, 'file'> | null;
  /** How the file is written, as far as it is known; the rest is found out. */
  readonly format: KnownFormat;
}

export interface FileProfile {
  readonly profile: TableProfile;
  /** What was found out about how the file is written; keys as under `data` in the configuration. */
  readonly found: Format;
}

/**
 * Profiles a CSV file. `shown` is its name in messages.
 * @throws UserError DATA_MISSING, DATA_DVC_POINTER and the faults of reading CSV; faults of the content are in the profile
 */
export async function profileFile(
  path: string,
  shown: string,
  { check, format: known }: ProfileOptions,
): Promise<FileProfile> {
  const { read, format, unreadable } = await readUnknownTable(path, shown, known);
  const drop = [...(check?.drop ?? []), ...unreadable.map(({ name }) => name)];
  const profile = profileTable(read, {
    file: shown,
    check: check ? { ...check, file: shown, drop } : undefined,
  });
  const notices = unreadable.map(({ name, why }) => ({
    ...{ code: 'THOUSANDS_SEPARATOR', column: name, message: why },
    fix: 'Write 1234,5 rather than 1.234,5 in the file, or leave the column out with data.drop.',
  }));
  return { profile: { ...profile, notices: [...notices, ...profile.notices] }, found: format };
}

/** Profiles the data of a configuration as a run reads it. @throws UserError as a run does before the check */
export async function profileProject(configFile: string): Promise<FileProfile> {
  const { config } = (await openProject(configFile)).loaded;
  const { read, origin, recipes } = await readTable(config, dirname(configFile));
  const check = { ...config.data, ...origin, task: config.task, recipes };
  return { profile: profileTable(read, { file: origin.file, check }), found: {} };
}
