import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commentLimit, fit, sizeOf, summaryLimit, type Limit, type Part } from '../../../src/report/limit.ts';

const part = (title: string, priority: number, markdown: string, brief: string | null = null): Part => ({
  ...{ title, priority, markdown, brief },
});
const where = 'the job summary';
const units = ['characters', 'bytes'] as const;

describe('fit', () => {
  it.each(units)('keeps everything up to the very limit in %s', (unit) => {
    const parts = [part('verdict', 0, 'Äé'), part('details', 1, '🤖'.repeat(50))];
    const whole = `Äé\n\n${'🤖'.repeat(50)}`;
    const size = unit === 'characters' ? 2 + 2 + 100 : 4 + 2 + 200;
    expect(sizeOf(whole, unit)).toBe(size);
    expect(fit(parts, { size: size + 1, unit }, where)).toBe(whole);
    expect(fit(parts, { size, unit }, where)).toBe(whole);
    const less = fit(parts, { size: size - 1, unit }, where);
    expect(less).toBe('Äé\n\n> [!NOTE]\n> Left out to fit: details. The whole report is in the job summary.');
  });

  it('drops by priority, the last of equals first, and keeps the order of the rest', () => {
    const parts = [
      part('verdict', 0, 'v'),
      part('folds', 3, 'f'.repeat(100)),
      part('rules', 1, 'r'.repeat(100)),
      part('parameters', 3, 'p'.repeat(100)),
      part('data', 2, 'd'.repeat(100)),
    ];
    const at = (size: number) => fit(parts, { size, unit: 'characters' }, where);
    expect(at(400)).toContain('Left out to fit: parameters.');
    expect(at(320)).toContain('Left out to fit: folds, parameters.');
    expect(at(320)).toMatch(/^v\n\nr{100}\n\nd{100}\n\n>/);
    expect(at(200)).toContain('Left out to fit: folds, parameters, data.');
  });

  it('leaves the appendices of all parts out before any part', () => {
    const parts = [
      part('verdict', 0, 'v'),
      part('churn', 1, 'c'.repeat(200), 'c'.repeat(50)),
      part('fraud', 2, 'f'.repeat(200), 'f'.repeat(50)),
    ];
    const at = (size: number) => fit(parts, { size, unit: 'characters' }, where);
    expect(at(380)).toContain(
      '\n\nf{50}\n\n> [!NOTE]\n> Left out to fit: appendices of fraud.'.replace('f{50}', 'f'.repeat(50)),
    );
    expect(at(380)).toContain('c'.repeat(200));
    expect(at(220)).toContain('Left out to fit: appendices of churn, appendices of fraud.');
    expect(at(180)).toContain('Left out to fit: appendices of churn, fraud.');
    expect(at(120)).toContain('Left out to fit: churn, fraud.');
  });

  it('cuts a first part that is too long by itself between lines, or between characters', () => {
    const rows = part('verdict', 0, ['| a |', '| :-- |', '| 🤖🤖 |', '| end |'].join('\n'));
    expect(fit([rows], { size: 24, unit: 'bytes' }, where)).toBe('| a |\n| :-- |');
    expect(fit([part('verdict', 0, '🤖🤖')], { size: 3, unit: 'characters' }, where)).toBe('🤖');
    expect(fit([part('verdict', 0, '🤖🤖')], { size: 7, unit: 'bytes' }, where)).toBe('🤖');
  });

  it('never exceeds the limit, splits a character or depends on anything but its arguments', () => {
    const parts = fc.array(
      fc.record({
        title: fc.constantFrom('rules', 'data', 'folds'),
        priority: fc.integer({ min: 0, max: 3 }),
        markdown: fc.string({ unit: 'grapheme', maxLength: 200 }),
        brief: fc.option(fc.string({ unit: 'grapheme', maxLength: 220 }), { nil: null }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 900 }), fc.constantFrom(...units), (list, size, unit) => {
        const text = fit(list, { size, unit }, where);
        expect(sizeOf(text, unit)).toBeLessThanOrEqual(size);
        expect(text.isWellFormed()).toBe(true);
        expect(fit(list, { size, unit }, where)).toBe(text);
      }),
    );
  });

  it.each<[string, Limit, number]>([
    ['comment', commentLimit, 65_536],
    ['job summary', summaryLimit, 1_048_576],
  ])('leaves room below what GitHub accepts for a %s', (_, limit, accepted) => {
    const parts = [part('verdict', 0, 'v'), part('folds', 1, '漢'.repeat(400_000))];
    expect(sizeOf(fit(parts, limit, where), limit.unit)).toBeLessThanOrEqual(limit.size);
    expect(limit.size).toBeLessThan(accepted);
  });
});
