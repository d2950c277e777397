import { describe, expect, it } from '@jest/globals';
import type { Table } from '../../../src/data/table.ts';
import { slicesOf } from '../../../src/gate/slices.ts';

const table: Table = {
  rows: 5,
  columns: [
    { kind: 'numeric', name: 'age', values: Float64Array.from([25, 30, NaN, 41, 30]) },
    { kind: 'boolean', name: 'loan', values: Float64Array.from([1, 0, NaN, 1, 0]) },
    {
      kind: 'categorical',
      name: 'job',
      codes: Int32Array.from([0, 1, -1, 1, 0]),
      levels: ['admin.', 'student', 'x'],
    },
    { kind: 'numeric', name: 'a<b', values: Float64Array.from([1, 2, 3, 4, 5]) },
  ],
};

const named = (...specifications: string[]) =>
  slicesOf(table, specifications).map(({ name, rows }) => [name, [...rows]]);

describe('slices', () => {
  it.each([
    [
      'job',
      [
        ['job=admin.', [0, 4]],
        ['job=student', [1, 3]],
      ],
    ],
    [
      'loan',
      [
        ['loan=false', [1, 4]],
        ['loan=true', [0, 3]],
      ],
    ],
    ['age<30', [['age<30', [0]]]],
    ['age <= 30', [['age <= 30', [0, 1, 4]]]],
    ['age>30', [['age>30', [3]]]],
    ['age>=41', [['age>=41', [3]]]],
    ['age==30', [['age==30', [1, 4]]]],
    ['age!=30', [['age!=30', [0, 3]]]],
    ['job=student', [['job=student', [1, 3]]]],
    ['job!=student', [['job!=student', [0, 4]]]],
    ['job=nobody', [['job=nobody', []]]],
    ['loan=true', [['loan=true', [0, 3]]]],
  ])('%s: missing values are in none', (specification, expected) => {
    expect(named(specification)).toEqual(expected);
  });

  it.each([
    { specification: 'age', code: 'CONFIG_INVALID', message: /no natural slices/, fix: /age<30/ },
    {
      specification: 'a<b',
      code: 'CONFIG_INVALID',
      message: /"a<b" is a column of numbers/,
      fix: /condition/,
    },
    { specification: 'salary', code: 'DATA_COLUMN', message: /names no column/, fix: /Name a column/ },
    { specification: 'salary>3', code: 'DATA_COLUMN', message: /names no column/, fix: /Name a column/ },
    { specification: 'age<old', code: 'CONFIG_INVALID', message: /"old" is not a number/, fix: /age<30/ },
    { specification: 'job<student', code: 'CONFIG_INVALID', message: /only be compared with/, fix: /age<30/ },
  ])('refuses $specification and says what to write', ({ specification, code, message, fix }) => {
    expect(() => named(specification)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
      }),
    );
  });
});
