import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { metricTaskFaults, trainerTaskFaults, type TaskFound } from '../../../src/config/task-faults.ts';
import { formatPlace } from '../../../src/errors/user-error.ts';
import { catalogue, taskLimits } from '../../../src/factory/catalogue.ts';

const binary: TaskFound = { task: 'binary', taskReason: 'churned has 2 classes' };
const multiclass: TaskFound = { task: 'multiclass', taskReason: 'state has 3 classes' };
const regression: TaskFound = { task: 'regression', taskReason: 'task: regression' };

const least = 'version: 1\nmodel: churn\ndata: { source: a.csv, target: y }\n';

/** Place, message and fix of each fault of the rest of a configuration whose target turned out so. */
function told(rest: string, found: TaskFound): string[][] {
  const { config, placeOf } = loadConfig(least + rest, 'm.yml', catalogue);
  return [
    ...trainerTaskFaults(config.candidates, taskLimits, found, placeOf),
    ...metricTaskFaults(config, taskLimits, found, placeOf),
  ].map(({ at, message, fix }) => [formatPlace(at ?? {}), message, fix]);
}

describe('what does not fit the task', () => {
  it('names a trainer that learns something else, and those that fit', () => {
    const line = 'candidates:\n  line: { trainer: linear-regression }\n  trees: { trainer: random-forest }\n';
    const [[place, message, fix] = [], ...more] = told(line, binary);
    expect(place).toBe('m.yml:5:11, "candidates.line.trainer"');
    expect(message).toBe('linear-regression learns numbers, and the task is binary (churned has 2 classes)');
    expect(fix).toMatch(/^Take one of dummy, logistic-regression, .*calibrated; or set `task`/);
    expect(more).toEqual([]);
    expect(told(line, regression)).toEqual([]);
  });

  it('lets programs and pre-trained models be', () => {
    const program = 'candidates:\n  own: { trainer: command, run: python train.py }\n';
    expect(told(program, binary)).toEqual([]);
    expect(told(program, regression)).toEqual([]);
  });

  it('names metrics wherever they stand, with one that fits', () => {
    const rules = 'metrics: [accuracy, f1]\ngate: { metric: rmse, block: { floor: { precision: 0.5 } } }\n';
    expect(told(rules, multiclass)).toEqual([
      [
        'm.yml:4:21, "metrics.1"',
        '"f1" measures two classes, and the task is multiclass (state has 3 classes)',
        'Write f1_macro, for example.',
      ],
      [
        'm.yml:5:9, "gate.metric"',
        '"rmse" measures numbers, and the task is multiclass (state has 3 classes)',
        expect.stringMatching(/^Take one of log_loss, brier, /),
      ],
      [
        'm.yml:5:41, "gate.block.floor.precision"',
        '"precision" measures two classes, and the task is multiclass (state has 3 classes)',
        'Write precision_macro, for example.',
      ],
    ]);
  });
});
