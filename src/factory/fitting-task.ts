import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { metricTaskFaults, trainerTaskFaults } from '../config/task-faults.ts';
import { throwFaults } from '../errors/user-error.ts';
import { taskLimits } from './catalogue.ts';
import type { Prepared } from './prepared.ts';

/**
 * Refuses trainers and metrics that don't fit what the data holds. Where another commit's policy judges, its metrics
 * aren't this configuration's mistake, and where it has another target this one's metrics can't be checked.
 * @throws UserError CONFIG_INVALID
 */
export function requireFittingTask(
  { config, placeOf }: Pick<LoadedConfig, 'config' | 'placeOf'>,
  { facts, config: judging }: Pick<Prepared, 'facts' | 'config'>,
): void {
  throwFaults([
    ...trainerTaskFaults(config.candidates, taskLimits, facts, placeOf),
    ...(sameTarget(config, judging) ? metricTaskFaults(config, taskLimits, facts, placeOf) : []),
  ]);
}

function sameTarget(own: Config, judging: Config): boolean {
  return own.data.target === judging.data.target && own.task === judging.task;
}
