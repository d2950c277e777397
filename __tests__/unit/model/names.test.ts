import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnName, inputName, outputNames } from '../../../src/model/onnx/names.ts';

describe('inputName', () => {
  it('keeps the column’s own name unless it would clash', () => {
    expect(['age', 'labels', 'Label', 'Größe', 'a_'].map(inputName)).toEqual([
      'age',
      'labels',
      'Label',
      'Größe',
      'a_',
    ]);
    expect(['label', 'label_', 'variable', 'model/x'].map(inputName)).toEqual([
      'label_',
      'label__',
      'variable_',
      'model/x_',
    ]);
  });

  it('gives each column another name that no output and no inner value has, and back', () => {
    const column = fc.oneof(
      fc.string({ minLength: 1 }),
      fc
        .tuple(
          fc.constantFrom('label', 'probabilities', 'variable', 'model/', 'model/scores'),
          fc.stringMatching(/^_{0,3}$/),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(column, column, (a, b) => {
        expect(columnName(inputName(a))).toBe(a);
        expect(inputName(a) === inputName(b)).toBe(a === b);
        expect(Object.values<string>(outputNames)).not.toContain(inputName(a));
        expect(inputName(a)).not.toMatch(/^model\/.*[^_]$/);
      }),
      { numRuns: 1000 },
    );
  });
});
