import type { Verdict } from '../contracts/verdict.ts';
import { unchangedInputs } from './sentence.ts';

/** What is known without training anything. */
export interface UnchangedCase extends Pick<Verdict, 'model' | 'question' | 'metric' | 'rows'> {
  readonly champion: NonNullable<Verdict['champion']>;
}

/** The verdict where nothing that a model depends on changed, so that nothing was trained: `keep / unchanged`. */
export function judgeUnchanged({ model, question, metric, rows, champion }: UnchangedCase): Verdict {
  return {
    schema: 'verdict/1',
    ...{ model, question, conclusion: 'keep', reason: 'unchanged' },
    ...unchangedInputs[question](champion),
    ...{ metric, winner: null, decisive: null, baselineMetrics: null, confusion: null },
    ...{ rules: [], standings: [], champion, looks: null, detectableGain: null, rows, policyEdits: [] },
    cost: { trainMs: 0, jobs: 1, taken: [] },
    run: null,
  };
}
