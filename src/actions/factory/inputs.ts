import type { Runner } from '../../platform/runner.ts';
import type { CommentMode } from '../../report/comment.ts';
import { choiceInput, commonInputs, integerInput, type CommonInputs } from '../inputs.ts';

export interface FactoryInputs extends CommonInputs {
  readonly comment: CommentMode;
  readonly workers: number | null;
  readonly cache: 'true' | 'false';
}

export function readInputs(runner: Pick<Runner, 'input'>): FactoryInputs {
  return {
    ...commonInputs(runner),
    comment: choiceInput(runner, 'comment', ['always', 'on-change', 'on-fail', 'never']),
    workers: integerInput(runner, 'workers', 1, 256),
    cache: choiceInput(runner, 'cache', ['true', 'false']),
  };
}
