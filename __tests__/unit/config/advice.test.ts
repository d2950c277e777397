import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { meant } from '../../../src/config/synonyms.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';

/** Message and fix of the first fault. */
function advice(text: string): [message: string, fix: string] {
  try {
    loadConfig(text, 'm.yml', catalogue);
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.fix];
    throw error;
  }
  return ['no complaint', ''];
}

const least = 'version: 1\nmodel: churn\ndata: { source: a.csv, target: y }\n';

describe("a beginner's configuration", () => {
  it.each([
    [
      'a key that belongs into a block',
      `${least}target: y\n`,
      'unknown key "target" at the top level',
      'It belongs below `data`: write it there, two spaces further in.',
    ],
    [
      'a key that belongs two blocks down',
      `${least}gate: { floor: { roc_auc: 0.7 } }\n`,
      'unknown key "floor" in "gate"',
      'It belongs below `gate.block`: write it there, two spaces further in.',
    ],
    [
      'a parameter beside its trainer',
      `${least}candidates: { trees: { trainer: random-forest, n_estimators: 50 } }\n`,
      'unknown key "n_estimators" in "candidates.trees"',
      expect.stringMatching(
        /^A parameter of the trainer stands below params: { n_estimators: … }. Valid keys: /,
      ),
    ],
    [
      "another library's parameter",
      `${least}candidates: { trees: { trainer: gradient-boosting, params: { n_estimators: 50 } } }\n`,
      'unknown key "n_estimators" in "candidates.trees.params"',
      'Did you mean "max_iter"?',
    ],
    [
      'a list of candidates',
      `${least}candidates:\n  - trainer: dummy\n`,
      '"candidates" must be a block of keys, not a list',
      expect.stringMatching(/^Give each entry a name of its own instead of a dash/),
    ],
    [
      'a block whose keys are not indented',
      'version: 1\nmodel: churn\ndata:\nsource: a.csv\ntarget: y\n',
      '"data" must be a block of keys, not empty',
      'Write its keys below it, each two spaces further in.',
    ],
    [
      'a percentage where a share is meant',
      `${least}gate: { promote: { confidence: 95 } }\n`,
      '"gate.promote.confidence" is out of range: 95',
      'Use less than 1. Write 0.95 if you mean 95%.',
    ],
    [
      'a percentage in text',
      `${least}gate: { block: { floor: { accuracy: 90% } } }\n`,
      '"gate.block.floor.accuracy" must be a number, not "90%"',
      'Write 0.9.',
    ],
    [
      'a number between quotes',
      `${least}validation: { folds: '10' }\n`,
      '"validation.folds" must be a number, not "10"',
      'Write 10 without quotes.',
    ],
    [
      'a drop that can not be',
      `${least}gate: { metric: roc_auc, block: { max-drop: 2 } }\n`,
      '"roc_auc" is 1 at most, so it never changes by 2',
      "Write 2% for a share of the baseline's, or 0.02 in units of the metric.",
    ],
    [
      'a name with a blank',
      `${least}candidates: { Big Forest: { trainer: random-forest } }\n`,
      expect.stringMatching(/^the name "Big Forest" must be/),
      'Rename it, for example big-forest.',
    ],
    [
      'a name that nothing resembles',
      `${least}candidates: { b: { trainer: random-forest } }\n`,
      expect.stringMatching(/^the name "b" must be/),
      'Rename it.',
    ],
    [
      'a line that is indented too far',
      'version: 1\nmodel: churn\ndata:\n  source: a.csv\n   target: y\n',
      'the next line begins further in than this one, as if it were part of its value',
      'Begin the keys of one block in the same column.',
    ],
  ])('says what to write for %s', (_, text, message, fix) => {
    expect(advice(text)).toEqual([message, fix]);
  });

  it('lets a margin of a loss be as large as it likes', () => {
    expect(advice(`${least}gate: { metric: rmse, block: { max-drop: 2 } }\n`)).toEqual(['no complaint', '']);
  });
});

describe('what other libraries call it', () => {
  const trainers = [...catalogue.trainers.keys()];

  it.each([
    ['LogisticRegression', trainers, 'logistic-regression'],
    ['RandomForestClassifier', trainers, 'random-forest'],
    ['HistGradientBoostingRegressor', trainers, 'gradient-boosting'],
    ['KNeighborsClassifier', trainers, 'k-nearest-neighbours'],
    ['lightgbm', trainers, 'gradient-boosting'],
    ['neg_mean_absolute_error', catalogue.metrics, 'mae'],
    ['f1-score', catalogue.metrics, 'f1'],
    ['roc_auc_score', catalogue.metrics, 'roc_auc'],
    ['integer', ['numeric', 'categorical', 'boolean', 'date'], 'numeric'],
    ['datetime', ['numeric', 'categorical', 'boolean', 'date'], 'date'],
    ['n_estimators', ['C', 'max_iter'], 'max_iter'],
    ['n_estimators', ['n_estimator'], 'n_estimator'],
    ['prophet', trainers, undefined],
  ])('%s', (word, names, expected) => {
    expect(meant(word, names)).toBe(expected);
  });
});
