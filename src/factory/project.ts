import { dirname, relative } from 'node:path';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { UserError } from '../errors/user-error.ts';
import { readFileOrNull } from '../platform/files.ts';
import { catalogue } from './catalogue.ts';

/** A configuration on disk; its data paths are relative to its folder. */
export interface Project {
  readonly loaded: LoadedConfig;
  /** Absolute folder of the configuration file. */
  readonly folder: string;
}

/** Reads the configuration at an absolute path, or null where there is none. `shown` is its name in messages. */
export async function openProjectIfThere(configFile: string, shown: string): Promise<Project | null> {
  const bytes = await readFileOrNull(configFile);
  return bytes === null
    ? null
    : { loaded: loadConfig(bytes.toString(), shown, catalogue), folder: dirname(configFile) };
}

/** @throws UserError CONFIG_MISSING */
export async function openProject(configFile: string): Promise<Project> {
  const shown = relative(process.cwd(), configFile) || configFile;
  const project = await openProjectIfThere(configFile, shown);
  if (project) return project;
  throw new UserError({
    code: 'CONFIG_MISSING',
    message: 'there is no configuration',
    at: { file: shown },
    fix:
      'Create it (version, model, data.source and data.target are enough) or name another: --config FILE, in a workflow ' +
      'the inputs `config` and `working-directory`.',
  });
}
