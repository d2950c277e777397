import { profileTable, type TableProfile } from '../data/profile.ts';
import { readCsv } from '../data/read-csv.ts';
import { streamFile } from '../platform/files.ts';
import { requireData } from './source-files.ts';

export interface ProfileOptions {
  /** Without a target nothing is said about the task. */
  readonly target?: string | undefined;
  readonly positive?: string | undefined;
  readonly drop?: readonly string[] | undefined;
}

/**
 * Profiles a CSV file. `shown` is its name in messages.
 * @throws UserError DATA_MISSING, DATA_DVC_POINTER and the faults of reading CSV; faults of the content are in the profile
 */
export async function profileFile(
  path: string,
  shown: string,
  { target, positive, drop }: ProfileOptions,
): Promise<TableProfile> {
  await requireData(path, shown, 'Check the path.');
  const read = await readCsv(streamFile(path), { file: shown });
  const check = target === undefined ? undefined : { file: shown, target, positive, drop };
  return profileTable(read, { file: shown, check });
}
