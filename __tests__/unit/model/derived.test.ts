import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DatePart, FeatureRecipe } from '../../../src/contracts/feature.ts';
import { formatDate, parseDate } from '../../../src/data/dates.ts';
import type { Column, Table } from '../../../src/data/table.ts';
import type { DerivedColumn } from '../../../src/model/derived/derived-column.ts';
import { withDerived } from '../../../src/model/derived/derive.ts';
import { fitDerived } from '../../../src/model/derived/fit-derived.ts';
import { pipelineFault } from '../../../src/model/validity.ts';
import { featurePipeline, inputs, readerOf } from './derived-cases.ts';
import { firstRows } from './random-pipelines.ts';

const cell = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(NaN, 0, -0, 0.1, 0.7, 1e38, -1e-45),
  fc.integer({ min: -5, max: 5 }),
);
const single = Math.fround;
const orMissing = (value: number): number => (Number.isFinite(value) ? value : NaN);

/** The derived column for rows of one or two columns of numbers. */
function derivedOf(column: DerivedColumn, kind: 'numeric' | 'date', ...values: number[][]): Column {
  const columns = values.map((own, i) => ({ kind, name: 'ab'[i]!, values: Float64Array.from(own) }));
  const types = columns.map(({ name }) => ({ name, type: kind === 'date' ? kind : 'number' }) as const);
  return withDerived({ rows: values[0]!.length, columns }, types, [column]).columns.at(-1)!;
}

function numbersOf(column: Column): number[] {
  if (column.kind === 'categorical') throw new Error('a category');
  return [...column.values];
}

function textsOf(column: Column): (string | null)[] {
  if (column.kind !== 'categorical') throw new Error('a number');
  return Array.from(column.codes, (code) => column.levels[code] ?? null);
}

describe('computed columns', () => {
  it('ratio and difference are those of float32 numbers, missing where they are not finite', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (pairs) => {
        const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const ratio = derivedOf({ kind: 'ratio', name: 'r1', sources: ['a', 'b'] }, 'numeric', a, b);
        const difference = derivedOf(
          { kind: 'difference', name: 'd1', sources: ['a', 'b'] },
          'numeric',
          a,
          b,
        );
        expect(numbersOf(ratio).map((x) => x + 0)).toEqual(
          pairs.map(([x, y]) => orMissing(single(single(x) / single(y))) + 0),
        );
        expect(numbersOf(difference)).toEqual(
          pairs.map(([x, y]) => orMissing(single(single(x) - single(y))) + 0),
        );
      }),
    );
  });

  it('log is sign(x) ln(1 + |x|) to float32', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (values) => {
        const logs = numbersOf(derivedOf({ kind: 'log', name: 'l1', sources: ['a'] }, 'numeric', values));
        const errors = logs.map((own, i) => {
          const x = single(values[i]!);
          const expected = Math.sign(x) * Math.log(1 + Math.abs(x));
          if (!Number.isFinite(x)) return Number.isNaN(own) ? 0 : Infinity;
          return expected === 0 ? own : Math.abs(own - expected) / Math.abs(expected);
        });
        expect(Math.max(...errors)).toBeLessThanOrEqual(1e-7);
      }),
    );
  });

  it('a bin holds what is at least its edge and below the next, in float32', () => {
    const edges = [-1, 0, single(0.1), single(0.7)];
    const names = ['below -1', '-1 to below 0', '0 to below 0.1', '0.1 to below 0.7', 'from 0.7'];
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (values) => {
        const bins: DerivedColumn = { kind: 'bins', name: 'b1', sources: ['a'], edges, as: 'category' };
        expect(textsOf(derivedOf(bins, 'numeric', values))).toEqual(
          values.map((value) => {
            const x = single(value);
            return Number.isFinite(x) ? names[edges.filter((edge) => edge <= x).length] : null;
          }),
        );
      }),
    );
  });

  const part = (of: DatePart): DerivedColumn => ({
    ...{ kind: 'date-part', name: 'p1', sources: ['a'] },
    ...{ part: of, as: 'number' },
  });

  it('parts of a date are those that its text names, to the second', () => {
    const seconds = fc.integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1 }), (times) => {
        const days = times.map((time) => time / 86_400);
        const dates = days.map((day) => new Date(Math.round(day * 86_400) * 1000));
        const parts = (of: DatePart): number[] => numbersOf(derivedOf(part(of), 'date', days));
        expect(parts('year')).toEqual(dates.map((date) => date.getUTCFullYear()));
        expect(parts('month')).toEqual(dates.map((date) => date.getUTCMonth() + 1));
        expect(parts('day')).toEqual(dates.map((date) => date.getUTCDate()));
        expect(parts('weekday')).toEqual(dates.map((date) => date.getUTCDay() || 7));
        expect(parts('hour')).toEqual(dates.map((date) => date.getUTCHours()));
      }),
    );
  });

  it('a time just below a full second, as a file writes it, belongs to that second', () => {
    const texts = [
      '2019-03-23 10:00:00',
      '2019-03-23 09:59:59.9999',
      '2019-03-23 09:59:59.9',
      '2019-12-31 23:59:59',
    ];
    const days = [...texts.map((text) => parseDate(text)), NaN];
    expect(numbersOf(derivedOf(part('hour'), 'date', days))).toEqual([10, 10, 9, 23, NaN]);
    expect(formatDate(days[3]!)).toBe(texts[3]);
    const named = derivedOf({ ...part('month'), as: 'category' } as DerivedColumn, 'date', days);
    expect(textsOf(named)).toEqual(['March', 'March', 'March', 'December', null]);
  });
});

