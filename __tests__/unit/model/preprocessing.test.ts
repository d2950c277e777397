import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Table } from '../../../src/data/table.ts';
import { medianInPlace } from '../../../src/model/median.ts';
import { encode, fitSteps, inputsOf } from '../../../src/model/preprocessing.ts';

const numeric = (name: string, values: number[]) =>
  ({ kind: 'numeric', name, values: Float64Array.from(values) }) as const;
const categorical = (name: string, texts: (string | null)[]) => {
  const levels = [...new Set(texts.filter((text) => text !== null))].sort();
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : levels.indexOf(text)));
  return { kind: 'categorical', name, codes, levels } as const;
};
const tableOf = (...columns: Table['columns']): Table => {
  const [first] = columns;
  return { rows: first?.kind === 'categorical' ? first.codes.length : (first?.values.length ?? 0), columns };
};
const all = ({ rows }: Table) => Int32Array.from({ length: rows }, (_, row) => row);
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe('fitSteps', () => {
  it('imputes the median and standardises with the population deviation after imputation', () => {
    // sklearn: SimpleImputer(strategy='median') then StandardScaler on [1, 2, 6, 9, nan]: mean 4.4, variance 8.24
    const table = tableOf(numeric('a', [1, 2, 6, 9, NaN]));
    const [step] = fitSteps(table, all(table), inputsOf(table, ['a']), 'standard');
    expect(step).toEqual({
      kind: 'number',
      input: 'a',
      impute: 4,
      offset: Math.fround(4.4),
      scale: Math.fround(1 / Math.sqrt(8.24)),
    });
  });

  it('gives a constant column the scale 1 and a column without values neutral constants', () => {
    const table = tableOf(numeric('same', [0.1, 0.1, NaN, 0.1]), numeric('none', [NaN, NaN, NaN, NaN]));
    const steps = fitSteps(table, all(table), inputsOf(table, ['same', 'none']), 'standard');
    expect(steps).toEqual([
      { kind: 'number', input: 'same', impute: Math.fround(0.1), offset: Math.fround(0.1), scale: 1 },
      { kind: 'number', input: 'none', impute: 0, offset: 0, scale: 1 },
    ]);
    expect([...encode(table, all(table), steps).x]).toEqual(times(8, 0));
  });

  it('looks at the given rows alone', () => {
    const table = tableOf(numeric('a', [1, 3, 1e6]), categorical('c', ['x', 'x', 'y']));
    const [step] = fitSteps(table, Int32Array.of(0, 1), inputsOf(table, ['a']), 'standard');
    expect(step).toMatchObject({ impute: 2, offset: 2, scale: 1 });
  });

  it('keeps levels with ten rows, missing among them, and pools the rest', () => {
    const texts = [...times(10, 'b'), ...times(9, 'rare'), ...times(11, 'é'), ...times(10, null)];
    const table = tableOf(categorical('c', texts));
    const [step] = fitSteps(table, all(table), inputsOf(table, ['c']), 'native');
    expect(step).toEqual({ kind: 'category', input: 'c', levels: ['', 'b', 'é'], encoding: 'code' });
  });

  it('puts numbers first, passes missing numbers through for `native` and makes nothing for `none`', () => {
    const table = tableOf(categorical('c', times(10, 'x')), numeric('n', times(10, NaN)));
    const inputs = inputsOf(table, ['c', 'n']);
    const steps = fitSteps(table, all(table), inputs, 'native');
    expect(steps.map(({ input }) => input)).toEqual(['n', 'c']);
    expect([...encode(table, Int32Array.of(0), steps).x]).toEqual([NaN, 0]);
    expect(fitSteps(table, all(table), inputs, 'none')).toEqual([]);
    expect(encode(table, all(table), []).x).toHaveLength(0);
  });

  it('refuses data in which nothing can be learnt from', () => {
    const table = tableOf(categorical('c', ['x', 'y']));
    expect(() => fitSteps(table, all(table), inputsOf(table, ['c']), 'standard')).toThrow(
      expect.objectContaining({ code: 'DATA_COLUMN' }),
    );
  });
});

describe('encode', () => {
  const training = tableOf(categorical('c', [...times(10, 'b'), ...times(10, 'd')]));
  const steps = fitSteps(training, all(training), inputsOf(training, ['c']), 'standard');

  it('matches levels by text when the table has another dictionary', () => {
    const later = tableOf(categorical('c', ['d', 'c', 'b', 'a', null]));
    const { x, features } = encode(later, all(later), steps);
    expect(features.map(({ name }) => name)).toEqual(['c=b', 'c=d', 'c=(rare)']);
    expect([...x]).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
  });

  it('reads a column that is empty throughout as missing, whatever its kind', () => {
    const numbers = tableOf(numeric('c', [NaN]));
    expect([...encode(numbers, all(numbers), steps).x]).toEqual([0, 0, 1]);
    const texts = tableOf(categorical('n', [null]));
    const number = { kind: 'number', input: 'n', impute: 7, offset: 5, scale: 2 } as const;
    expect([...encode(texts, all(texts), [number]).x]).toEqual([4]);
  });

  it.each([
    ['a missing column', tableOf(numeric('other', [1]))],
    ['numbers for a category', tableOf(numeric('c', [1]))],
  ])('names the column for %s', (_, table) => {
    expect(() => encode(table, all(table), steps)).toThrow(
      expect.objectContaining({ code: 'DATA_COLUMN', at: { name: 'c' } }),
    );
  });

  it('names the column for text where numbers are expected', () => {
    const table = tableOf(categorical('n', ['ten']));
    const number = { kind: 'number', input: 'n', impute: null, offset: 0, scale: 1 } as const;
    expect(() => encode(table, all(table), [number])).toThrow('text such as "ten"');
  });

  it('gives any selection of rows the cells that the whole table has', () => {
    const table = tableOf(
      numeric(
        'n',
        Array.from({ length: 700 }, (_, i) => (i % 7 === 0 ? NaN : i / 3)),
      ),
      categorical(
        'c',
        Array.from({ length: 700 }, (_, i) => ['b', 'd', null, 'z'][i % 4]!),
      ),
    );
    const both = fitSteps(table, all(table), inputsOf(table, ['c', 'n']), 'standard');
    const whole = encode(table, all(table), both);
    const width = whole.features.length;
    fc.assert(
      fc.property(fc.array(fc.nat(699), { maxLength: 600 }), (rows) => {
        const { x } = encode(table, Int32Array.from(rows), both);
        expect(x).toEqual(
          Float32Array.from(rows.flatMap((row) => [...whole.x.subarray(row * width, (row + 1) * width)])),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('medianInPlace', () => {
  it('equals the middle of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1 }), (values) => {
        const sorted = Float32Array.from(values).sort();
        const middle = sorted.length >> 1;
        const expected = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
        expect(medianInPlace(Float32Array.from(values)) + 0).toBe(expected + 0);
      }),
    );
    expect(medianInPlace(new Float32Array())).toBeNaN();
  });
});
