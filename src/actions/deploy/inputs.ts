import type { DeployInputs } from '../../factory/deploy/request.ts';
import type { Runner } from '../../platform/runner.ts';
import { commonInputs, type CommonInputs } from '../inputs.ts';

export function readInputs(runner: Pick<Runner, 'input'>): CommonInputs & DeployInputs {
  return { ...commonInputs(runner), tag: runner.input('tag'), stage: runner.input('stage') };
}
