import { relative, resolve } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { matchFiles } from '../platform/files.ts';

/** Whether `config` can name several models: a glob, or more than one line. */
export function namesSeveral(config: string): boolean {
  return lines(config).length > 1 || isGlob(config);
}

/**
 * Absolute paths of the configurations that `config` names, each once, globs in the order of their paths.
 * @throws UserError CONFIG_MISSING where a glob matches nothing
 */
export async function configFilesIn(folder: string, config: string): Promise<string[]> {
  const found: string[] = [];
  for (const line of lines(config)) {
    const files = isGlob(line) ? await matchFiles(folder, line) : [line];
    if (files.length === 0) throw nothingMatches(folder, line);
    found.push(...files.map((file) => resolve(folder, file)));
  }
  return [...new Set(found)];
}

function lines(config: string): string[] {
  return config
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

function nothingMatches(folder: string, pattern: string): UserError {
  const from = relative(process.cwd(), folder) || '.';
  return new UserError({
    code: 'CONFIG_MISSING',
    message: `no file matches ${pattern}`,
    at: { file: from },
    fix: 'Check the pattern: it counts from working-directory, e.g. models/*/model-factory.yml.',
  });
}
