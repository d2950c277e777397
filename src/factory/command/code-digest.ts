import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runsUserCode } from '../../config/program.ts';
import type { Config } from '../../config/schema.ts';
import { wordsOf } from '../../config/words.ts';
import { readFileOrNull } from '../../platform/files.ts';
import { Git } from '../../platform/git.ts';

/**
 * Digest of what a program may depend on: every file that git tracks in the configuration's folder, and those that its
 * command lines name. Left out are the data, whose content has a fingerprint of its own, the configuration, whose
 * relevant part counts by itself, texts (`.md`) and `.github`. Too much rather than too little: a needless training
 * costs minutes, a wrong reuse a wrong verdict. Null where no candidate is a program.
 */
export async function codeDigest(
  config: Config,
  folder: string,
  dataFiles: readonly string[],
): Promise<string | null> {
  const programs = Object.values(config.candidates ?? {}).filter(runsUserCode);
  if (programs.length === 0) return null;
  const named = programs.flatMap(({ run, predict, params, grid }) => [
    ...[run, predict].flatMap((line) => (line === undefined ? [] : wordsOf(line))),
    ...[params['module'], ...(grid?.['module'] ?? [])].filter((name) => typeof name === 'string'),
  ]);
  const left = [...dataFiles, config.validation['fold-file']];
  const names = [...new Set([...(await trackedFiles(folder)), ...named])]
    .filter((name) => !left.includes(name) && !/(^|\/)model-factory\.yml$|\.md$|^\.github\//.test(name))
    .sort();
  const hash = createHash('sha256');
  for (const name of names) {
    const content = await readFileOrNull(join(folder, name)).catch(() => null);
    if (content !== null) hash.update(`${JSON.stringify(name)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Paths below a folder that git tracks, relative to it; none outside a repository. */
async function trackedFiles(folder: string): Promise<string[]> {
  const git = new Git(folder);
  if (!(await git.isRepository())) return [];
  return (await git.run(['ls-files', '-z', '--', '.'])).toString().split('\0').filter(Boolean);
}
