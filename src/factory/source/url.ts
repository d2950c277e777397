import { homedir } from 'node:os';
import { join } from 'node:path';
import { sourceName, type UrlSource } from '../../config/data-source.ts';
import { UserError } from '../../errors/user-error.ts';
import { download, type Downloaded, type Fetch } from '../../platform/download.ts';
import { isRegularFile } from '../../platform/files.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import type { DataFile } from './files.ts';

const largestBytes = 10_000_000_000;
const timeLimitMs = 30 * 60_000;

/** What was downloaded in this process: all sides of a comparison read the same bytes. */
const recorded = new Map<string, Promise<Downloaded>>();

/**
 * The file behind an address, from the cache where that has it. A pinned file is used only when its digest is right; a
 * recorded one is downloaded once in each process, and the plan holds its digest.
 * @throws UserError DATA_URL_FAILED, DATA_URL_DIGEST
 */
export async function fetchByUrl(source: UrlSource, fetch?: Fetch): Promise<DataFile> {
  const { url, sha256 } = source;
  const shown = sourceName(source);
  const folder = cacheFolder();
  const isPinned = sha256 !== 'recorded';
  const kept = join(folder, sha256);
  if (isPinned && (await isRegularFile(kept)) && (await fileDigest(kept)) === sha256)
    return { shown, path: kept };
  const start = (): Promise<Downloaded> =>
    download({ url, folder, largestBytes, timeLimitMs, expected: isPinned ? sha256 : null, fetch });
  const running = isPinned ? start() : (recorded.get(url) ?? start());
  if (!isPinned) recorded.set(url, running);
  const outcome = await running;
  switch (outcome.kind) {
    case 'downloaded':
      return { shown, path: outcome.path };
    case 'other-digest':
      throw new UserError({
        code: 'DATA_URL_DIGEST',
        message: `the file has the SHA-256 ${outcome.sha256}, not ${sha256}`,
        at: { file: shown, name: 'data.source.sha256' },
        fix:
          'If the new content is wanted, write its digest into the configuration; else ask who keeps the file, and ' +
          'prefer an address that names a version.',
      });
    case 'failed':
      throw new UserError({
        code: 'DATA_URL_FAILED',
        message: `the file can not be downloaded: ${outcome.why}`,
        at: { file: shown, name: 'data.source.url' },
        fix:
          'The address must be public, https and answer without a login. For data that need one, or lie in your own ' +
          'network, use a `command` source, or let a step before the factory fetch them.',
      });
  }
}

/** Files by their digest, kept between the steps of a job or the runs on a laptop. */
function cacheFolder(): string {
  const { RUNNER_TEMP, XDG_CACHE_HOME } = process.env;
  return join(RUNNER_TEMP ?? XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'model-factory', 'data');
}
