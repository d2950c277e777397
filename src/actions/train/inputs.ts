import { defaultConfigFile } from '../../contracts/plan.ts';
import type { Runner } from '../../platform/runner.ts';
import { integerInput, requiredInput } from '../inputs.ts';

export interface TrainInputs {
  readonly planArtifactId: number;
  readonly shard: number;
  readonly config: string;
  readonly workingDirectory: string;
  readonly workers: number | null;
}

export function readInputs(runner: Pick<Runner, 'input'>): TrainInputs {
  requiredInput(runner, 'plan-artifact-id');
  requiredInput(runner, 'shard');
  return {
    planArtifactId: integerInput(runner, 'plan-artifact-id', 1, Number.MAX_SAFE_INTEGER)!,
    shard: integerInput(runner, 'shard', 0, 255)!,
    config: runner.input('config') ?? defaultConfigFile,
    workingDirectory: runner.input('working-directory') ?? '.',
    workers: integerInput(runner, 'workers', 1, 256),
  };
}
