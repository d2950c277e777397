import { describe, expect, it } from '@jest/globals';
import { dummy } from '../../../../src/training/trainers/dummy.ts';
import { fit, numericSet, readFixture, trainingSet } from '../fixture.ts';

describe('dummy', () => {
  it('answers with the class frequencies', () => {
    const { predictor } = fit(dummy, trainingSet(readFixture('titanic')));
    expect(predictor).toEqual({ kind: 'constant', outputs: Float64Array.of(549 / 891, 342 / 891) });
  });

  it('answers with the mean for regression', () => {
    const { predictor } = fit(dummy, numericSet('regression', [[0], [1], [2]], [1, 2, 6]));
    expect(predictor).toEqual({ kind: 'constant', outputs: Float64Array.of(3) });
  });

  it('is content with one class, and says which are missing', () => {
    const { predictor, warnings } = fit(dummy, numericSet('binary', [[0], [1]], [1, 1]));
    expect(predictor).toEqual({ kind: 'constant', outputs: Float64Array.of(0, 1) });
    expect(warnings).toEqual(['1 of 2 classes have no training rows and are never predicted.']);
  });

  it('takes no parameters', () => {
    expect(dummy.params.safeParse({ strategy: 'prior' }).success).toBe(false);
  });
});