const noTarget = { target: { y: new Float64Array(0), classes: 0 }, seed: 1 };

describe('bins of equal frequency', () => {
  const fitted = (values: number[], edges: number): readonly number[] => {
    const table: Table = {
      rows: values.length,
      columns: [{ kind: 'numeric', name: 'a', values: Float64Array.from(values) }],
    };
    const recipe: FeatureRecipe = { name: 'b1', kind: 'bins', sources: ['a'], edges, as: 'category' };
    const { derived } = fitDerived(
      ...([table, firstRows(values.length), [{ name: 'a', type: 'number' }], [recipe], noTarget] as const),
    );
    const [bins] = derived;
    return bins?.kind === 'bins' ? bins.edges : [];
  };

  it('begin at the quantiles of the training rows', () => {
    expect(fitted([5, 1, NaN, 2, 3, 4, 6, 7, 8], 4)).toEqual([3, 5, 7]);
  });

  it('are fewer where values repeat, and two at least', () => {
    expect(fitted([1, 1, 1, 1, 1, 9], 4)).toEqual([1]);
    expect(fitted([2, 2, 2, 2, 2, 2, 2, 7, 8, 9], 5)).toEqual([8]);
    expect(fitted([NaN, NaN], 3)).toEqual([0]);
  });
});

describe('a pipeline with derived columns', () => {
  const whole = featurePipeline(1);
  const pipeline = readerOf(whole, 0);
  const broken: [string, DerivedColumn][] = [
    ['has the name of another', { kind: 'log', name: 'debt', sources: ['income'] }],
    ['reads an unknown one', { kind: 'log', name: 'l1', sources: ['later'] }],
    ['reads another type', { kind: 'log', name: 'l1', sources: ['opened'] }],
    ['reads another type', { kind: 'difference', name: 'l1', sources: ['opened', 'debt'] }],
    ['edges do not ascend', { kind: 'bins', name: 'l1', sources: ['debt'], edges: [1, 1], as: 'number' }],
    ['edges do not ascend', { kind: 'bins', name: 'l1', sources: ['debt'], edges: [0.1], as: 'number' }],
    [
      'another number of levels than means',
      { kind: 'target-mean', name: 'l1', sources: ['Größe'], levels: ['a'], means: [], other: 0 },
    ],
  ];

  it.each(broken)('breaks a rule: %s', (fault, column) => {
    expect(pipelineFault({ ...pipeline, inputs })).toBeNull();
    expect(pipelineFault({ ...pipeline, derived: [...whole.derived!, column] })).toContain(fault);
  });
});
