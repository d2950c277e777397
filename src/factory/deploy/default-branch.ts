import { loadConfig, type LoadedConfig } from '../../config/load.ts';
import { nearest } from '../../config/nearest.ts';
import type { DeployConfig } from '../../config/schema.ts';
import { UserError } from '../../errors/user-error.ts';
import { catalogue } from '../catalogue.ts';

/** The configuration as the default branch has it: what decides where a version may go. */
export interface DefaultConfig extends LoadedConfig {
  readonly branch: string;
}

/**
 * Reads the configuration of the default branch. `text` null = there is no such file.
 * @throws UserError CONFIG_MISSING, CONFIG_SYNTAX, CONFIG_INVALID
 */
export function loadDefaultConfig(text: string | null, path: string, branch: string): DefaultConfig {
  const file = `${path} (${branch})`;
  if (text !== null) return { ...loadConfig(text, file, catalogue), branch };
  throw new UserError({
    code: 'CONFIG_MISSING',
    message: `the default branch ${branch} has no configuration`,
    at: { file: path },
    fix: 'Where a version may go is read from there: merge the configuration, or name another one.',
  });
}

/**
 * How a model is deployed to a stage.
 * @throws UserError STAGE_UNKNOWN with the nearest stage, CONFIG_INVALID for another model's configuration
 */
export function deployConfigOf(loaded: DefaultConfig, model: string, stage: string): DeployConfig {
  const { config, branch, placeOf } = loaded;
  if (config.model !== model)
    throw new UserError({
      code: 'CONFIG_INVALID',
      message: `the configuration is that of the model ${config.model}, not of ${model}`,
      at: placeOf(['model']),
      fix: `Name the configuration of ${model}.`,
    });
  const found = config.deploy[stage];
  if (found) return found;
  const stages = Object.keys(config.deploy);
  const close = nearest(stage, stages);
  const example = `deploy: { ${stage}: { target: command, run: "./deploy.sh" } }`;
  throw new UserError({
    code: 'STAGE_UNKNOWN',
    message: `the configuration on ${branch} has no stage "${stage}"`,
    at: placeOf(['deploy']),
    fix: [
      ...(close === undefined ? [] : [`Did you mean "${close}"?`]),
      stages.length > 0 ? `Stages: ${stages.join(', ')}.` : `Add one on ${branch}, e.g. ${example}.`,
    ].join(' '),
  });
}
