import { describe, expect, it } from '@jest/globals';
import { formatUserError, UserError } from '../../../../src/errors/user-error.ts';
import { findTrainer, parseParams } from '../../../../src/training/trainers.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error);
    throw error;
  }
  return 'no error';
}

describe('trainers', () => {
  it('has the defaults of scikit-learn', () => {
    expect(parseParams(findTrainer('gradient-boosting'), {})).toEqual({
      loss: 'squared_error',
      quantile: 0.5,
      learning_rate: 0.1,
      max_iter: 100,
      max_leaf_nodes: 31,
      max_depth: null,
      min_samples_leaf: 20,
      l1_regularization: 0,
      l2_regularization: 0,
      min_gain_to_split: 0,
      max_features: 1,
      subsample: 1,
      max_bins: 255,
      monotonic_cst: {},
      class_weight: null,
      early_stopping: 'auto',
      validation_fraction: 0.1,
      n_iter_no_change: 10,
      tol: 1e-7,
    });
  });

  it('names the nearest trainer', () => {
    expect(messageOf(() => findTrainer('gradient_boosting'))).toBe(
      'TRAINER_PARAMETER: There is no trainer "gradient_boosting".\n  fix:   Did you mean "gradient-boosting"?',
    );
    expect(messageOf(() => findTrainer('xyz'))).toContain('Trainers: dummy, linear-regression');
  });

  it('names each bad parameter with its value and range', () => {
    const boosting = findTrainer('gradient-boosting');
    const bad = { learning_rate: -1, max_iter: 1.5, max_leaf_nodes: 1, early_stopping: 'yes', maxbins: 3 };
    expect(messageOf(() => parseParams(boosting, bad, { file: 'model-factory.yml', line: 4 })))
      .toMatchInlineSnapshot(`
      "TRAINER_PARAMETER: "learning_rate" is out of range: -1.
        where: model-factory.yml:4, "learning_rate"
        fix:   Use more than 0.

      TRAINER_PARAMETER: "max_iter" must be a whole number, not 1.5.
        where: model-factory.yml:4, "max_iter"
        fix:   Write a whole number here.

      TRAINER_PARAMETER: "max_leaf_nodes" is out of range: 1.
        where: model-factory.yml:4, "max_leaf_nodes"
        fix:   Use at least 2.

      TRAINER_PARAMETER: "early_stopping" can not be "yes".
        where: model-factory.yml:4, "early_stopping"
        fix:   Write "auto", or true or false.

      TRAINER_PARAMETER: Unknown key "maxbins" in "gradient-boosting".
        where: model-factory.yml:4, "maxbins"
        fix:   Did you mean "max_bins"?"
    `);
  });
});
